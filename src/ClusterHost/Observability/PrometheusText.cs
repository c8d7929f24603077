using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace HedvigStorage.ClusterHost.Observability;

/// <summary>
/// Listens to one meter and writes what it measured in Prometheus' text format, version 0.0.4. It knows what this host's instruments need
/// and no more: names are those of Prometheus already, and an instrument has at most two labels.
/// </summary>
internal sealed class PrometheusText : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, Family> _families = new(StringComparer.Ordinal);
    private readonly Lock _collecting = new();

    public PrometheusText(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(instrument.Name, _ => Family.Of(instrument)));
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => ((Family)state!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => ((Family)state!).Record(value, tags));
        _listener.Start();
    }

    public string Write()
    {
        lock (_collecting)
        {
            _listener.RecordObservableInstruments();
            var text = new StringBuilder(4096);
            foreach (var family in _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal))
            {
                family.Write(text);
            }

            return text.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    private static string Show(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    // A backslash, a quote or a line's end would break the line.
    private static string Escape(string value) =>
        value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", @"\n", StringComparison.Ordinal);

    private enum Kind
    {
        Counter,
        Gauge,
        Histogram,
    }

    private readonly record struct Labels(string? FirstName, string? First, string? SecondName, string? Second)
    {
        public static Labels Of(ReadOnlySpan<KeyValuePair<string, object?>> tags) => tags.Length switch
        {
            0 => default,
            1 => new(tags[0].Key, tags[0].Value as string, null, null),
            _ => new(tags[0].Key, tags[0].Value as string, tags[1].Key, tags[1].Value as string),
        };

        public string Show(string? bound = null)
        {
            var parts = new List<string>(3);
            Add(FirstName, First);
            Add(SecondName, Second);
            Add(bound is null ? null : "le", bound);
            return parts.Count == 0 ? string.Empty : $"{{{string.Join(',', parts)}}}";

            void Add(string? name, string? value)
            {
                if (name is not null)
                {
                    parts.Add($"{name}=\"{Escape(value ?? string.Empty)}\"");
                }
            }
        }
    }

    /// <summary>The series of one instrument.</summary>
    private sealed class Family(string name, string? description, Kind kind, bool observable, IReadOnlyList<double> bounds)
    {
        private readonly ConcurrentDictionary<Labels, Series> _series = new();

        public string Name => name;

        public static Family Of(Instrument instrument) => instrument switch
        {
            Histogram<double> histogram =>
                new Family(
                    instrument.Name,
                    instrument.Description,
                    Kind.Histogram,
                    observable: false,
                    histogram.Advice?.HistogramBucketBoundaries ?? []),
            ObservableGauge<double> => new Family(instrument.Name, instrument.Description, Kind.Gauge, observable: true, []),
            _ => new Family(instrument.Name, instrument.Description, Kind.Counter, instrument.IsObservable, []),
        };

        public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var labels = Labels.Of(tags);
            if (!_series.TryGetValue(labels, out var series))
            {
                series = _series.GetOrAdd(labels, _ => new Series(bounds.Count));
            }

            series.Record(value, observable, bounds);
        }

        public void Write(StringBuilder text)
        {
            _ = text.Append(
                CultureInfo.InvariantCulture,
                $"# HELP {name} {description}\n# TYPE {name} "
                    + $"{kind switch { Kind.Counter => "counter", Kind.Gauge => "gauge", _ => "histogram" }}\n");
            foreach (var (labels, series) in _series.OrderBy(pair => pair.Key.Show(), StringComparer.Ordinal))
            {
                if (kind != Kind.Histogram)
                {
                    _ = text.Append(CultureInfo.InvariantCulture, $"{name}{labels.Show()} {PrometheusText.Show(series.Read().Sum)}\n");
                    continue;
                }

                var (sum, count, buckets) = series.Read();
                var below = 0L;
                for (var i = 0; i < bounds.Count; i++)
                {
                    below += buckets[i];
                    _ = text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{labels.Show(PrometheusText.Show(bounds[i]))} {below}\n");
                }

                _ = text.Append(
                    CultureInfo.InvariantCulture,
                    $"{name}_bucket{labels.Show("+Inf")} {count}\n{name}_sum{labels.Show()} "
                        + $"{PrometheusText.Show(sum)}\n{name}_count{labels.Show()} {count}\n");
            }
        }
    }

    private sealed class Series(int buckets)
    {
        private readonly Lock _lock = new();
        private readonly long[] _buckets = new long[buckets];
        private double _sum;
        private long _count;

        public void Record(double value, bool replaces, IReadOnlyList<double> bounds)
        {
            lock (_lock)
            {
                _sum = replaces ? value : _sum + value;
                _count++;
                for (var i = 0; i < _buckets.Length; i++)
                {
                    if (value <= bounds[i])
                    {
                        _buckets[i]++;
                        break;
                    }
                }
            }
        }

        public (double Sum, long Count, long[] Buckets) Read()
        {
            lock (_lock)
            {
                return (_sum, _count, (long[])_buckets.Clone());
            }
        }
    }
}
