using System.Net;
using System.Net.Http;

namespace HedvigStorage.Client.Docker;

/// <summary>Sends as much as is taken: an engine that refuses an upload says so before it has read all of it, and hangs up.</summary>
internal sealed class PartialUpload(byte[] content) : ByteArrayContent(content)
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        try
        {
            await base.SerializeToStreamAsync(stream, context).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The answer, or that there is none, says more.
        }
    }
}
