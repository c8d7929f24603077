using System.Diagnostics;
using System.Reflection;

namespace HedvigStorage.Conformance.Parts;

/// <summary>Runs programs as their users do, the product's own and others.</summary>
internal static class Programs
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public static string Directory { get; } = Metadata("ProgramsDirectory");

    /// <summary>Gets the folder of the programs that a build leaves, which need .NET.</summary>
    public static string PortableDirectory => Metadata("PortableProgramsDirectory");

    public static string RepositoryRoot { get; } = Metadata("RepositoryRoot");

    public static bool IsRoot { get; } = string.Equals(Environment.UserName, "root", StringComparison.Ordinal);

    public static string Path(string program) => System.IO.Path.Combine(Directory, program);

    public static bool Exists(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Append("/usr/sbin").Append("/sbin")
            .Any(folder => File.Exists(System.IO.Path.Combine(folder, program)));

    /// <summary>Runs hv in a folder.</summary>
    public static Task<Ended> HvAsync(string folder, params string[] arguments) =>
        RunAsync(Path("hv"), folder, environment: null, arguments);

    public static async Task<Ended> RunAsync(
        string program, string folder, IReadOnlyDictionary<string, string>? environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var name in new[] { "HV_CLUSTER", "HV_CREDENTIAL_FILE", "HV_USER", "HV_PASSWORD" })
        {
            _ = start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return new Ended(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{program} {string.Join(' ', arguments)}' did not end within {Limit}.", e);
        }
    }

    private static string Metadata(string key) =>
        typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => string.Equals(attribute.Key, key, StringComparison.Ordinal)).Value!;
}

/// <summary>How a program ended.</summary>
internal sealed record Ended(int Status, string Output, string Errors)
{
    /// <summary>Asserts the status, and shows all that was said when it is another.</summary>
    public Ended Expect(int status)
    {
        Assert.True(Status == status, $"ended with {Status} instead of {status}\n--- output\n{Output}\n--- errors\n{Errors}");
        return this;
    }
}
