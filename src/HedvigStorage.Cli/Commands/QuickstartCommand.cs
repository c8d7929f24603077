using System.CommandLine;
using HedvigStorage.Cli.Connections;
using HedvigStorage.Cli.Output;
using HedvigStorage.Docker;
using HedvigStorage.Documents;
using HedvigStorage.Hosting;
using HedvigStorage.Planning;

namespace HedvigStorage.Cli.Commands;

/// <summary><c>hv quickstart</c>: from nothing to a container whose data outlives it, twice.</summary>
internal static class QuickstartCommand
{
    private static readonly TimeSpan GreetingTimeout = TimeSpan.FromSeconds(30);

    public static Command Create()
    {
        var json = CommandRunner.JsonOption();
        var docker = new ConnectionOptions().Docker;
        var command = new Command(
            "quickstart",
            "Starts a cluster host under .hedvig, applies the example to it twice, and shows how to go on.") { json, docker };
        var engine = new EngineOptions();
        engine.AddTo(command);
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            parsed.GetValue(json),
            output => RunAsync(output, engine.Read(parsed, new ClusterHostOptions()), parsed.GetValue(docker), cancellationToken),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        IOutput output, ClusterHostOptions options, string? docker, CancellationToken cancellationToken)
    {
        var site = LocalSite.Here();
        var host = new ClusterHostProcess(site.ClusterData);
        output.Say(string.Equals(options.Engine, "ceph", StringComparison.Ordinal) ? "1. A cluster over Ceph" : "1. An embedded cluster");
        var status = await host.StartAsync(options, cancellationToken);
        output.Show(await LocalClusterCommand.DescribeAsync(host, cancellationToken));

        var file = FindExample();
        var configuration = ConfigurationFile.Read(file);
        var targets = await Connector.ConnectAsync(
            new ConnectionSettings(status.Address!.ToString(), site.CredentialFile, docker), cancellationToken);
        using var cluster = targets.Cluster;
        using var engine = targets.Docker;

        output.Say($"2. What {LocalSite.Shown(file)} asks for, applied");
        var ownMachine = (await cluster.GetCapabilitiesAsync(cancellationToken)).OwnMachineOnly;
        configuration = ownMachine
            ? await LeaveOutDockerAsync(configuration, targets, output, cancellationToken)
            : LeaveOutDocker(configuration, output, "the plugin mounts volumes of the embedded engine only.");
        if (!await ApplyCommand.ConvergeAsync(configuration, new PlanOptions(), targets, new ApplyOptions(), output, cancellationToken))
        {
            return ExitStatus.Failure;
        }

        output.Say("3. The same again");
        var again = await new Planner(targets).PlanAsync(configuration, cancellationToken);
        output.Show(again);
        if (again.HasChanges)
        {
            throw new ClusterException(ErrorCode.Internal, "The second run would change something: the first did not converge.");
        }

        var container = configuration.Docker is { Containers: [var first, ..] } ? first : null;
        if (container is not null)
        {
            await ShowThatDataStaysAsync(container, configuration, targets, output, cancellationToken);
        }

        SayHowToGoOn(output, file, container, ownMachine);
        return ExitStatus.Success;
    }

    private static Configuration LeaveOutDocker(Configuration configuration, IOutput output, string reason)
    {
        output.Say($"! The Docker part is left out: {reason}");
        return configuration with { Docker = null };
    }

