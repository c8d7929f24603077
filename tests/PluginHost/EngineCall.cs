using System.Diagnostics;
using System.Threading.Tasks;

namespace HedvigStorage.PluginHost.Tests;

/// <summary>Calls a plugin host from a process of its own, which ends with its call: an engine that was killed after it.</summary>
internal static class EngineCall
{
    private const string Script = """
        import http.client, socket, sys
        connection = http.client.HTTPConnection("plugin")
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(sys.argv[1])
        connection.request("POST", "/" + sys.argv[2], sys.argv[3])
        print(connection.getresponse().read().decode())
        """;

    public static async Task<string> RunAsync(string socket, string call, string body)
    {
        using var process = Process.Start(new ProcessStartInfo("python3", ["-c", Script, socket, call, body]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var answer = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return answer;
    }
}
