using System.Diagnostics.Metrics;
using HedvigStorage.ClusterHost.Common;

namespace HedvigStorage.ClusterHost.Observability;

/// <summary>The instruments of one cluster host, under the meter <c>HedvigStorage.ClusterHost</c>.</summary>
internal sealed class HostMetrics : IDisposable
{
    public const string MeterName = "HedvigStorage.ClusterHost";

    private static readonly double[] Boundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Counter<long> _requests;
    private readonly Histogram<double> _durations;

    public HostMetrics()
    {
        Meter = new Meter(MeterName, HostVersion.Text);
        _requests = Meter.CreateCounter<long>("hedvig_requests_total", description: "Requests that were answered, by type and outcome.");
        _durations = Meter.CreateHistogram(
            "hedvig_request_duration_seconds",
            description: "How long requests took, from reading them to the answer.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Boundaries });
    }

    public Meter Meter { get; }

    public void Count(string type, string outcome, TimeSpan elapsed)
    {
        _requests.Add(1, new KeyValuePair<string, object?>("type", type), new KeyValuePair<string, object?>("outcome", outcome));
        _durations.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("type", type));
    }

    /// <summary>Adds a figure that only grows, asked for when metrics are read.</summary>
    public void AddCounter(string name, string description, Func<double> read) =>
        _ = Meter.CreateObservableCounter(name, read, description: description);

    /// <summary>Adds a figure that goes up and down, asked for when metrics are read.</summary>
    public void AddGauge(string name, string description, Func<double> read) =>
        _ = Meter.CreateObservableGauge(name, read, description: description);

    /// <summary>Adds a constant 1 whose labels tell something.</summary>
    public void AddInformation(string name, string description, params KeyValuePair<string, object?>[] labels) =>
        _ = Meter.CreateObservableGauge(name, () => new Measurement<double>(1, labels), description: description);

    public void Dispose() => Meter.Dispose();
}
