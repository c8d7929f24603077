using System.Security.Cryptography;

namespace HedvigStorage.Conformance.Torture;

/// <summary>Uses volumes of its own in every way there is, and remembers what was acknowledged.</summary>
/// <param name="number">Its number, which its names begin with.</param>
/// <param name="seed">What its choices follow from.</param>
/// <param name="caller">Makes the calls.</param>
/// <param name="survives">Whether containers survive the engine.</param>
internal sealed class Worker(int number, int seed, Caller caller, bool survives)
{
    private const int MostVolumes = 2;
    private const int MostFiles = 20;
    private const int LargestFile = 256 << 10;

    private readonly Random _random = new(seed);
    private readonly List<KeptVolume> _volumes = [];
    private int _names;

    /// <summary>Works until it is told to stop; what it has begun is finished.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (_volumes.Count == 0 || (_volumes.Count < MostVolumes && _random.Next(4) == 0))
            {
                await CreateAsync();
                continue;
            }

            var volume = _volumes[_random.Next(_volumes.Count)];
            await (volume.Files.Count > MostFiles ? RemoveAsync(volume) : StepAsync(volume));
        }
    }

    /// <summary>Verifies and removes all that is left.</summary>
    public async Task EndAsync()
    {
        foreach (var volume in _volumes.ToList())
        {
            await RemoveAsync(volume);
        }
    }

    private Task StepAsync(KeptVolume volume) => _random.Next(12) switch
    {
        0 or 1 or 2 => WriteAsync(volume),
        3 or 4 => VerifyAsync(volume),
        5 or 6 or 7 => UseContainerAsync(volume),
        8 or 9 => CloneAsync(volume),
        10 => GrowAsync(volume),
        _ => RemoveAsync(volume),
    };

    private async Task CreateAsync()
    {
        var volume = new KeptVolume(NewName("v"), 32);
        _ = await caller.DockerAsync(
            "create a volume",
            Caller.LongBudget,
            "volume",
            "create",
            "-d",
            caller.Site.Driver,
            "-o",
            $"size={volume.Megabytes}MB",
            volume.Name);
        _volumes.Add(volume);
    }

    // Each try writes a file of its own, so that one which was cut off says nothing about the one that is acknowledged.
    private async Task WriteAsync(KeptVolume volume)
    {
        var written = await RunAsync("run a container that writes", volume, () => WriteScript(NewName("f")));
        Acknowledge(volume, written.Output);
    }

    private async Task VerifyAsync(KeptVolume volume)
    {
        const string End = "END";
        var script =
            $"cd /volume; for f in {string.Join(' ', volume.Files.Keys)}; do if [ -f $f ]; then sha256sum $f; else echo MISSING $f; fi; "
                + $"done; echo {End}";
        var read = await RunAsync("run a container that verifies", volume, () => script);
        var lines = read.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var expected = volume.Files.Select(file => $"{file.Value}  {file.Key}").Append(End);
        Assert.True(
            expected.SequenceEqual(lines, StringComparer.Ordinal),
            $"Volume '{volume.Name}' has not what was acknowledged.\n--- acknowledged\n{string.Join('\n', expected)}\n--- "
                + $"there\n{read.Output}");
    }

    private async Task UseContainerAsync(KeptVolume volume)
    {
        var container = NewName("c");
        _ = await StartContainerAsync(volume, container);
        var started = await caller.DockerAsync(
            "inspect a container", Caller.ShortBudget, "inspect", "-f", "{{.State.StartedAt}}", container);
        for (var use = _random.Next(1, 4); use > 0; use--)
        {
            await (_random.Next(4) switch
            {
                0 => CopyInAsync(volume, container),
                1 => CopyOutAsync(volume, container),
                2 => CloneAsync(volume),
                _ => WriteInsideAsync(volume, container),
            });
        }

        if (survives)
        {
            var now = await caller.DockerAsync(
                "inspect a container", Caller.ShortBudget, "inspect", "-f", "{{.State.StartedAt}}", container);
            Assert.Equal(started.Output, now.Output);
        }

        _ = await caller.DockerAsync("stop a container", Caller.ShortBudget, "stop", "-t", "5", container);
        await (_random.Next(2) == 0 ? CopyInAsync(volume, container) : CopyOutAsync(volume, container));
        _ = await RemoveContainerAsync(container);
    }

    private Task<Attempt> StartContainerAsync(KeptVolume volume, string container) => caller.UntilDoneAsync(
        "start a container",
        Caller.LongBudget,
        async () =>
        {
            var run = await caller.Site.DockerAsync(RunArguments(volume, container, "-d", "trap 'exit 0' TERM; sleep 3600 & wait"));
            if (run.Status != 0)
            {
                // Whether a try that was cut off has made the container is not known.
                _ = await caller.Site.DockerAsync("rm", "-f", container);
            }

            return Attempt.Of(run);
        },
        container);

    private async Task WriteInsideAsync(KeptVolume volume, string container)
    {
        var written = await caller.UntilDoneAsync(
            "write in a running container",
            Caller.ShortBudget,
            async () =>
            {
                await ReviveAsync(volume, container);
                return Attempt.Of(await caller.Site.DockerAsync("exec", container, "sh", "-c", WriteScript(NewName("f"))));
            },
            container);
        Acknowledge(volume, written.Output);
    }

    // An engine that ends takes its containers with it, unless they are meant to survive it.
    private async Task ReviveAsync(KeptVolume volume, string container)
    {
        var state = await caller.DockerAsync("inspect a container", Caller.ShortBudget, "inspect", "-f", "{{.State.Status}}", container);
        if (state.Output.Trim() == "exited")
        {
            Assert.False(survives, $"Container '{container}' has not survived the engine.");
            var again = await caller.UntilDoneAsync(
                "start a container again",
                Caller.LongBudget,
                async () =>
                {
                    var attempt = Attempt.Of(await caller.Site.DockerAsync("start", container));
                    return attempt with { Done = attempt.Done || attempt.IsLeftByAKilledEngine };
                },
                container);
            if (again.IsLeftByAKilledEngine)
            {
                _ = await RemoveContainerAsync(container);
                _ = await StartContainerAsync(volume, container);
            }
        }
    }

    private async Task CopyInAsync(KeptVolume volume, string container)
    {
        var content = new byte[_random.Next(1, LargestFile)];
        _random.NextBytes(content);
        var name = NewName("i");
        var file = Path.Combine(caller.Site.Folder, name);
        await File.WriteAllBytesAsync(file, content);
        _ = await caller.UntilDoneAsync(
            "copy into a container",
            Caller.LongBudget,
            () =>
                caller.WhileTheEngineRunsAsync(
                    async () => Attempt.Of(await caller.Site.DockerAsync("cp", file, $"{container}:/volume/{name}"))),
            $"{name} to {container} with {volume.Name}");
        File.Delete(file);
        volume.Files[name] = Convert.ToHexStringLower(SHA256.HashData(content));
    }

    private async Task CopyOutAsync(KeptVolume volume, string container)
    {
        foreach (var (name, hash) in volume.Files.Take(1))
        {
            var file = Path.Combine(caller.Site.Folder, NewName("o"));
            _ = await caller.DockerAsync("copy out of a container", Caller.LongBudget, "cp", $"{container}:/volume/{name}", file);
            Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file))));
            File.Delete(file);
        }
    }

    private async Task CloneAsync(KeptVolume volume)
    {
        // What is acknowledged before the first try is in the snapshot, whichever try has made it.
        var clone = new KeptVolume(NewName("v"), volume.Megabytes)
        {
            Files = new Dictionary<string, string>(volume.Files, StringComparer.Ordinal),
        };
        var snapshot = NewName("s");
        _ = await caller.ClusterAsync("snapshot", cluster => cluster.CreateSnapshotAsync(volume.Name, snapshot, CancellationToken.None));
        _ = await caller.DockerAsync(
            "clone",
            Caller.LongBudget,
            "volume",
            "create",
            "-d",
            caller.Site.Driver,
            "-o",
            "from=" + volume.Name,
            "-o",
            "snapshot=" + snapshot,
            clone.Name);
        _volumes.Add(clone);
        await VerifyAsync(clone);
        await RemoveAsync(clone);
    }

    private async Task GrowAsync(KeptVolume volume)
    {
        var size = ByteSize.FromMegabytes(volume.Megabytes + 16);
        var grown = await caller.ClusterAsync("grow", cluster => cluster.ResizeVolumeAsync(volume.Name, size, CancellationToken.None));
        Assert.Equal(size.Bytes, grown.Size);
        volume.Megabytes += 16;
        await VerifyAsync(volume);
    }

    private async Task RemoveAsync(KeptVolume volume)
    {
        await VerifyAsync(volume);
        _ = await caller.UntilDoneAsync(
            "remove a volume",
            Caller.ShortBudget,
            async () =>
            {
                var attempt = Attempt.Of(await caller.Site.DockerAsync("volume", "rm", volume.Name)).OrGone("no such volume");
                await caller.EndWhatTheEngineHasLostAsync(attempt.Error);
                return attempt;
            },
            volume.Name);
        _ = _volumes.Remove(volume);
        Assert.Null(await caller.ClusterAsync(
            "look for a removed volume", cluster => cluster.FindVolumeAsync(volume.Name, CancellationToken.None)));
    }

    private async Task<Attempt> RunAsync(string what, KeptVolume volume, Func<string> script)
    {
        var cutOff = new List<string>();
        var run = await caller.UntilDoneAsync(
            what,
            Caller.LongBudget,
            async () =>
            {
                var container = NewName("r");
                var attempt = Attempt.Of(await caller.Site.DockerAsync(RunArguments(volume, container, "--rm", script())));
                if (!attempt.Done)
                {
                    cutOff.Add(container);
                }

                return attempt;
            },
            volume.Name);
        foreach (var container in cutOff)
        {
            _ = await RemoveContainerAsync(container);
        }

        return run;
    }

    private Task<Attempt> RemoveContainerAsync(string container) => caller.UntilDoneAsync(
        "remove a container",
        Caller.ShortBudget,
        async () => Attempt.Of(await caller.Site.DockerAsync("rm", "-f", container)).OrGone("no such container"),
        container);

    private string[] RunArguments(KeptVolume volume, string container, string how, string script) =>
        ["run", how, "--name", container, "--network", "none", "--volume-driver", caller.Site.Driver, "-v", volume.Name + ":/volume", TestImages.Busybox, "sh", "-c", script];

    private string WriteScript(string file) => string.Create(
        CultureInfo.InvariantCulture,
        $"head -c {_random.Next(1, LargestFile)} /dev/urandom > /volume/{file} && sync /volume/{file} && cd /volume && sha256sum {file}");

    // As sha256sum writes it: the sum, two blanks, the name.
    private static void Acknowledge(KeptVolume volume, string line)
    {
        var parts = line.Trim().Split("  ");
        volume.Files[parts[1]] = parts[0];
    }

    private string NewName(string kind) => string.Create(CultureInfo.InvariantCulture, $"t{number}-{kind}{_names++}");
}
