using System.Net.Http;
using HedvigStorage.Hosting;
using Xunit.Abstractions;

namespace HedvigStorage.Conformance;

/// <summary>
/// Operations at random, during each of which one system call of the cluster host or the plugin host fails, or kills it. What was
/// acknowledged is there, what was not is there or is not there but never half, the same again succeeds, and no volume has another content
/// than the one that was written to it. <c>HV_FAULT_ROUNDS</c> sets how many, <c>HV_FAULT_SEED</c> which. They run apart from tests with
/// containers, whose new mount namespaces hold for a moment what is being unmounted.
/// </summary>
[Collection(EngineCollection.Name)]
public sealed class FaultInjectionTests(ITestOutputHelper output)
{
    private const string ClusterCalls =
        "fsync,fdatasync,rename,renameat2,fallocate,ftruncate,truncate,pwrite64,unlink,unlinkat,copy_file_range,ioctl,syncfs";
    private const string PluginCalls = "mount,umount2,ioctl,fallocate,fsync,fdatasync,rename,pwrite64,write,mkdir,rmdir,openat,unlink";
    private static readonly string[] Faults = ["error=EIO", "error=ENOSPC", "signal=SIGKILL"];
    private static readonly int DefaultRounds = 20;

    [SkippableFact]
    public async Task Whatever_fails_nothing_acknowledged_is_lost_and_nothing_else_is_half_there()
    {
        Skip.IfNot(Programs.IsRoot, "Mounting needs root.");
        Skip.IfNot(Programs.Exists("strace"), "strace is not installed.");
        var rounds = Setting("HV_FAULT_ROUNDS", DefaultRounds);
        var seed = Setting("HV_FAULT_SEED", Environment.TickCount & 0xFFFF);
        output.WriteLine($"seed {seed}, {rounds} rounds");
        await using var site = await FaultSite.StartAsync(new Random(seed), output);
        var figures = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var round = 0; round < rounds;)
        {
            // The calls of a new place are listed first, which does not count as a round.
            var outcome = await site.RunRoundAsync(round);
            figures[outcome] = figures.GetValueOrDefault(outcome) + 1;
            round += outcome.EndsWith("listed", StringComparison.Ordinal) ? 0 : 1;
        }

        await site.CheckAllAsync();
        foreach (var (outcome, count) in figures)
        {
            output.WriteLine($"{outcome}: {count}");
        }

