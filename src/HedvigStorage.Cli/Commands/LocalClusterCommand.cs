using System.CommandLine;
using HedvigStorage.Cli.Connections;
using HedvigStorage.Cli.Output;
using HedvigStorage.Hosting;

namespace HedvigStorage.Cli.Commands;

/// <summary><c>hv cluster start|stop|status|check|backup</c>: a cluster host on this machine.</summary>
internal static class LocalClusterCommand
{
    public static Command Create() =>
        new(
            "cluster",
            "Starts, stops, shows, checks and backs up a cluster host on this machine.")
        {
            CreateStart(), CreateStop(), CreateStatus(), ClusterCheckCommand.Create(), ClusterBackupCommand.Create(),
        };

    /// <summary>Tells the state of a cluster and, if it runs, its figures.</summary>
    public static async Task<ClusterDocument> DescribeAsync(ClusterHostProcess host, CancellationToken cancellationToken)
    {
        var status = await host.GetStatusAsync(cancellationToken);
        var credentialFile = File.Exists(status.CredentialFile) ? status.CredentialFile : null;
        var (engine, health) = status is { Running: true, Address: { } address } && credentialFile is not null
            ? await HealthAsync(address, credentialFile, cancellationToken)
            : default;
        return new ClusterDocument(
            "cluster",
            status.Running,
            status.DataDirectory,
            status.Address?.ToString().TrimEnd('/'),
            status.ProcessId,
            status.Version,
            credentialFile,
            health) { Engine = engine };
    }

    /// <summary>The option that names the cluster.</summary>
    public static Option<string?> DataOption() =>
        new("--data") { Description = "The cluster's data directory. Default: .hedvig/cluster.", HelpName = "DIR" };

    /// <summary>Finds the cluster that the option names.</summary>
    public static ClusterHostProcess Host(string? data) => new(Path.GetFullPath(data ?? LocalSite.Nearest().ClusterData));

