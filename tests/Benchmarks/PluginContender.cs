using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace HedvigStorage.Benchmarks;

/// <summary>A plugin host that is compared.</summary>
internal sealed class PluginContender(string name, string socket, string mounts, IReadOnlyDictionary<string, string> options, Func<string, Process> start)
{
    private Process? _process;

    public string Name => name;

    public string Socket => socket;

    public IReadOnlyDictionary<string, string> Options => options;

    public int ProcessId => _process!.Id;

    /// <summary>Starts it, and tells how long it took until it answered.</summary>
    public async Task<TimeSpan> StartAsync()
    {
        File.Delete(socket);
        var watch = Stopwatch.StartNew();
        _process = start(socket);
        while (true)
        {
            try
            {
                using var client = new PluginClient(socket);
                _ = await client.AskAsync("Plugin.Activate", new { });
                return watch.Elapsed;
            }
            catch (Exception e) when (e is System.Net.Http.HttpRequestException or SocketException)
            {
                await Task.Delay(1);
            }
        }
    }

    public Task StopAsync() => EndAsync(Processes.EndAsync);

    /// <summary>Ends one that hangs, and its mounts.</summary>
    public Task KillAsync() => EndAsync(async process =>
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        foreach (var mount in File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')[4]).Where(path => path.StartsWith(mounts + "/", StringComparison.Ordinal)).Reverse())
        {
            using var unmount = Process.Start("umount", ["-l", mount]);
            await unmount.WaitForExitAsync();
        }
    });

    private async Task EndAsync(Func<Process, Task> end)
    {
        if (_process is not null)
        {
            await end(_process);
            _process.Dispose();
            _process = null;
        }
    }
}
