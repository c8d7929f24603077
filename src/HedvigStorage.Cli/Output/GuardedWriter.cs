using System;
using System.IO;
using System.Text;

namespace HedvigStorage.Cli.Output;

/// <summary>
/// A standard stream whose failure stops nothing: the first is remembered and everything after it is dropped, so that a full disk under a log, or a reader that has gone,
/// does not end work between two steps.
/// </summary>
internal sealed class GuardedWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    /// <summary>Gets why the stream takes no more, or <see langword="null"/> while it does.</summary>
    public Exception? Failure { get; private set; }

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(string? value) => Try(() => inner.Write(value));

    // One call, so that lines of several threads do not mix.
    public override void WriteLine(string? value) => Write(value + NewLine);

    public override void Flush() => Try(inner.Flush);

    private void Try(Action write)
    {
        if (Failure is not null)
        {
            return;
        }

        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Failure = e;
        }
    }
}
