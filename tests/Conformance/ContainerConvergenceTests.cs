namespace HedvigStorage.Conformance;

/// <summary>
/// Containers of a document on a real engine: what they wait for, in which order they go, and what happens to them behind the document's
/// back.
/// </summary>
[Collection(EngineCollection.Name)]
public sealed class ContainerConvergenceTests(EngineFixture engine)
{
    private const string Token = "t0ken-from-a-file";
    private const string Password = "p4ssword-from-a-secret";

    [SkippableFact]
    public async Task A_container_starts_when_what_it_depends_on_is_healthy_and_stops_before_it_and_its_secrets_are_shown_nowhere()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        await using var site = await StartAsync();
        try
        {
            var first = await site.ApplyAsync(Document(site));
            var plan = await site.PlanAsync(Document(site).Replace("ROUND-1", "ROUND-2", StringComparison.Ordinal));
            var json = await site.PlanAsync(Document(site).Replace("ROUND-1", "ROUND-2", StringComparison.Ordinal), "--json");
            first.Expect(0);
            Assert.Equal("healthy", await InspectAsync(site, "db", "{{.State.Health.Status}}"));
            Assert.Equal(Token + " " + Password, await ReadAsync(site));

            // It becomes healthy a second after it was started.
            var waited = await StartedAtAsync(site, "web") - await StartedAtAsync(site, "db");
            Assert.True(waited >= TimeSpan.FromSeconds(1), $"web was started {waited} after db");
            foreach (var text in (string[])[first.Output, first.Errors, plan.Expect(2).Output, json.Expect(2).Output, await InspectAsync(
                site, "db", "{{json .Config.Labels}}")])
            {
                Assert.DoesNotContain(Token, text, StringComparison.Ordinal);
                Assert.DoesNotContain(Password, text, StringComparison.Ordinal);
            }

            Assert.Contains("environment.ROUND", plan.Output, StringComparison.Ordinal);
            (await site.TestAsync(Document(site))).Expect(0);

            var since = Now();
            var both = Document(site).Replace("ROUND-1", "ROUND-2", StringComparison.Ordinal);
            Assert.Contains("would be replaced", (await site.ApplyAsync(both)).Expect(1).Errors, StringComparison.Ordinal);
            (await site.ApplyAsync(both, "--allow-replace")).Expect(0);
            var ended =
                (await site.DockerAsync(
                    "events",
                    "--since",
                    since,
                    "--until",
                    Now(),
                    "--filter",
                    "event=die",
                    "--format",
                    "{{.Actor.Attributes.name}}")).Expect(0).Output;
            Assert.Equal([Name(site, "web"), Name(site, "db")], ended.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            (await site.TestAsync(both)).Expect(0);

            (
                await site.ApplyAsync(
                    Document(site).Replace("\"state\": \"Running\"", "\"ensure\": \"Absent\"", StringComparison.Ordinal)
                        .Replace(
                            "\"containers\":",
                            $"\"networks\": [ {{ \"name\": \"{Name(site, "net")}\", \"ensure\": \"Absent\" }} ], \"containers\":",
                            StringComparison.Ordinal))).Expect(0);
            Assert.Empty((await site.DockerAsync("network", "ls", "-q", "--filter", "name=" + Name(site, "net"))).Expect(0).Output);
        }
        finally
        {
            await RemoveAsync(site);
        }
    }

