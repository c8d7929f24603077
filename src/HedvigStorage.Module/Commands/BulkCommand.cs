using System.Collections.Concurrent;

namespace HedvigStorage.Commands;

/// <summary>
/// What every cmdlet has that works on several objects at once. It asks about each before its work begins, and tells of each in the order
/// in which they came.
/// </summary>
public abstract class BulkCommand : ClusterCommand
{
    private OrderedWork? _work;

    private protected BulkCommand()
    {
    }

    /// <summary>
    /// Gets or sets the most objects that are worked on at once, 1 to 64; the default is 10. With 1 each is done before the next one is
    /// taken from the pipeline.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 10;

    private OrderedWork Work => _work ??= new OrderedWork(ThrottleLimit, StoppingToken);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        base.EndProcessing();
        _ = UntilStopped(() =>
        {
            Work.Complete();
            return true;
        });
    }

    /// <summary>
    /// Prepares the work on one object; what is wrong with it is an error about that object, in its place among the others.
    /// </summary>
    private protected void Prepare(string subject, object? target, Action prepare)
    {
        try
        {
            prepare();
        }
        catch (ClusterException exception)
        {
            Add(_ => Task.FromResult<Action>(() => Report(exception, subject, target)));
        }
    }

    /// <summary>Begins the work on one object.</summary>
    /// <param name="subject">What the id of an error begins with.</param>
    /// <param name="target">The object.</param>
    /// <param name="work">The work; it runs beside the pipeline thread.</param>
    /// <param name="tell">Writes the result, on the pipeline thread.</param>
    private protected void Begin<T>(
        string subject, object? target, Func<CancellationToken, Task<T>> work, Action<T> tell) => Add(async token =>
    {
        try
        {
            var result = await work(token).ConfigureAwait(false);
            return () => tell(result);
        }
        catch (ClusterException exception)
        {
            return () => Report(exception, subject, target);
        }
    });

    /// <summary>Begins the work on one object, of which nothing is told if it succeeds.</summary>
    private protected void Begin(string subject, object? target, Func<CancellationToken, Task> work) => Begin(
        subject,
        target,
        async token =>
        {
            await work(token).ConfigureAwait(false);
            return true;
        },
        _ => { });

    /// <inheritdoc/>
    private protected override void Refuse(ClusterException exception, string names) =>
        Prepare(Subjects.Cluster, names, () => throw exception);

    // What is told later is told of the cluster that is worked on now.
    private void Add(Func<CancellationToken, Task<Action>> work)
    {
        var connection = ConnectionOfObjects;
        _ = UntilStopped(() =>
        {
            var traces = IsTracing ? new ConcurrentQueue<RequestTrace>() : null;
            Work.Add(async token =>
            {
                var tell = await (traces is null ? work(token) : Traced(work, traces.Enqueue, token)).ConfigureAwait(false);
                return () =>
                {
                    foreach (var trace in traces ?? [])
                    {
                        Tell(trace);
                    }

                    Tell(connection, tell);
                };
            });
            return true;
        });
    }
}
