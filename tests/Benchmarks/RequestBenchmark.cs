using System.Diagnostics;
using System.Text.Json;

namespace HedvigStorage.Benchmarks;

/// <summary>
/// The cluster host's requests, with one client and with many, beside its health check, which is what the web server underneath can do at
/// best. Everything shares the processors of one machine.
/// </summary>
internal static class RequestBenchmark
{
    private const int Volumes = 1000;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(string work, string programs, int listed, TimeSpan endurance)
    {
        var data = Path.Combine(work, "requests");
        using var process = Processes.Start(
            Path.Combine(programs, "hv-cluster"),
            work,
            "--data",
            data,
            "--listen",
            "http://127.0.0.1:0",
            "--overcommit",
            "0",
            "--reserve",
            "0");
        try
        {
            var address = new Uri(await Processes.ClusterAddressAsync(process, data));
            var session = await LoginAsync(address, data);
            await AddManyAsync(address, session, "bench", Volumes);

            Figures.Title("Requests of the cluster host");
            Figures.Head(
                "", "clients", "requests a second", "median ms", "p99 ms", "hv-cluster's µs of processor", "of the health check's rate");
            foreach (var clients in new[] { 1, 64 })
            {
                var health = await MeasureAsync(address, process, clients, (connection, _, _) => [connection.Get("/healthz")]);
                Row("`/healthz`", clients, health, health);
                Row("`VirtualDiskDetails`", clients, await MeasureAsync(address, process, clients, (connection, client, round) =>
                    [connection.Post("VirtualDiskDetails", $$"""{"virtualDisk":"bench{{((client * 31) + round) % Volumes}}"}""", session)]), health);
                Row("`AddVirtualDisk` + `DeleteVDisk`", clients, await MeasureAsync(address, process, clients, (
                    connection, client, round) =>
                    [
                        connection.Post("AddVirtualDisk", Volume($"cycle{client}-{round}"), session),
                        connection.Post("DeleteVDisk", $$"""{"virtualDisks":["cycle{{client}}-{{round}}"]}""", session),
                    ]), health);
            }

            await MeasureListingAsync(address, session, process.Id, listed);
            if (endurance > TimeSpan.Zero)
            {
                await MeasureEnduranceAsync(address, session, process, endurance);
            }
        }
        finally
        {
            await Processes.EndAsync(process);
        }
    }

    private static async Task MeasureListingAsync(Uri address, string session, int processId, int volumes)
    {
        await AddManyAsync(address, session, "listed", volumes);
        Figures.Title($"Listing {volumes + Volumes:N0} volumes, page by page");
        Figures.Head("page size", "seconds", "volumes a second", "hv-cluster's resident MB");
        using var connection = new LoadConnection(address);
        foreach (var size in new[] { 100, 1000 })
        {
            var watch = Stopwatch.StartNew();
            var (count, token) = (0, string.Empty);
            do
            {
                var page =
                    (await connection.AskJsonAsync(connection.Post(
                        "ListVolumes", $$"""{"pageSize":{{size}},"pageToken":"{{token}}"}""", session))).GetProperty("result");
                count += page.GetProperty("volumes").GetArrayLength();
                token = page.TryGetProperty("nextPageToken", out var next) ? next.GetString()! : string.Empty;
            }
            while (token.Length > 0);
            Figures.Row(
                size.ToString(CultureInfo.InvariantCulture),
                Figures.Show(watch.Elapsed.TotalSeconds),
                Figures.Show(count / watch.Elapsed.TotalSeconds),
                Figures.Show(Processes.ResidentMegabytes(processId)));
        }
    }

    private static async Task MeasureEnduranceAsync(Uri address, string session, Process process, TimeSpan length)
    {
        Figures.Title("Memory under load: 64 clients, details, creates and deletes");
        Figures.Head("after", "hv-cluster's resident MB");
        var parts = 10;
        for (var part = 0; part < parts; part++)
        {
            _ = await MeasureAsync(
                address,
                process,
                64,
                (connection, client, round) => round % 16 == 0
                    ?
                    [
                        connection.Post("AddVirtualDisk", Volume($"long{client}-{round}"), session),
                        connection.Post("DeleteVDisk", $$"""{"virtualDisks":["long{{client}}-{{round}}"]}""", session),
                    ]
                    : [connection.Post("VirtualDiskDetails", $$"""{"virtualDisk":"bench{{round % Volumes}}"}""", session)],
                length / parts);
            Figures.Row((length / parts * (part + 1)).ToString(), Figures.Show(Processes.ResidentMegabytes(process.Id)));
        }
    }

    private static void Row(string name, int clients, Load figures, Load health) => Figures.Row(
        name,
        clients.ToString(CultureInfo.InvariantCulture),
        Figures.Show(figures.Rate),
        Figures.Show(figures.Median),
        Figures.Show(figures.P99),
        Figures.Show(figures.Processor),
        Figures.Show(figures.Rate / health.Rate));

    private static async Task<Load> MeasureAsync(
        Uri address, Process process, int clients, Func<LoadConnection, int, int, byte[][]> requests, TimeSpan? length = null)
    {
        process.Refresh();
        var processor = process.TotalProcessorTime;
        var requestCount = 0;
        var start = Stopwatch.GetTimestamp();
        var end = WarmUp + (length ?? Length);
        var times = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(async () =>
        {
            using var connection = new LoadConnection(address);
            var own = new List<double>();
            for (var round = 0; Stopwatch.GetElapsedTime(start) < end; round++)
            {
                foreach (var request in requests(connection, client, round))
                {
                    var sent = Stopwatch.GetTimestamp();
                    var body = await connection.AskAsync(request);
                    if (!body.Span.StartsWith("{\"status\":\"ok\""u8))
                    {
                        throw new InvalidOperationException(Encoding.UTF8.GetString(body.Span));
                    }

                    _ = Interlocked.Increment(ref requestCount);
                    if (Stopwatch.GetElapsedTime(start) > WarmUp)
                    {
                        own.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                    }
                }
            }

            return own;
        })));
        var sorted = times.SelectMany(own => own).Order().ToArray();
        process.Refresh();
        return new Load(
            sorted.Length / (end - WarmUp).TotalSeconds,
            sorted[sorted.Length / 2],
            sorted[(int)(sorted.Length * 0.99)],
            (process.TotalProcessorTime - processor).TotalMicroseconds / requestCount);
    }

    private static Task AddManyAsync(
        Uri address, string session, string prefix, int count) => Task.WhenAll(Enumerable.Range(0, 16).Select(client => Task.Run(async () =>
    {
        using var connection = new LoadConnection(address);
        for (var index = client; index < count; index += 16)
        {
            _ = await connection.AskJsonAsync(
                connection.Post("AddVirtualDisk", Volume(prefix + index.ToString(CultureInfo.InvariantCulture)), session));
        }
    })));

    private static string Volume(string name) => $$"""{"name":"{{name}}","size":{"unit":"GB","value":1},"diskType":"BLOCK"}""";

    private static async Task<string> LoginAsync(Uri address, string data)
    {
        using var credential = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(data, "credential.json")));
        using var connection = new LoadConnection(address);
        var answer = await connection.AskJsonAsync(connection.Post("Login", credential.RootElement.GetRawText(), session: null));
        return answer.GetProperty("result").GetProperty("sessionId").GetString()!;
    }

    private sealed record Load(double Rate, double Median, double P99, double Processor);
}
