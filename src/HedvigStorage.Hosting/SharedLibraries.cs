#if NET8_0_OR_GREATER
using System.ComponentModel;
using System.Diagnostics;

namespace HedvigStorage.Hosting;

/// <summary>Finds the shared libraries of programs, by asking the dynamic loader of this machine. Source: ldd(1).</summary>
internal static class SharedLibraries
{
    /// <summary>
    /// Lists the libraries that files need, each once; the loader itself is among them. What is not a dynamic program needs none.
    /// </summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Unsupported"/>: one is missing, or the loader cannot be
    /// asked.</exception>
    public static IReadOnlyList<string> Of(IEnumerable<string> files)
    {
        var lines = Ask(files);
        return Array.Find(lines, line => line.Contains("not found", StringComparison.Ordinal)) is { } missing
            ? throw new ClusterException(ErrorCode.Unsupported, $"A shared library is missing on this machine: {missing.Trim()}.")
            // "libc.so.6 => /lib/…/libc.so.6 (0x…)", "/lib64/ld-linux-x86-64.so.2 (0x…)"; a line "FILE:" is the headline of one of several
            // files.
            : lines.SelectMany(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
                .Where(word => word.StartsWith('/') && !word.EndsWith(':')).Distinct(StringComparer.Ordinal).ToArray();
    }

    private static string[] Ask(IEnumerable<string> files)
    {
        var start = new ProcessStartInfo("ldd", files)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            using var process = Process.Start(start)!;
            // What is said there is that a file is not a dynamic program. It is read so that the pipe does not fill up.
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return output.Split('\n');
        }
        catch (Win32Exception exception)
        {
            throw new ClusterException(
                ErrorCode.Unsupported,
                $"The program ldd, which tells the shared libraries of programs, cannot be run: {exception.Message}. "
                    + "On Debian it comes with libc-bin.",
                exception);
        }
    }
}
#endif
