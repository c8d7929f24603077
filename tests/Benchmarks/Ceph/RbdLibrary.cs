using System.Diagnostics;
using System.Text.Json;

namespace HedvigStorage.Benchmarks.Ceph;

/// <summary>librbd with nothing around it but its own Python binding, which measures its calls itself.</summary>
internal sealed class RbdLibrary(string configuration, string pool, string work) : IAsyncDisposable
{
    private readonly Process _python = Processes.Start(Describe(configuration, pool), work);

    /// <summary>Makes a call and tells how many seconds it took.</summary>
    public async Task<double> CallAsync(params string[] call)
    {
        await _python.StandardInput.WriteLineAsync(JsonSerializer.Serialize(call));
        await _python.StandardInput.FlushAsync();
        return double.Parse(
            await _python.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"librbd failed at {string.Join(' ', call)}."),
            CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        _python.StandardInput.Close();
        await _python.WaitForExitAsync();
        _python.Dispose();
    }

    private static ProcessStartInfo Describe(string configuration, string pool) => new(
        "/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Ceph", "librbd.py"), configuration, pool])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };
}
