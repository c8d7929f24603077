using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;

namespace HedvigStorage.Benchmarks;

/// <summary>
/// Measures what operators wait for, side by side with what they could use instead, in one run, and prints the tables of docs/performance.md.
/// Needs root, rclone and dockerd; <c>requests</c> or <c>plugins</c> as an argument measures those alone. The product is measured as it is shipped: published, self-contained, trimmed and precompiled.
/// </summary>
internal static class Program
{
    // The cluster host's requests alone, and under load for ten minutes; or the plugin hosts and plans alone.
    private const string Requests = "requests";
    private const string Plugins = "plugins";

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
            var part = arguments.FirstOrDefault(argument => argument is Requests or Plugins);
            var programs = arguments.FirstOrDefault(argument => argument != part) ?? await PublishAsync(Path.Combine(work, "programs"));
            if (part != Requests)
            {
                await using var site = await BenchmarkSite.StartAsync(work, programs);
                await StartBenchmark.RunAsync(site);
                await CycleBenchmark.RunAsync(site);
                await EngineBenchmark.RunAsync(site);
                await PlanBenchmark.RunAsync(site);
            }

            if (part != Plugins)
            {
                await RequestBenchmark.RunAsync(work, programs, listed: 100_000, part == Requests ? TimeSpan.FromMinutes(10) : TimeSpan.Zero);
            }

            return 0;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task<string> PublishAsync(string folder)
    {
        var root = typeof(Program).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!;
        foreach (var project in new[] { "HedvigStorage.Cli", "ClusterHost", "PluginHost" })
        {
            await Processes.RunAsync("dotnet", root, "publish", $"src/{project}", "--configuration", "Release", "--runtime", "linux-x64", "--output", folder, "--nologo", "-v", "q");
        }

        return folder;
    }
}
