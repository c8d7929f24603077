using System.Diagnostics;

namespace HedvigStorage.PluginHost.Tests;

/// <summary>A process of its own that has called a plugin host: another engine, which ends when it is disposed of.</summary>
internal sealed class EngineCall : IAsyncDisposable
{
    private const string Script = """
        import http.client, socket, sys
        connection = http.client.HTTPConnection("plugin")
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(sys.argv[1])
        connection.request("POST", "/" + sys.argv[2], sys.argv[3])
        print(connection.getresponse().read().decode(), flush=True)
        sys.stdin.read()
        """;

    private readonly Process _process;

    private EngineCall(Process process, string answer)
    {
        _process = process;
        Answer = answer;
    }

    public string Answer { get; }

    public static async Task<EngineCall> StartAsync(string socket, string call, string body)
    {
        var process = Process.Start(
            new ProcessStartInfo("python3", ["-c", Script, socket, call, body])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            })!;
        return new EngineCall(process, await process.StandardOutput.ReadLineAsync() ?? string.Empty);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
