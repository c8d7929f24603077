using System.Reflection;
using HedvigStorage.Benchmarks.Ceph;

namespace HedvigStorage.Benchmarks;

/// <summary>
/// Measures what operators wait for, side by side with what they could use instead, in one run, and prints the tables of
/// docs/performance.md. Needs root, rclone, dockerd and python3-cinder; <c>requests</c>, <c>plugins</c>, <c>documents</c> or
/// <c>pipeline</c> as an argument measures those alone, and <c>ceph</c>, which needs Ceph and python3-rbd, is measured only if asked for. The product is measured as it is shipped: published, as native code.
/// </summary>
internal static class Program
{
    // The cluster host's requests alone, and under load for ten minutes; or the plugin hosts alone; or plans and what they carry out alone;
    // or the cmdlets alone.
    private const string Requests = "requests";
    private const string Plugins = "plugins";
    private const string Documents = "documents";
    private const string Pipeline = "pipeline";
    private const string OverCeph = "ceph";

    private static string Root =>
        typeof(Program).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    private static async Task<int> Main(string[] arguments)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            await Console.Error.WriteLineAsync("The benchmarks mount volumes, which needs root.");
            return 1;
        }

        var work = Directory.CreateTempSubdirectory("hvb-").FullName;
        try
        {
            var part = arguments.FirstOrDefault(argument => argument is Requests or Plugins or Documents or Pipeline or OverCeph);
            var programs = arguments.FirstOrDefault(argument => argument != part) ?? await PublishAsync(Path.Combine(work, "programs"));
            if (part == OverCeph)
            {
                await CephBenchmark.RunAsync(work, programs, Path.Combine(Root, "examples", "ceph", "ceph.sh"));
                return 0;
            }

            if (part != Requests)
            {
                await using var site = await BenchmarkSite.StartAsync(work, programs);
                if (part is null or Plugins)
                {
                    await StartBenchmark.RunAsync(site);
                    await CallBenchmark.RunAsync(site);
                    await CycleBenchmark.RunAsync(site);
                    await EngineBenchmark.RunAsync(site);
                }

                if (part is null or Documents)
                {
                    await PlanBenchmark.RunAsync(site);
                    await ApplyBenchmark.RunAsync(work, programs);
                    await GrowthBenchmark.RunAsync(work, programs);
                }

                if (part is null or Pipeline)
                {
                    await using var empty = await BenchmarkSite.StartAsync(
                        Directory.CreateDirectory(Path.Combine(work, "pipeline")).FullName, programs);
                    var module = await BuildModuleAsync();
                    await ImportBenchmark.RunAsync(work, module);
                    await PipelineBenchmark.RunAsync(empty, module);
                }
            }

            if (part is null or Requests)
            {
                await RequestBenchmark.RunAsync(
                    work, programs, listed: 100_000, part == Requests ? TimeSpan.FromMinutes(10) : TimeSpan.Zero);
            }

            return 0;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task<string> BuildModuleAsync()
    {
        await Processes.RunAsync("dotnet", Root, "build", "src/HedvigStorage.Module", "--configuration", "Release", "--nologo", "-v", "q");
        return Path.Combine(Root, "artifacts", "HedvigStorage");
    }

    private static async Task<string> PublishAsync(string folder)
    {
        foreach (var project in new[] { "HedvigStorage.Cli", "ClusterHost", "PluginHost" })
        {
            await Processes.RunAsync(
                "dotnet",
                Root,
                "publish",
                $"src/{project}",
                "--configuration",
                "Release",
                "--runtime",
                "linux-x64",
                "--output",
                folder,
                "--nologo",
                "-v",
                "q");
        }

        return folder;
    }
}
