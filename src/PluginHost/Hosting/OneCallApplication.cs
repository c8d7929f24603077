using System;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace HedvigStorage.PluginHost.Hosting;

/// <summary>
/// Ends each connection with its answer. On one that is kept a call could come at the moment at which this process ends; dockerd then repeats the call without
/// its body. A connection of its own waits in the socket instead.
/// </summary>
internal sealed class OneCallApplication(IHttpApplication<IFeatureCollection> inner) : IHttpApplication<IFeatureCollection>
{
    /// <inheritdoc/>
    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => inner.CreateContext(contextFeatures);

    /// <inheritdoc/>
    public Task ProcessRequestAsync(IFeatureCollection context)
    {
        context.GetRequiredFeature<IHttpResponseFeature>().Headers.Connection = "close";
        return inner.ProcessRequestAsync(context);
    }

    /// <inheritdoc/>
    public void DisposeContext(IFeatureCollection context, Exception? exception) => inner.DisposeContext(context, exception);
}