    private static Command CreateStart()
    {
        var data = DataOption();
        var json = CommandRunner.JsonOption();
        var listen = new Option<string?>("--listen")
        {
            Description = "Where to listen. Default: http://127.0.0.1:7080, or a free port if that one is taken.",
            HelpName = "URL",
        };
        var name = new Option<string?>("--name") { Description = "The cluster's name." };
        var overcommit =
            new Option<double?>("--overcommit") { Description = "How many times the capacity may be promised; 0 is without limit. Default: "
                + "1.", HelpName = "RATIO" };
        var reserve = new Option<string?>("--reserve")
        {
            Description = "The free space below which creates and snapshots stop, such as 5GB.",
            HelpName = "SIZE",
        };
        var certificate = new Option<string?>("--tls-cert")
        {
            Description = "The certificate for https, PEM, with its chain.",
            HelpName = "FILE",
        };
        var key = new Option<string?>("--tls-key") { Description = "The certificate's key, PEM, without a passphrase.", HelpName = "FILE" };
        var allowPlainHttp = new Option<bool>("--allow-plain-http")
        {
            Description = "Allow http beyond this machine, where passwords are sent in clear text.",
        };
        var advertise = new Option<string?>("--advertise")
        {
            Description = "The nodes that clients are told. Default: the address listened to.",
            HelpName = "HOST:PORT,…",
        };
        var metrics = new Option<string?>("--metrics")
        {
            Description = "Who may read /metrics: loopback, public, off. Default: loopback.",
            HelpName = "WHO",
        };
        var logFormat = new Option<string?>("--log-format")
        {
            Description = "The form of its log: text or json. Default: text.",
            HelpName = "FORMAT",
        };
        var logLevel = new Option<string?>("--log-level")
        {
            Description = "The least that is logged: debug, information, warning, error. Default: information.",
            HelpName = "LEVEL",
        };
        var command = new Command("start", "Starts the cluster, or finds that it runs. What is not told is as at the start before.")
        {
            data, listen, name, overcommit, reserve, certificate, key, allowPlainHttp, advertise, metrics, logFormat, logLevel, json,
        };
        var engine = new EngineOptions();
        engine.AddTo(command);
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            parsed.GetValue(json),
            async output =>
            {
                var host = Host(parsed.GetValue(data));
                var options = engine.Read(
                    parsed,
                    new ClusterHostOptions
                    {
                        Listen = parsed.GetValue(listen) is { } url ? ReadListen(url) : null,
                        Name = parsed.GetValue(name),
                        Overcommit = parsed.GetValue(overcommit),
                        Reserve = parsed.GetValue(reserve) is { } size ? StorageCommand.ReadSize(size) : null,
                        TlsCertificate = parsed.GetValue(certificate),
                        TlsKey = parsed.GetValue(key),
                        AllowPlainHttp = parsed.GetValue(allowPlainHttp),
                        Advertise = parsed.GetValue(advertise),
                        Metrics = parsed.GetValue(metrics),
                        LogFormat = parsed.GetValue(logFormat),
                        LogLevel = parsed.GetValue(logLevel),
                    });
                _ = await host.StartAsync(options, cancellationToken);
                var shown = await DescribeAsync(host, cancellationToken);
                output.Show(shown);
                if (parsed.GetValue(allowPlainHttp) && parsed.GetValue(listen) is { } asked
                    && ReadListen(asked) is { Scheme: "http", IsLoopback: false })
                {
                    await Console.Error.WriteLineAsync(
                        $"hv: warning: {asked} is plain HTTP beyond this machine: passwords are sent in clear text.");
                }

                return ExitStatus.Success;
            },
            cancellationToken));
        return command;
    }

    private static Command CreateStop()
    {
        var data = DataOption();
        var json = CommandRunner.JsonOption();
        var command = new Command(
            "stop", "Stops the cluster. Its volumes stay, and containers that have them mounted go on.") { data, json };
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            parsed.GetValue(json),
            async output =>
            {
                var host = Host(parsed.GetValue(data));
                var stopped = await host.StopAsync(cancellationToken);
                output.Show(await DescribeAsync(host, cancellationToken) with { Stopped = stopped });
                return ExitStatus.Success;
            },
            cancellationToken));
        return command;
    }

    private static Command CreateStatus()
    {
        var data = DataOption();
        var json = CommandRunner.JsonOption();
        var command = new Command("status", "Shows the cluster. Exit status: 0 it runs, 1 it does not.") { data, json };
        command.SetAction((parsed, cancellationToken) => CommandRunner.RunAsync(
            parsed.GetValue(json),
            async output =>
            {
                var document = await DescribeAsync(Host(parsed.GetValue(data)), cancellationToken);
                output.Show(document);
                return document.Running ? ExitStatus.Success : ExitStatus.Failure;
            },
            cancellationToken));
        return command;
    }

    private static Uri ReadListen(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
        ? uri
        : throw new ClusterException(
            ErrorCode.InvalidArgument,
            $"'{ObjectName.Printable(text)}' is not an address to listen on. Give one such as http://127.0.0.1:7080.");

    private static async Task<(string? Engine, ClusterHealthDocument Health)> HealthAsync(
        Uri address, string credentialFile, CancellationToken cancellationToken)
    {
        try
        {
            using var cluster = Connector.Cluster(address.ToString(), credentialFile);
            var information = await cluster.GetInformationAsync(cancellationToken);
            var capabilities = await cluster.GetCapabilitiesAsync(cancellationToken);
            return (
                capabilities.Engine,
                new ClusterHealthDocument(
                    information.Healthy,
                    information.Problems,
                    information.VolumeCount,
                    information.Total,
                    information.Used,
                    information.Provisioned,
                    information.Overcommit));
        }
        catch (ClusterException e)
        {
            return (
                null,
                new ClusterHealthDocument(
                    Healthy: false,
                    [string.Create(CultureInfo.InvariantCulture, $"It does not tell its figures: {e.Message}")],
                    Volumes: null,
                    0,
                    0,
                    null,
                    null));
        }
    }
}
