namespace HedvigStorage.Module.Tests;

/// <summary>What the suites need that no package brings: root, and a Docker Engine that they can start.</summary>
internal static class SuiteMachine
{
    private static readonly string[] Programs = ["dockerd", "docker", "busybox"];

    /// <summary>Says what is missing here, or <see langword="null"/>: no row has a reason to be skipped then.</summary>
    public static string? Missing
    {
        get
        {
            if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            {
                return "root on Linux";
            }

            var missing = Programs.Where(program => !IsOnPath(program)).ToArray();
            return missing.Length == 0 ? null : string.Join(", ", missing);
        }
    }

    private static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)));
}
