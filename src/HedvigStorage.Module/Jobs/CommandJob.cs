using System.Collections;
using System.Management.Automation.Runspaces;
using HedvigStorage.Loading;

namespace HedvigStorage.Jobs;

/// <summary>
/// Runs a cmdlet of this module beside the session, in a runspace of its own in the same process, so that it returns the same objects and
/// uses the same connection. Streams hold what it writes as it is written.
/// </summary>
internal sealed class CommandJob : Job
{
    // Each call has its own parameters; what ends one ends the job, as it would end the pipeline.
    private const string Script = """
        param($location, $command, $calls)
        Set-Location -LiteralPath $location -ErrorAction Stop
        foreach ($call in $calls) { try { & $command @call } catch { throw } }
        """;

    private readonly PowerShell _shell;
    private readonly Runspace _runspace;
    private string? _failure;

    private CommandJob(string command, Runspace runspace)
        : base(command)
    {
        PSJobTypeName = "HedvigStorage";
        _runspace = runspace;
        _shell = PowerShell.Create();
        _shell.Runspace = runspace;
        _shell.Streams.Error = Error;
        Error.DataAdded += (_, added) => _failure ??= Error[added.Index].ToString();
        _shell.Streams.Warning = Warning;
        _shell.Streams.Verbose = Verbose;
        _shell.Streams.Debug = Debug;
        _shell.Streams.Progress = Progress;
        _shell.Streams.Information = Information;
        _shell.InvocationStateChanged += (_, changed) => Follow(changed.InvocationStateInfo);
    }

    /// <inheritdoc/>
    public override bool HasMoreData =>
        Output.Count + Error.Count + Warning.Count + Verbose.Count + Debug.Count + Progress.Count + Information.Count > 0;

    /// <inheritdoc/>
    public override string Location => "localhost";

    /// <inheritdoc/>
    public override string StatusMessage => _failure ?? string.Empty;

    /// <summary>Begins a job.</summary>
    /// <param name="command">The name of the cmdlet.</param>
    /// <param name="calls">The parameters of each call, which are made one after the other.</param>
    /// <param name="location">Where relative paths begin: a folder, for the drives of the session are not the job's.</param>
    public static CommandJob Start(string command, IReadOnlyList<Hashtable> calls, string location)
    {
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule([Manifest]);
        var runspace = RunspaceFactory.CreateRunspace(state);
        runspace.Open();
        var job = new CommandJob(command, runspace);
        job.Begin(calls, location);
        return job;
    }

    /// <inheritdoc/>
    public override void StopJob() => _shell.Stop();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _shell.Dispose();
            _runspace.Dispose();
        }

        base.Dispose(disposing);
    }

    private static string Manifest => Path.Combine(ModulePaths.Root, "HedvigStorage.psd1");

    private void Begin(IReadOnlyList<Hashtable> calls, string location)
    {
        SetJobState(JobState.Running);
        _ = _shell.AddScript(Script).AddArgument(location).AddArgument(Command).AddArgument(calls.ToArray());
        _ = _shell.BeginInvoke<PSObject, PSObject>(input: null, Output);
    }

    private void Follow(PSInvocationStateInfo info)
    {
        switch (info.State)
        {
            case PSInvocationState.Completed:
                // What went wrong with one object did not keep the others from being worked on, and yet not all is done.
                SetJobState(_failure is null ? JobState.Completed : JobState.Failed);
                break;
            case PSInvocationState.Stopped:
                SetJobState(JobState.Stopped);
                break;
            case PSInvocationState.Failed:
                _failure = info.Reason.Message;
                Error.Add(
                    info.Reason is IContainsErrorRecord { ErrorRecord: { } record }
                        ? record
                        : new ErrorRecord(info.Reason, "JobFailed", ErrorCategory.NotSpecified, Command));
                SetJobState(JobState.Failed);
                break;
        }
    }
}
