using HedvigStorage.ClusterHost.Common;
using HedvigStorage.ClusterHost.Platforms;
using HedvigStorage.ClusterHost.Startup;
using HedvigStorage.Hosting;
using HedvigStorage.Linux.Systemd;

namespace HedvigStorage.ClusterHost;

/// <summary>The command line.</summary>
internal static class Program
{
    private const int Failed = 1;
    private const int WrongUsage = 64;

    public static async Task<int> Main(string[] arguments)
    {
        // A log that cannot be written must not end the host.
        Console.SetOut(new GuardedWriter(Console.Out));
        Console.SetError(new GuardedWriter(Console.Error));
        var command = new HostCommand();
        var parsed = command.Parse(arguments);
        if (parsed.Errors.Count == 0 && !command.IsRun(parsed))
        {
            return await parsed.InvokeAsync();
        }

        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync($"hv-cluster: {parsed.Errors[0].Message} 'hv-cluster --help' shows the options.");
            return WrongUsage;
        }

        var options = command.Read(parsed);
        if (options.FindMistake() is { } mistake)
        {
            await Console.Error.WriteLineAsync($"hv-cluster: {mistake}");
            return WrongUsage;
        }

        if (!RunningSystem.IsSupported)
        {
            await Console.Error.WriteLineAsync(
                "hv-cluster: It runs on Linux and Windows only. Reach one on another machine with 'hv --cluster URL'.");
            return Failed;
        }

        try
        {
            if (options.Backup is { } backup)
            {
                await Console.Out.WriteLineAsync(await DataBackup.RunAsync(options.DataDirectory, backup));
                return 0;
            }

            if (options.Check)
            {
                return await DataCheck.RunAsync(options, Console.Out, Console.Error);
            }

            await using var server = await ClusterServer.StartAsync(options);
            await Console.Out.WriteLineAsync($"Listening on {server.Address.GetLeftPart(UriPartial.Authority)}/rest/");
            using var systemd = new ServiceNotifier(
                Environment.GetEnvironmentVariable,
                Environment.ProcessId,
                warning => Console.Error.WriteLine($"hv-cluster: {warning}"),
                options.Time);
            using var check = SelfCheck.OfCluster(server.Address);
            var notifying = systemd.RunAsync(
                check.RunAsync, $"Serves {server.Address.GetLeftPart(UriPartial.Authority)}/rest/.", server.Stopping);
            await server.WaitForStopAsync();
            await notifying;
            await systemd.StoppingAsync("Stops when the requests under way are answered.");
            return 0;
        }
        catch (StartException error)
        {
            await Console.Error.WriteLineAsync($"hv-cluster: {error.Message}");
            return Failed;
        }
#pragma warning disable CA1031 // Whatever it is, the operator gets one line and a status, not a dump of memory.
        catch (Exception error)
#pragma warning restore CA1031
        {
            await Console.Error.WriteLineAsync(
                $"hv-cluster: unexpected error, {error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}");
            return Failed;
        }
    }
}
