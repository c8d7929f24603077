using System.IO.Pipelines;

namespace HedvigStorage.PluginHost.Startup;

/// <summary>
/// What a client has written, with its end told only after all of it has been taken. Kestrel refuses a request's body, also one that is
/// there, as soon as it hears of the end.
/// </summary>
internal sealed class WholeInput(PipeReader inner) : PipeReader
{
    // The length with which the end was held back: more does not come, so what is as long again is what nobody can take.
    private long _heldBack = -1;

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    /// <inheritdoc/>
    public override void CancelPendingRead() => inner.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    /// <inheritdoc/>
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        Show(await inner.ReadAsync(cancellationToken));

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        var isRead = inner.TryRead(out result);
        result = isRead ? Show(result) : result;
        return isRead;
    }

    private ReadResult Show(ReadResult result)
    {
        if (!result.IsCompleted || result.Buffer.IsEmpty || result.Buffer.Length == _heldBack)
        {
            return result;
        }

        _heldBack = result.Buffer.Length;
        return new ReadResult(result.Buffer, result.IsCanceled, isCompleted: false);
    }
}
