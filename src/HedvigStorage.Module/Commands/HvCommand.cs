using HedvigStorage.Formatting;
using HedvigStorage.Loading;
using HedvigStorage.Services;

namespace HedvigStorage.Commands;

/// <summary>What every cmdlet has: asynchronous work that Ctrl-C ends, and errors from one table.</summary>
public abstract class HvCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly PipelinePump _pump = new();

    private protected HvCommand()
    {
    }

    /// <summary>Gets whether somebody wants to be told of each request.</summary>
    private protected bool IsTracing => Wants("Verbose") || Wants("Debug");

    private protected static IClientServices Services => LoadedClient.Instance;

    /// <summary>Gets whether <c>-WhatIf</c> is in force, given here or by a caller.</summary>
    private protected bool IsPreview =>
        MyInvocation.BoundParameters.TryGetValue("WhatIf", out var given) ? IsTrue(given) : IsTrue(GetVariableValue("WhatIfPreference"));

    /// <summary>Gets what Ctrl-C cancels, and the end of the pipeline, which need not wait for the end of the work.</summary>
    private protected CancellationToken StoppingToken => _stopping.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Prepares the session for the objects that it gets.</summary>
    protected override void BeginProcessing() => SerializationDepths.Tell();

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopping.Cancel();

    /// <summary>Frees what the cmdlet holds.</summary>
    /// <param name="disposing">Whether it is called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stopping.Cancel();
            _stopping.Dispose();
        }
    }

    private protected T Await<T>(Func<CancellationToken, Task<T>> work) =>
        UntilStopped(() => _pump.Run(IsTracing ? token => Traced(work, trace => Post(() => Tell(trace)), token) : work, _stopping.Token));

    private protected void Await(Func<CancellationToken, Task> work) => Await(async token =>
    {
        await work(token).ConfigureAwait(false);
        return true;
    });

    /// <summary>Has a listener told of the requests of a piece of work, which runs on a thread of its own.</summary>
    private protected static Task<T> Traced<T>(
        Func<CancellationToken, Task<T>> work, Action<RequestTrace> listener, CancellationToken token)
    {
        RequestTracing.Listen(listener);
        return work(token);
    }

    /// <summary>Tells of a request: that it was, and with <c>-Debug</c> what was asked.</summary>
    private protected void Tell(RequestTrace trace)
    {
        if (Wants("Debug"))
        {
            WriteDebug($"{trace.Type} (request {trace.RequestId}): {trace.Parameters}");
        }

        // Not with -Debug alone, with which PowerShell asks after each verbose message whether to go on.
        if (Wants("Verbose"))
        {
            WriteVerbose(trace.ToString());
        }
    }

    /// <summary>Does something that <see cref="StoppingToken"/> ends.</summary>
    private protected T UntilStopped<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Has the pipeline thread do something while <see cref="Await{T}"/> waits.</summary>
    private protected void Post(Action action) => _pump.Post(action);

    /// <summary>Does something for one object; its failure is an error about that object, and the next one is still worked on.</summary>
    private protected void ForEach(string subject, object? target, Action action)
    {
        try
        {
            action();
        }
        catch (ClusterException exception)
        {
            Report(exception, subject, target);
        }
    }

    /// <summary>Writes the error about one object, or ends the command with it where every other object would meet it too.</summary>
    private protected void Report(ClusterException exception, string subject, object? target)
    {
        var record = Describe(exception, subject, target);
        if (Ends(exception))
        {
            ThrowTerminatingError(record);
        }

        WriteError(record);
    }

    /// <summary>Tells whether a failure ends the command.</summary>
    private protected virtual bool Ends(ClusterException exception) => exception.EndsCommand();

    /// <summary>Makes the record of an error.</summary>
    private protected virtual ErrorRecord Describe(ClusterException exception, string subject, object? target) =>
        exception.ToRecord(subject, target);

    /// <summary>Does something without which the command cannot go on.</summary>
    private protected T Need<T>(string subject, object? target, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (ClusterException exception)
        {
            ThrowTerminatingError(Describe(exception, subject, target));
            throw;
        }
    }

    /// <summary>Asks for consent, which <c>-Force</c> gives unless <c>-WhatIf</c> or <c>-Confirm</c> is there too.</summary>
    private protected bool ShouldProcess(string target, string action, bool force) => Consents(force) || ShouldProcess(target, action);

    /// <summary>Asks for consent.</summary>
    private protected new bool ShouldProcess(string target, string action) => base.ShouldProcess(Place(target), action);

    /// <summary>Tells whether <c>-Force</c> gives the consent that is otherwise asked for.</summary>
    private protected bool Consents(bool force) => force && !IsPreview && !IsBound("Confirm");

    /// <summary>Says of what a question is about where it is, if that does not go without saying.</summary>
    private protected virtual string Place(string target) => target;

    private protected bool IsBound(string name) => MyInvocation.BoundParameters.TryGetValue(name, out var value) && IsTrue(value);

    // The variable tells what a caller has set; the parameter wins over it.
    private bool Wants(string stream) => MyInvocation.BoundParameters.TryGetValue(stream, out var given)
        ? IsTrue(given)
        : LanguagePrimitives.TryConvertTo(
            GetVariableValue(stream + "Preference"),
            CultureInfo.InvariantCulture,
            out ActionPreference preference) && preference is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);

    private static bool IsTrue(object? value) => LanguagePrimitives.IsTrue(value);
}
