using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http;
using HedvigStorage.ClusterHost.Startup;
using Xunit.Abstractions;

namespace HedvigStorage.ClusterHost.Tests.Races;

/// <summary>
/// Two clients with sessions of their own, each with two requests at once, race for the same few names while the real program is killed and
/// started again, at times also while it starts. <c>HV_RACE_SECONDS</c> says for how long (15).
/// </summary>
public sealed class RaceTests(ITestOutputHelper output)
{
    private const int RequestsAtOnce = 2;
    private const int FewestOperations = 600;

    private readonly ConcurrentDictionary<(OperationKind Kind, string Answer), int> _answers = new();
    private int _number;
    private int _unanswered;

    [Fact]
    public async Task All_answers_fit_one_order_of_the_operations_and_what_is_there_afterwards()
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable("HV_RACE_SECONDS") ?? "15", CultureInfo.InvariantCulture);
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using var directory = new TemporaryDirectory();
        var data = directory["data"];
        var watch = Stopwatch.StartNew();
        var (kills, killsAtStart) = (0, 0);
        var (history, seen) = (new History(ClusterModel.Empty), ClusterModel.Empty);
        while (watch.Elapsed.TotalSeconds < seconds || _number < FewestOperations)
        {
            if (kills > 0 && random.Next(3) == 0)
            {
                await KillAtStartAsync(data, random.Next(50, 500));
                killsAtStart++;
            }

            await using var host = await HostProcess.StartAsync(data);
            seen = await CheckAsync(host.Client, history);
            history = new History(seen);
            await RaceAsync(host, data, history, random);
            kills++;
        }

        await using var last = await HostProcess.StartAsync(data);
        seen = await CheckAsync(last.Client, history);
        Assert.Equal(seen.Volumes.Count, Directory.GetFiles(Path.Combine(data, "volumes")).Length);
        Assert.Equal(seen.Volumes.Values.Sum(volume => volume.Snapshots.Count), Directory.GetFiles(Path.Combine(data, "snapshots")).Length);
        output.WriteLine(
            $"{_number} operations in {watch.Elapsed.TotalSeconds:0} s, {_unanswered} without an answer, "
                + $"{kills} kills and {killsAtStart} more at a start");
        foreach (var answers in _answers.OrderBy(pair => pair.Key))
        {
            output.WriteLine($"{answers.Key.Kind} {answers.Key.Answer}: {answers.Value}");
        }

        Assert.All(Enum.GetValues<OperationKind>(), kind => Assert.Contains((kind, "ok"), _answers));
    }

    private static async Task<ClusterModel> CheckAsync(RestClient client, History history)
    {
        var seen = await RaceClient.SeeAsync(client);
        var contradiction = history.FindContradiction(seen);
        Assert.True(contradiction is null, contradiction);
        return seen;
    }

    private static async Task KillAtStartAsync(string data, int milliseconds)
    {
        string[] arguments = ["--data", data, "--listen", "http://127.0.0.1:0", "--reserve", "0", "--overcommit", "0"];
        using var process = Process.Start(
            new ProcessStartInfo(HostProcess.Program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!;
        await Task.Delay(milliseconds);
        process.Kill();
        await process.WaitForExitAsync();
    }

    private async Task RaceAsync(HostProcess host, string data, History history, Random random)
    {
        using var other = new RestClient(host.Client.Http.BaseAddress!);
        var credential = DataDirectory.ReadCredential(Path.Combine(data, "credential.json"));
        await other.LoginAsync(credential.UserName, credential.Password);
        Assert.NotEqual(host.Client.SessionId, other.SessionId);
        using var stop = new CancellationTokenSource();
        var running = new[] { host.Client, other }
            .SelectMany(
                client =>
                    Enumerable.Range(0, RequestsAtOnce)
                        .Select(_ => new RaceClient(client, history, new Random(random.Next()), () => Interlocked.Increment(ref _number))))
            .Select(client => RunAsync(client, stop.Token))
            .ToArray();
        var enough = Volatile.Read(ref _number) + random.Next(5, 200);
        await Eventually.TrueAsync(() => Volatile.Read(ref _number) >= enough, "the clients go on", 120);
        await Task.Delay(random.Next(20));
        await host.KillAsync();
        await stop.CancelAsync();
        await Task.WhenAll(running);
    }

    private async Task RunAsync(RaceClient client, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var done = await client.StepAsync();
                _ = _answers.AddOrUpdate((done.Kind, done.Answer!.Code ?? "ok"), 1, (_, count) => count + 1);
            }
            catch (Exception error) when (error is HttpRequestException or IOException)
            {
                _ = Interlocked.Increment(ref _unanswered);
                return;
            }
        }
    }
}