    // Without root, an engine, or a registry in reach the storage part is worth showing all the same, so what is left out is said, once.
    private static async Task<Configuration> LeaveOutDockerAsync(
        Configuration configuration, PlanTargets targets, IOutput output, CancellationToken cancellationToken)
    {
        if (configuration.Docker is not { Optional: true } docker || targets.Docker is not { } engine)
        {
            return configuration;
        }

        try
        {
            _ = await engine.GetVersionAsync(cancellationToken);
            if (targets.PluginInstaller?.WhyNot() is { } reason)
            {
                throw new ClusterException(ErrorCode.Unsupported, reason);
            }

            foreach (var image in docker.Containers.Select(container => container.Image).Distinct(StringComparer.Ordinal))
            {
                if (string.Equals(image, QuickstartImage.Name, StringComparison.Ordinal))
                {
                    if (await QuickstartImage.EnsureAsync(engine, cancellationToken))
                    {
                        output.Say($"   made the image {image} of programs of this machine");
                    }
                }
                else if (await engine.FindImageAsync(image, cancellationToken) is null)
                {
                    output.Say($"   pulling {image}");
                    await engine.PullImageAsync(image, progress: null, cancellationToken);
                }
            }

            return configuration;
        }
        catch (ClusterException e)
        {
            return LeaveOutDocker(configuration, output, e.Message);
        }
    }

    private static async Task ShowThatDataStaysAsync(
        ConfiguredContainer container,
        Configuration configuration,
        PlanTargets targets,
        IOutput output,
        CancellationToken cancellationToken)
    {
        var engine = targets.Docker!;
        output.Say($"4. The container {container.Name} is removed, and another reads what it wrote");
        output.Say($"   {await ReadGreetingAsync(engine, container.Name, cancellationToken)}");
        await engine.RemoveContainerAsync(container.Name, force: true, cancellationToken);
        if (!await ApplyCommand.ConvergeAsync(configuration, new PlanOptions(), targets, new ApplyOptions(), output, cancellationToken))
        {
            throw new ClusterException(ErrorCode.Internal, $"The container {container.Name} could not be made again.");
        }

        var greeting = await ReadGreetingAsync(engine, container.Name, cancellationToken);
        output.Say($"   {greeting}");
        if (!greeting.StartsWith("found:", StringComparison.Ordinal))
        {
            throw new ClusterException(ErrorCode.Internal, $"The second container did not find what the first wrote; it said: {greeting}");
        }
    }

    private static async Task<string> ReadGreetingAsync(IDockerEngine engine, string name, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(GreetingTimeout);
        try
        {
            while (true)
            {
                var line = (await engine.GetContainerLogsAsync(name, limit.Token)).Trim().Split('\n').LastOrDefault() ?? string.Empty;
                if (line.Length > 0)
                {
                    return line.Trim();
                }

                await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ClusterException(
                ErrorCode.Internal, $"The container {name} has written nothing for {GreetingTimeout.TotalSeconds:0} s.", e);
        }
    }

    private static string FindExample()
    {
        var here = Path.Combine(Directory.GetCurrentDirectory(), "examples", "quickstart.json");

        // In a folder of another user it is that user's document.
        return File.Exists(here) && FileOwner.WhyNotOurs(Path.GetDirectoryName(here)!) is null && FileOwner.WhyNotOurs(here) is null
            ? here
            : Path.Combine(AppContext.BaseDirectory, "examples", "quickstart.json");
    }

    private static void SayHowToGoOn(IOutput output, string file, ConfiguredContainer? container, bool ownMachine)
    {
        var shown = LocalSite.Shown(file);
        output.Say($"How to go on (hv is {Environment.ProcessPath})");
        output.Say($"   hv plan {shown}      shows what would change: edit the file and look again");
        output.Say($"   hv apply {shown}     applies it");
        output.Say("   hv cluster status                  shows the cluster");
        if (container is not null)
        {
            output.Say(
                $"   docker run --rm -it -v NAME:/data --volume-driver hedvig {QuickstartImage.Name} sh    makes and mounts a volume");
        }

        output.Say("How to stop");
        if (container is not null)
        {
            output.Say($"   docker rm -f {container.Name}, then hv plugin stop");
        }

        output.Say(
            "   hv cluster stop                    stops the cluster and keeps its volumes; "
                + (ownMachine ? ".hedvig holds all of it" : "they are in Ceph, and the catalog of them in .hedvig"));
    }
}
