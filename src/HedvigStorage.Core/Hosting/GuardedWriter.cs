namespace HedvigStorage.Hosting;

/// <summary>
/// A standard stream whose failure stops nothing: what cannot be written is dropped and the first failure is remembered, so that a full
/// disk under a log, or a reader that has gone, does not end work between two steps. It goes on when there is room again.
/// </summary>
public sealed class GuardedWriter : TextWriter
{
    private readonly TextWriter _inner;

    /// <summary>Guards a writer.</summary>
    /// <param name="inner">The writer; it is not closed.</param>
    public GuardedWriter(TextWriter inner) => _inner = inner;

    /// <inheritdoc/>
    public override Encoding Encoding => _inner.Encoding;

    /// <summary>Gets why something could not be written, or <see langword="null"/> while all could.</summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public override void Write(char value) => Try(() => _inner.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Try(() => _inner.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(() => _inner.Write(value));

    /// <summary>Writes a line by one call, so that lines of several threads do not mix.</summary>
    /// <param name="value">The line.</param>
    public override void WriteLine(string? value) => Write(value + NewLine);

    /// <inheritdoc/>
    public override void Flush() => Try(_inner.Flush);

    private void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Failure ??= e;
        }
    }
}
