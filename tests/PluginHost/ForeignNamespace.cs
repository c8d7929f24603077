using System.Diagnostics;

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

        // The namespace begins with a copy of every mount: volumes of others would stay in use with it.
        const string Script = """
            mount --bind "$1" "$2" || exit 1
            for mounted in $(awk '$3 ~ /^7:/ { print $5 }' /proc/self/mountinfo); do
                [ "$mounted" = "$2" ] || umount --lazy "$mounted" 2>/dev/null
            done
            echo there
            exec sleep infinity
            """;
        var process = Process.Start(
            new ProcessStartInfo(
                "unshare",
                ["--mount", "sh", "-c", Script, "sh", directory, target]) { RedirectStandardOutput = true, UseShellExecute = false })!;
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
