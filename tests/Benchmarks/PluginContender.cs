using System.Diagnostics;
using System.Net.Sockets;

namespace HedvigStorage.Benchmarks;

/// <summary>A plugin host that is compared.</summary>
internal sealed class PluginContender(string name, string socket, IReadOnlyDictionary<string, string> options, Func<string, Process> start)
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

    public async Task StopAsync()
    {
        if (_process is not null)
        {
            await Processes.EndAsync(_process);
            _process.Dispose();
            _process = null;
        }
    }
}