        Assert.True(
            figures.Where(figure => figure.Key.Contains(" hit,", StringComparison.Ordinal)).Sum(figure => figure.Value) >= rounds / 2,
            "Half of the faults have hit nothing.");
    }

    /// <summary>The flush that fails may be the one that ends the operation, when the storage is done already.</summary>
    [SkippableFact]
    public async Task Whichever_flush_of_an_operation_fails_the_same_again_succeeds_without_a_restart()
    {
        Skip.IfNot(Programs.IsRoot, "Mounting needs root.");
        Skip.IfNot(Programs.Exists("strace"), "strace is not installed.");
        await using var site = await FaultSite.StartAsync(new Random(1), output, volumes: 1);
        var hits = 0;
        foreach (var operation in new[] { "create", "snapshot", "clone", "grow", "revert" })
        {
            for (var number = 1; number <= 4; number++)
            {
                hits += (await site.RunRoundAsync(number, (operation, "error=EIO", "fsync", number)))
                    .Contains(" hit,", StringComparison.Ordinal)
                    ? 1
                    : 0;
                site.KeepOnly("v1");
            }
        }

        Assert.InRange(hits, 10, 20);
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : otherwise;

    /// <summary>What was acknowledged of a volume.</summary>
    private sealed class Known
    {
        public string Content { get; set; } = string.Empty;

        public int Megabytes { get; set; } = 32;

        public Dictionary<string, string> Snapshots { get; } = new(StringComparer.Ordinal);
    }

    private sealed class FaultSite : IAsyncDisposable
    {
        private readonly Random _random;
        private readonly ITestOutputHelper _output;
        private readonly ClusterProcess _process;
        private readonly KillableHost _host;
        private readonly ICluster _cluster;
        private readonly Dictionary<string, Known> _volumes = new(StringComparer.Ordinal);
        private readonly Dictionary<string, IReadOnlyList<(string Call, int Most)>> _calls = new(StringComparer.Ordinal);
        private int _names;

        private FaultSite(Random random, ITestOutputHelper output, ClusterProcess process, KillableHost host)
        {
            _random = random;
            _output = output;
            _process = process;
            _host = host;
            var services = new ClientServices();
            _cluster = services.CreateCluster(
                new ClusterConnection
                {
                    Nodes = [new Uri("http://" + process.Node)],
                    Credential = services.ReadCredential(process.CredentialFile),
                });
        }

        /// <summary>Uses only one of the volumes from now on.</summary>
        public void KeepOnly(string volume)
        {
            foreach (var other in _volumes.Keys.Where(name => name != volume).ToArray())
            {
                _ = _volumes.Remove(other);
            }
        }

        public static async Task<FaultSite> StartAsync(Random random, ITestOutputHelper output, int volumes = 3)
        {
            // The session of a client outlives a host that is killed only by a new log-in at the same port.
            var process = await ClusterProcess.StartAsync(ClusterProcess.FreePort());
            var site = new FaultSite(random, output, process, await KillableHost.StartAsync(process));
            for (var volume = 0; volume < volumes; volume++)
            {
                await site.BeginAsync(site.NewName());
            }

            return site;
        }

        public async Task<string> RunRoundAsync(int round, (string Operation, string Fault, string Call, int Number)? forced = null)
        {
            var volume = Pick(_volumes.Keys.Order(StringComparer.Ordinal).ToArray());
            var known = _volumes[volume];
            var operations = new List<string> { "create", "snapshot", "grow", "mount", "unmount" };
            operations.AddRange(known.Snapshots.Count > 0 ? ["clone", "revert"] : _volumes.Count > 3 ? ["delete"] : []);
            var operation = forced?.Operation ?? Pick(operations);
            var onPlugin = operation is "mount" or "unmount" && _random.Next(3) > 0;
            var (work, check) = Prepare(operation, volume, known);
            var place = $"{operation} × {(onPlugin ? "plugin" : "cluster")}";
            var (fault, call, number) = ((string?)null, onPlugin ? PluginCalls : ClusterCalls, 1);
            if (forced is { } asked)
            {
                (_, fault, call, number) = asked;
            }
            else if (_calls.GetValueOrDefault(place) is { Count: > 0 } made)
            {
                var (picked, most) = Pick(made);
                (fault, call, number) = (Pick(Faults), picked, _random.Next(1, Math.Min(most, 6) + 1));
            }

            var label = string.Create(
                CultureInfo.InvariantCulture, $"{place} {fault ?? "listing"} {(fault is null ? string.Empty : call)} {number}");
            if (operation is "unmount")
            {
                await RetryAsync(label, () => CallAsync("Mount", volume));
            }

            var (error, tracer) = await RunAsync(onPlugin, call, fault, number, work);
            var hit = tracer.HasHit();
            _output.WriteLine($"{round}: {label}, {volume}: {(fault is null ? "listed" : hit ? "hit" : "missed")}, {error ?? "done"}");
            if (fault is null)
            {
                _calls[place] = tracer.Calls();
            }

            await check(error is null);
            if (error is not null)
            {
                await RetryAsync(label, work);
                await check(true);
            }

            if (operation is "mount" or "unmount")
            {
                await UnmountAsync(label, volume);
            }

            await CheckAsync(volume);
            return $"{place}: {(fault is null ? "listed" : $"{fault} {(hit ? "hit" : "missed")}, {(error is null ? "done" : "refused or cut off")}")}";
        }

        public async Task CheckAllAsync()
        {
            foreach (var volume in _volumes.Keys)
            {
                await CheckAsync(volume);
            }
        }

        public async ValueTask DisposeAsync()
        {
            _cluster.Dispose();
            await _host.DisposeAsync();
            await _process.DisposeAsync();
        }

        // The work, and what must be true after it: whether it was acknowledged, or whether it may have been done and may not.
        private (Func<Task> Work, Func<bool, Task> Check) Prepare(string operation, string volume, Known known)
        {
            var name = NewName();
            switch (operation)
            {
                case "create":
                    return (
                        () =>
                            _cluster.CreateVolumeAsync(
                                new VolumeSpecification { Name = name, Size = ByteSize.FromMegabytes(32) }, CancellationToken.None),
                        async acknowledged =>
                        {
                            var found = await FindAsync(name);
                            Assert.True(found is not null || !acknowledged, $"{name} was acknowledged and is not there.");
                            Assert.True(found is null || found.Size == ByteSize.FromMegabytes(32));
                            if (acknowledged)
                            {
                                await BeginAsync(name);
                            }
                        });
                case "snapshot":
                    return (
                        () => _cluster.CreateSnapshotAsync(volume, name, ObjectLabels.None, CancellationToken.None),
                        async acknowledged =>
                        {
                            var found =
                                (await _cluster.ListSnapshotsAsync(
                                    new SnapshotQuery { Volume = volume },
                                    CancellationToken.None)).Items.Any(snapshot => snapshot.Name == name);
                            Assert.True(found || !acknowledged, $"{volume}@{name} was acknowledged and is not there.");
                            if (acknowledged)
                            {
                                known.Snapshots[name] = known.Content;
                                await WriteAsync(volume, known, "after-" + name);
                            }
                        });
                case "clone":
                    var source = Pick(known.Snapshots.Keys.Order(StringComparer.Ordinal).ToArray());
                    return (
                        () =>
                            _cluster.CreateVolumeAsync(
                                new VolumeSpecification { Name = name, SourceVolume = volume, SourceSnapshot = source },
                                CancellationToken.None),
                        async acknowledged =>
                        {
                            var found = await FindAsync(name);
                            Assert.True(found is not null || !acknowledged, $"{name} was acknowledged and is not there.");
                            if (acknowledged)
                            {
                                _volumes[name] = new Known { Content = known.Snapshots[source], Megabytes = (int)(found!.Size >> 20) };
                                await CheckAsync(name);
                            }
                        });
                case "grow":
                    var (before, after) = (known.Megabytes, known.Megabytes + 16);
                    return (
                        () => _cluster.ResizeVolumeAsync(volume, ByteSize.FromMegabytes(after), CancellationToken.None),
                        async acknowledged =>
                        {
                            var size = (await FindAsync(volume))!.Size >> 20;
                            Assert.True(size == after || (size == before && !acknowledged), $"{volume} has {size} MB.");
                            known.Megabytes = (int)size;
                        });
                case "revert":
                    var target = Pick(known.Snapshots.Keys.Order(StringComparer.Ordinal).ToArray());
                    var (newer, older) = (known.Content, known.Snapshots[target]);
                    return (
                        () => _cluster.RevertVolumeAsync(volume, target, CancellationToken.None),
                        async acknowledged =>
                        {
                            var content = await ReadAsync(volume);
                            Assert.True(
                                content == older || (content == newer && !acknowledged),
                                $"{volume} has '{content}', not '{older}'{(acknowledged ? string.Empty : $" or '{newer}'")}.");
                            known.Content = content;
                            known.Megabytes = (int)((await FindAsync(volume))!.Size >> 20);
                        });
                case "delete":
                    return (
                        () => _cluster.DeleteVolumeAsync(volume, CancellationToken.None),
                        async acknowledged =>
                        {
                            Assert.True(!acknowledged || await FindAsync(volume) is null, $"{volume} was removed and is there.");
                            if (acknowledged)
                            {
                                _ = _volumes.Remove(volume);
                            }
                        });
                default:
                    var verb = operation is "mount" ? "Mount" : "Unmount";
                    return (
                        () => CallAsync(verb, volume),
                        acknowledged =>
                        {
                            Assert.True(
                                !acknowledged || operation is "unmount" || _host.IsMounted(volume),
                                $"{volume} was acknowledged to be mounted and is not.");
                            return Task.CompletedTask;
                        });
            }
        }

        private async Task<(string? Error, Strace Tracer)> RunAsync(bool onPlugin, string call, string? fault, int number, Func<Task> work)
        {
            string? error = null;
            var tracer = onPlugin ? await _host.InjectAsync(call, fault, number) : await _process.InjectAsync(call, fault, number);
            await using (tracer)
            {
                // A host that was killed is started again meanwhile, as a service manager does: the client waits for it.
                var restart = RestartAsync(onPlugin, fault);
                try
                {
                    await work();
                }
                catch (Exception e) when (e is ClusterException or HttpRequestException)
                {
                    error = e.Message;
                }

                await restart;
            }

            await _host.StartAgainIfKilledAsync();
            return (error, tracer);
        }

        private async Task RestartAsync(bool onPlugin, string? fault)
        {
            if (!onPlugin && fault?.Contains("SIGKILL", StringComparison.Ordinal) == true)
            {
                await Task.Run(() => _process.StartAgainIfKilledAsync(TimeSpan.FromSeconds(1)));
            }
        }

        private async Task CallAsync(string call, string volume)
        {
            if (await _host.CallAsync(call, volume) is { Length: > 0 } error)
            {
                throw new ClusterException(ErrorCode.Internal, error);
            }
        }

        // The same again succeeds: not at once where a host needs a moment to find out what it was doing, but within a little while.
        private async Task RetryAsync(string label, Func<Task> work)
        {
            var last = "nothing";
            await Wait.UntilAsync($"the same again succeeds ({label})", async () =>
            {
                try
                {
                    await work();
                    return true;
                }
                catch (Exception e) when (e is ClusterException or HttpRequestException)
                {
                    if (last != e.Message)
                    {
                        last = e.Message;
                        _output.WriteLine($"    again, {label}: {last}");
                    }

                    return false;
                }
            });
        }

        private async Task BeginAsync(string volume)
        {
            _ = await _cluster.CreateVolumeAsync(
                new VolumeSpecification { Name = volume, Size = ByteSize.FromMegabytes(32) }, CancellationToken.None);
            var known = _volumes[volume] = new Known();
            await WriteAsync(volume, known, "first of " + volume);
        }

        private Task WriteAsync(string volume, Known known, string content) => WithMountedAsync(volume, path =>
        {
            using (var file = new FileStream(path, FileMode.Create, FileAccess.Write))
            {
                file.Write(System.Text.Encoding.UTF8.GetBytes(content));
                file.Flush(flushToDisk: true);
            }

            known.Content = content;
        });

        private async Task<string> ReadAsync(string volume)
        {
            var content = string.Empty;
            await WithMountedAsync(volume, path => content = File.Exists(path) ? File.ReadAllText(path) : string.Empty);
            return content;
        }

        private async Task CheckAsync(string volume)
        {
            if (_volumes.TryGetValue(volume, out var known))
            {
                Assert.Equal(known.Content, await ReadAsync(volume));
                Assert.Equal(known.Megabytes, (await FindAsync(volume))!.Size >> 20);
            }
        }

        private async Task WithMountedAsync(string volume, Action<string> work)
        {
            await RetryAsync("Mount " + volume, () => CallAsync("Mount", volume));
            work(Path.Combine(_host.PathOf(volume), "content"));
            await UnmountAsync("Unmount " + volume, volume);
        }

        // A Mount that was counted and cut off before its answer is a use of its own: nobody can tell its repetition from a second use.
        private Task UnmountAsync(string label, string volume) => Wait.UntilAsync($"{volume} is unmounted ({label})", async () =>
        {
            await RetryAsync(label, () => CallAsync("Unmount", volume));
            return !_host.IsMounted(volume);
        });

        private Task<Volume?> FindAsync(string name) => _cluster.FindVolumeAsync(name, CancellationToken.None);

        private string NewName() => string.Create(CultureInfo.InvariantCulture, $"v{++_names}");

        private T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];
    }
}
