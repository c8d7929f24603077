using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace HedvigStorage.PluginHost.Tests;

/// <summary>A process that has a directory mounted in a mount namespace of its own, as a container has its volume.</summary>
internal sealed class ForeignNamespace : IAsyncDisposable
{
    private readonly Process _process;

    private ForeignNamespace(Process process) => _process = process;

    public int ProcessId => _process.Id;

    /// <summary>Starts it.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="target">Where it is bound to, a directory.</param>
    public static async Task<ForeignNamespace> StartAsync(string directory, string target)
    {
        _ = Directory.CreateDirectory(target);
        var process = Process.Start(new ProcessStartInfo("unshare", ["--mount", "sh", "-c", "mount --bind \"$1\" \"$2\" && umount \"$1\" && echo there && exec sleep infinity", "sh", directory, target]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        Assert.Equal("there", await process.StandardOutput.ReadLineAsync());
        return new ForeignNamespace(process);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