    [SkippableFact]
    public async Task What_somebody_changes_by_hand_is_found_with_its_reason_and_mended()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        await using var site = await StartAsync();
        try
        {
            (await site.ApplyAsync(Document(site))).Expect(0);

            (await site.DockerAsync("rm", "-f", Name(site, "web"))).Expect(0);
            (
                await site.DockerAsync(
                    "run",
                    "-d",
                    "--name",
                    Name(site, "web"),
                    "--network",
                    Name(site, "net"),
                    "-e",
                    "ROUND=by-hand",
                    TestImages.Busybox,
                    "sleep",
                    "1000")).Expect(0);
            Assert.Contains(
                $"container/{Name(site, "web")}: command and environment.ROUND and stopTimeout cannot be changed in place",
                (await site.TestAsync(Document(site))).Expect(2).Output,
                StringComparison.Ordinal);
            Assert.Contains(
                "written outside of volumes is lost", (await site.ApplyAsync(Document(site))).Expect(1).Errors, StringComparison.Ordinal);
            (await site.ApplyAsync(Document(site), "--allow-replace")).Expect(0);
            (await site.TestAsync(Document(site))).Expect(0);

            (await site.DockerAsync("stop", Name(site, "web"))).Expect(0);
            Assert.Contains(
                $"container/{Name(site, "web")}: It differs in state.",
                (await site.TestAsync(Document(site))).Expect(2).Output,
                StringComparison.Ordinal);
            (await site.ApplyAsync(Document(site))).Expect(0);
            (await site.TestAsync(Document(site))).Expect(0);

            await site.StopPluginAsync();
            Assert.Contains(
                $"plugin/{site.Driver}: It is installed in the mode Process and does not run.",
                (await site.TestAsync(Document(site))).Expect(2).Output,
                StringComparison.Ordinal);
            (await site.ApplyAsync(Document(site))).Expect(0);
            (await site.TestAsync(Document(site))).Expect(0);
            Assert.Equal("running", await InspectAsync(site, "db", "{{.State.Status}}"));

            // An engine keeps a network by its id: a container that was stopped cannot be started in another one of that name.
            (await site.DockerAsync("stop", Name(site, "web"), Name(site, "db"))).Expect(0);
            (await site.DockerAsync("network", "rm", Name(site, "net"))).Expect(0);
            (await site.DockerAsync("network", "create", Name(site, "net"))).Expect(0);
            Assert.Contains(
                "network cannot be changed in place", (await site.TestAsync(Document(site))).Expect(2).Output, StringComparison.Ordinal);
            (await site.ApplyAsync(Document(site), "--allow-replace")).Expect(0);
            (await site.TestAsync(Document(site))).Expect(0);
        }
        finally
        {
            await RemoveAsync(site);
        }
    }

    [SkippableFact]
    public async Task A_container_that_never_becomes_healthy_is_an_error_with_the_last_word_of_its_check()
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        await using var site = await Site.StartClusterAsync(engine.DockerHost);
        var document = $$"""
            { "docker": { "containers": [ { "name": "{{Name(site, "sick")}}", "image": "{{TestImages.Busybox}}", "network": "none", "command": [ "sleep", "1000" ], "stopTimeout": 1,
              "health": { "test": "echo the disk is full; exit 1", "interval": "1s", "retries": 1 }, "waitHealthy": "60s" } ] } }
            """;
        var applied = (await site.ApplyAsync(document)).Expect(1);
        Assert.Contains(
            "is unhealthy. Its last health check wrote: the disk is full", applied.Output + applied.Errors, StringComparison.Ordinal);
        (await site.TestAsync(document)).Expect(2);
    }

    private static string Document(Site site) => $$"""
        {
          "name": "DRIVER",
          "volumes": [ { "name": "cdata", "size": "64MB" } ],
          "docker": {
            "plugin": { "name": "DRIVER", "host": "conformance", "stateDirectory": "{{site.Folder}}/state", "mountRoot": "{{site.MountRoot}}" },
            "containers": [
              { "name": "{{Name(site, "web")}}", "image": "{{TestImages.Busybox}}", "state": "Running", "network": "{{Name(site, "net")}}", "dependsOn": [ "{{Name(site, "db")}}" ], "stopTimeout": "5s",
                "environment": { "ROUND": "ROUND-1" }, "command": [ "sh", "-c", "trap 'exit 0' TERM; sleep 1000 & wait" ] },
              { "name": "{{Name(site, "db")}}", "image": "{{TestImages.Busybox}}", "state": "Running", "network": "{{Name(site, "net")}}", "stopTimeout": "5s",
                "environment": { "ROUND": "ROUND-1", "TOKEN": { "file": "token" }, "PASSWORD": { "secret": "pg" } },
                "mounts": [ { "volume": "cdata", "target": "/srv" } ],
                "command": [ "sh", "-c", "trap 'exit 0' TERM; sleep 1; touch /tmp/ready; sleep 1000 & wait" ],
                "health": { "test": "test -f /tmp/ready", "interval": "1s", "retries": 60 }, "waitHealthy": "2m" }
            ]
          }
        }
        """;

    private static string Name(Site site, string name) => $"{site.Driver}-{name}";

    private async Task<Site> StartAsync()
    {
        var site = await Site.StartAsync(engine.DockerHost);
        _ = Directory.CreateDirectory(site.Secrets);
        await File.WriteAllTextAsync(Path.Combine(site.Secrets, "pg"), Password + "\n");
        await File.WriteAllTextAsync(Path.Combine(site.Folder, "token"), Token + "\n");
        return site;
    }

    // A network's bridge stays on the machine when its engine is gone.
    private static async Task RemoveAsync(Site site)
    {
        await site.RemoveContainersAsync();
        _ = await site.DockerAsync("network", "rm", Name(site, "net"));
    }

    private static string Now() => (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000m).ToString(CultureInfo.InvariantCulture);

    private static async Task<string> ReadAsync(Site site) =>
        (await site.DockerAsync("exec", Name(site, "db"), "sh", "-c", "echo $TOKEN $PASSWORD")).Expect(0).Output.Trim();

    private static async Task<string> InspectAsync(Site site, string name, string format) =>
        (await site.DockerAsync("inspect", "-f", format, Name(site, name))).Expect(0).Output.Trim();

    private static async Task<DateTimeOffset> StartedAtAsync(Site site, string name) =>
        DateTimeOffset.Parse(await InspectAsync(site, name, "{{.State.StartedAt}}"), CultureInfo.InvariantCulture);
}
