using System.Text.Json;
using System.Text.Json.Nodes;

namespace HedvigStorage.Conformance;

/// <summary>
/// A container that somebody made by hand with many settings: what an export tells of it, what a plan says it would lose, and that a
/// replacement keeps them.
/// </summary>
[Collection(EngineCollection.Name)]
public sealed class ContainerSettingsTests(EngineFixture engine) : IAsyncLifetime
{
    private Site _site = null!;

    private string Name => _site.Driver + "-app";

    private string Volume => _site.Driver + "-data";

    public async Task InitializeAsync()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        _site = await Site.StartAsync(engine.DockerHost);
        (await _site.DockerAsync(
        [
            "run", "-d", "--name", Name, "--label", "io.hedvigstorage.managed=true", "--network", "none", "--volume-driver", _site.Driver,
            "-v", $"{Volume}:/srv:nocopy",
            "--memory", "64m", "--memory-reservation", "32m", "--cpus", "0.5", "--cpu-shares", "512", "--pids-limit", "50", "--shm-size",
            "32m", "--ulimit", "nofile=512:1024", "--read-only",
            "--tmpfs", "/run:size=1m,mode=0755", "--mount", "type=tmpfs,target=/cache,tmpfs-size=1048576", "--init", "--cap-add",
            "NET_ADMIN", "--cap-drop", "MKNOD",
            "--security-opt", "no-new-privileges", "--add-host", "db:10.0.0.5", "--log-opt", "max-size=1m", "--group-add", "5", "--device",
            "/dev/null:/dev/nothing:rw",
            "--sysctl", "net.core.somaxconn=256", "--restart", "on-failure:2", "--stop-signal", "INT", "--stop-timeout", "1",
            "--oom-score-adj", "100", "-e", "SECRET=geheim",
            TestImages.Busybox, "sleep", "1000",
        ])).Expect(0);
        (await _site.DockerAsync("exec", Name, "sh", "-c", "echo kept > /srv/file")).Expect(0);
    }

    public async Task DisposeAsync()
    {
        if (_site is not null)
        {
            await _site.RemoveContainersAsync();
            await _site.DisposeAsync();
        }
    }

    [SkippableFact]
    public async Task What_is_exported_is_what_is_there_and_a_replacement_by_it_keeps_every_setting_that_documents_can_name()
    {
        var exported = JsonNode.Parse((await _site.HvAsync("export", "--containers", "--environment")).Expect(0).Output)!;
        var document = exported.ToJsonString();
        (await _site.TestAsync(document)).Expect(0);

        var container = exported["docker"]!["containers"]!.AsArray().Single(item => item!["name"]!.GetValue<string>() == Name)!;
        container["labels"] = new JsonObject { ["team"] = "x" };
        var before = await InspectAsync();
        var plan = (await _site.PlanAsync(exported.ToJsonString())).Expect(2).Output;
        Assert.Contains("No document can name, so that it is lost: OomScoreAdj.", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("not taken over", plan, StringComparison.Ordinal);
        (await _site.ApplyAsync(exported.ToJsonString(), "--allow-replace", "container")).Expect(0);

        var after = await InspectAsync();
        Assert.Equal(
            ["OomScoreAdj"],
            before.Keys.Union(after.Keys, StringComparer.Ordinal)
                .Where(name => before.GetValueOrDefault(name) != after.GetValueOrDefault(name)).Order(StringComparer.Ordinal));
        Assert.Equal("kept", (await _site.DockerAsync("exec", Name, "cat", "/srv/file")).Expect(0).Output.Trim());
        (await _site.TestAsync(exported.ToJsonString())).Expect(0);
    }

    [SkippableFact]
    public async Task A_plan_to_replace_it_by_less_tells_all_that_it_would_lose_and_no_secret()
    {
        var plan = (await _site.PlanAsync($$"""
            { "docker": { "plugin": { "name": "DRIVER", "host": "conformance" },
              "containers": [ { "name": "{{Name}}", "image": "{{TestImages.Busybox}}", "entrypoint": [ "sleep" ], "user": "7", "mounts": [ { "volume": "{{Volume}}", "target": "/srv" } ] } ] } }
            """)).Expect(2).Output;
        string[] lost =
        [
            "command sleep 1000", "environment SECRET", "network none", "restart on-failure:2", "stopTimeout 1s", "resources.memory 64MB",
            "resources.memoryReservation 32MB", "resources.cpus 0.5",
            "resources.cpuShares 512", "resources.pids 50", "shmSize 32MB", "ulimits nofile=512:1024", "readOnly true",
            "tmpfs /cache=size=1048576 /run=mode=0755,size=1048576", "init true",
            "stopSignal SIGINT", "capabilities.add NET_ADMIN", "capabilities.drop MKNOD", "securityOptions no-new-privileges=true",
            "groups 5", "devices /dev/null:/dev/nothing:rw",
            "sysctls net.core.somaxconn=256", "extraHosts db:10.0.0.5", "logging.options max-size",
        ];
        Assert.All(lost, item => Assert.Contains(item, plan, StringComparison.Ordinal));
        Assert.Contains("lost: OomScoreAdj.", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", plan, StringComparison.Ordinal);
    }

    // Mounts and limits may be said in two ways that mean the same; what is left has to be the same text.
    private async Task<Dictionary<string, string>> InspectAsync()
    {
        var found = JsonDocument.Parse((await _site.DockerAsync("inspect", Name)).Expect(0).Output).RootElement[0];
        var members = found.GetProperty("HostConfig").EnumerateObject()
            .Where(member => member.Name is not ("Binds" or "Mounts" or "Tmpfs" or "VolumeDriver" or "ConsoleSize" or "ContainerIDFile"))
            .ToDictionary(
                member => member.Name,
                member =>
                    member.Name is "SecurityOpt"
                        ? "no-new-privileges"
                        : member.Value.GetRawText() is "[]" or "{}"
                        ? "null"
                        : member.Value.GetRawText().Replace("CAP_", string.Empty, StringComparison.Ordinal),
                StringComparer.Ordinal);
        foreach (var name in new[] { "Cmd", "Env", "StopSignal", "StopTimeout", "Tty" })
        {
            members[name] = found.GetProperty("Config").TryGetProperty(name, out var value)
                ? value.GetRawText().Replace("SIG", string.Empty, StringComparison.Ordinal)
                : "null";
        }

        members["mounts"] = string.Join(' ', found.GetProperty("Mounts").EnumerateArray().Select(mount => $"{mount.GetProperty("Type")} "
            + $"{mount.GetProperty("Destination")} {mount.GetProperty("RW")}")
            .Where(text => text.StartsWith("volume", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        members["tmpfs"] = (
            await _site.DockerAsync("exec", Name, "sh", "-c", "grep -E ' /(run|cache) ' /proc/mounts | cut -d' ' -f2,3 | "
                + "sort")).Expect(0).Output;
        return members;
    }
}
