using System.Runtime.InteropServices;
using HedvigStorage;
using HedvigStorage.Client.Cluster;
using HedvigStorage.Client.Documents;
using HedvigStorage.Hosting;
using HedvigStorage.Linux;
using HedvigStorage.Linux.Logging;
using HedvigStorage.Linux.Systemd;
using HedvigStorage.PluginHost.Common;
using HedvigStorage.PluginHost.Reconciliation;
using HedvigStorage.PluginHost.Startup;

const int Failed = 1;
const int WrongUsage = 64;
const uint OwnerOnly = 0x3F; // 0077

// A log that cannot be written must not end the host.
Console.SetOut(new GuardedWriter(Console.Out));
Console.SetError(new GuardedWriter(Console.Error));
var command = CommandLine.Create();
var result = command.Parse(args);
if (result.Errors.Count > 0)
{
    return Fail(WrongUsage, result.Errors[0].Message + " 'hv-plugin --help' shows the usage.");
}

// Only help and version have an action of their own.
if (result.Action is not null)
{
    return result.Invoke();
}

if (CommandLine.AsksForRules(result))
{
    Console.Out.Write(ReconcileTable.ToMarkdown());
    return 0;
}

try
{
    return await RunAsync(
        CommandLine.Read(
            result, Environment.GetEnvironmentVariable, PassedSocket.Find(Environment.GetEnvironmentVariable, Environment.ProcessId)));
}
catch (ClusterException exception) when (exception.Code == ErrorCode.InvalidArgument)
{
    return Fail(WrongUsage, exception.Message);
}
catch (Exception exception) when (exception is ClusterException or IOException or UnauthorizedAccessException)
{
    return Fail(Failed, exception.Message);
}
#pragma warning disable CA1031 // Whatever it is, the operator gets one line and a status, not a dump of memory.
catch (Exception exception)
#pragma warning restore CA1031
{
    return Fail(Failed, $"unexpected error, {exception.GetType().Name}: {exception.Message}");
}

static async Task<int> RunAsync(PluginSettings settings)
{
    if (!OperatingSystem.IsLinux() || !LibC.IsRoot)
    {
        return Fail(Failed, "hv-plugin must run as root on Linux: it sets up loop devices and mounts file systems.");
    }

    _ = LibC.SetUmask(OwnerOnly);
    var credential = CredentialFile.Read(settings.CredentialFile);
    var stopped = new TaskCompletionSource();
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using var cluster = new HedvigCluster(
        new ClusterConnection { Nodes = settings.Nodes, Credential = credential, SkipCertificateCheck = settings.SkipCertificateCheck });
    // The journal reads priorities, and a reader that is stuck must not hold up calls.
    await using var lines = new LogLines(Console.Error);
    using var provider = new LogProvider(lines.Write, LogFormat.Journal, TimeProvider.System);
    var log = provider.CreateLogger("hv-plugin");
    if (settings.SkipCertificateCheck)
    {
        PluginLog.CertificateNotChecked(log);
    }

    await using var process = await PluginProcess.StartAsync(settings, cluster, log, TimeProvider.System);
    var nodes = string.Join(", ", settings.Nodes.Select(node => node.OriginalString));
    PluginLog.Serves(log, settings.Name, settings.Socket, nodes);
    using var systemd = new ServiceNotifier(
        Environment.GetEnvironmentVariable, Environment.ProcessId, problem => PluginLog.Problem(log, problem), TimeProvider.System);
    using var check = SelfCheck.OfPlugin(settings.Socket);
    using var stopping = new CancellationTokenSource();
    var notifying = systemd.RunAsync(check.RunAsync, $"Serves the Docker driver '{settings.Name}' on {settings.Socket}.", stopping.Token);
    await stopped.Task;
    await stopping.CancelAsync();
    await notifying;
    await systemd.StoppingAsync("Stops; what is mounted stays mounted.");
    PluginLog.Stops(log);
    return 0;

    void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _ = stopped.TrySetResult();
    }
}

static int Fail(int status, string message)
{
    Console.Error.WriteLine("hv-plugin: " + message.ReplaceLineEndings(" "));
    return status;
}
