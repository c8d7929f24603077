using HedvigStorage.Docker;

namespace HedvigStorage.Tests;

/// <summary>Volumes that follow their containers from one engine to another.</summary>
public sealed class VolumeMoveTests
{
    private static readonly string[] Order =
    [
        "first: stop app", "first: stop db", "second: create db", "second: create app", "second: create idle", "second: start db",
        "second: start app",
        "first: remove idle", "first: remove app", "first: remove db",
    ];

    [Fact]
    public async Task The_containers_that_mount_the_volume_are_stopped_made_and_started_there_and_then_removed_here()
    {
        var site = await ThreeAsync();
        await site.MoveAsync();
        Assert.Equal(Order, site.Trace);
        Assert.Equal(["app", "db"], MoveSite.Running(site.Destination));
        Assert.Equal("created", site.Destination.Containers["idle"].State);
        Assert.Empty(site.Source.Containers);
        Assert.Equal("second", site.Cluster.Volumes["data"].Attachment!.Host);
        Assert.DoesNotContain("fence volume/data", site.Cluster.Changes);
        Assert.Contains("starting db at unix:///second.sock", site.Progress);
    }

    [Fact]
    public async Task The_steps_are_told_before_in_their_order_and_nothing_is_changed()
    {
        var site = await ThreeAsync();
        var move = await site.PlanAsync();
        Assert.Equal(
            ["app: Stop", "db: Stop", "data: Wait", "db: Create and start", "app: Create and start", "idle: Create", "idle: Remove", "app: Remove", "db: Remove"],
            move.Steps.Select(step => $"{step.Target}: {step.Action.Split([" the ", " until "], StringSplitOptions.None)[0]}"));
        Assert.Empty(site.Trace);
        Assert.Empty(move.Notes);
    }

    [Fact]
    public async Task The_containers_are_made_the_same_without_what_their_image_sets_and_with_their_labels()
    {
        var site = new MoveSite("data");
        await site.AddContainerAsync(
            "db",
            "data",
            with: specification => specification with { Command = ["serve"], Restart = new RestartPolicy("always", 0), HostName = "db" });
        await site.MoveAsync();
        var moved = site.Destination.Containers["db"].Specification;
        Assert.Equal(["serve"], moved.Command);
        Assert.Equal("always", moved.Restart.Name);
        Assert.Equal("db", moved.HostName);
        Assert.Equal("blue", moved.Environment["COLOR"]);
        Assert.Equal("true", moved.Labels["io.hedvigstorage.managed"]);
        Assert.Equal("hedvig", Assert.Single(moved.Mounts).Driver);
    }

    [Fact]
    public async Task The_name_of_a_host_that_the_engine_chose_does_not_go_along()
    {
        var site = new MoveSite("data");
        await site.AddContainerAsync("db", "data");
        var before = site.Source.Containers["db"].Specification.HostName;
        await site.MoveAsync();
        Assert.NotEqual(before, site.Destination.Containers["db"].Specification.HostName);
    }

    [Fact]
    public async Task Volumes_that_are_mounted_together_move_together()
    {
        var site = new MoveSite("data", "log", "other");
        await site.AddContainerAsync(
            "db",
            "data",
            with: specification =>
                specification with
                {
                    Mounts = [.. specification.Mounts, new ContainerMount { Source = "log", Target = "/log", Driver = "hedvig" }],
                });
        await site.AddContainerAsync("shipper", "log");
        await site.AddContainerAsync("web", "other");
        var move = await site.PlanAsync("log");
        Assert.Equal(["data", "log"], move.Volumes);
        Assert.Equal(["db", "shipper"], move.Containers);
        await move.RunAsync(report: null, CancellationToken.None);
        Assert.Equal(["db", "shipper"], MoveSite.Running(site.Destination));
        Assert.Equal(["web"], MoveSite.Running(site.Source));
    }

    [Fact]
    public async Task A_second_move_has_nothing_to_do()
    {
        var site = await ThreeAsync();
        await site.MoveAsync();
        site.Trace.Clear();
        Assert.Empty((await site.PlanAsync()).Steps);
        await site.MoveAsync();
        Assert.Empty(site.Trace);
        Assert.Equal("second", site.Cluster.Volumes["data"].Attachment!.Host);
    }

    [Fact]
    public async Task A_volume_that_nothing_mounts_loses_a_left_over_attachment_and_never_that_of_a_host_that_is_alive()
    {
        var site = new MoveSite("data");
        Assert.Empty((await site.PlanAsync()).Steps);
        site.Cluster.Volumes["data"] = site.Cluster.Volumes["data"] with
        {
            Attachment = new Attachment { Volume = "data", Host = "first" },
        };
        var refused = await Assert.ThrowsAsync<ClusterException>(() => site.MoveAsync());
        Assert.Equal(ErrorCode.Refused, refused.Code);
        Assert.NotNull(site.Cluster.Volumes["data"].Attachment);

        _ = site.Cluster.AliveHosts.Remove("first");
        Assert.Equal("End the left-over attachment of the host first", Assert.Single((await site.PlanAsync()).Steps).Action);
        await site.MoveAsync();
        Assert.Null(site.Cluster.Volumes["data"].Attachment);
    }

    public static TheoryData<int, bool> Failures()
    {
        var data = new TheoryData<int, bool>();
        for (var step = 0; step < Order.Length; step++)
        {
            data.Add(step, false);
            data.Add(step, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failure_at_any_step_leaves_the_containers_running_at_one_engine_and_says_at_which(int step, bool answerLost)
    {
        var site = await ThreeAsync();
        var failed = false;
        void Fail(string action)
        {
            if (!failed && action == Order[step])
            {
                failed = true;
                throw new ClusterException(ErrorCode.Unreachable, "The engine went away.");
            }
        }

        _ = answerLost ? site.After = Fail : site.Before = Fail;
        var exception = await Assert.ThrowsAsync<ClusterException>(() => site.MoveAsync());
        Assert.Contains("The engine went away.", exception.Message, StringComparison.Ordinal);
        if (Order[step].StartsWith("first: remove", StringComparison.Ordinal))
        {
            Assert.Contains("was moved, and its containers are at unix:///second.sock now", exception.Message, StringComparison.Ordinal);
            Assert.Equal(["app", "db"], MoveSite.Running(site.Destination));
            Assert.Empty(MoveSite.Running(site.Source));
        }
        else
        {
            Assert.StartsWith("The volume 'data' was not moved: ", exception.Message, StringComparison.Ordinal);
            Assert.EndsWith("The containers at unix:///first.sock run again.", exception.Message, StringComparison.Ordinal);
            Assert.Equal(["app", "db"], MoveSite.Running(site.Source));
            Assert.Empty(site.Destination.Containers);
            Assert.Equal("first", site.Cluster.Volumes["data"].Attachment!.Host);
        }

        Assert.DoesNotContain("fence volume/data", site.Cluster.Changes);
    }

    [Fact]
    public async Task What_cannot_be_taken_away_there_keeps_the_containers_here_stopped_so_that_nothing_runs_twice()
    {
        var site = await ThreeAsync();
        site.Before = action =>
        {
            if (action is "second: start app" || action.StartsWith("second: stop", StringComparison.Ordinal))
            {
                throw new ClusterException(ErrorCode.Unreachable, "The engine went away.");
            }
        };
        var exception = await Assert.ThrowsAsync<ClusterException>(() => site.MoveAsync());
        Assert.Contains(
            "the containers at unix:///first.sock were left stopped: remove 'db', 'app', 'idle' at unix:///second.sock, then start 'db', "
                + "'app' at unix:///first.sock.",
            exception.Message,
            StringComparison.Ordinal);
        Assert.Empty(MoveSite.Running(site.Source));
    }

    [Fact]
    public async Task A_lease_that_does_not_end_brings_everything_back()
    {
        var site = await ThreeAsync();
        site.SourceKeepsLeases = true;
        var exception = await Assert.ThrowsAsync<ClusterException>(() => site.MoveAsync());
        Assert.Equal(ErrorCode.Busy, exception.Code);
        Assert.Contains("The host 'first' still has the volume 'data' attached", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["app", "db"], MoveSite.Running(site.Source));
        Assert.Empty(site.Destination.Changes);
        Assert.DoesNotContain("fence volume/data", site.Cluster.Changes);
    }

    [Fact]
    public async Task A_cluster_that_goes_away_meanwhile_keeps_nothing_stopped()
    {
        var site = await ThreeAsync();
        site.After = action => site.Cluster.Down |= action == "first: stop db";
        var exception = await Assert.ThrowsAsync<ClusterException>(() => site.MoveAsync());
        Assert.StartsWith("The volume 'data' was not moved: The cluster does not answer.", exception.Message, StringComparison.Ordinal);
        Assert.EndsWith("The containers at unix:///first.sock run again.", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["app", "db"], MoveSite.Running(site.Source));
    }

    [Fact]
    public async Task Who_gives_up_finds_the_containers_running_where_they_were()
    {
        var site = await ThreeAsync();
        using var stopping = new CancellationTokenSource();
        site.Before = action =>
        {
            if (action == "second: start db")
            {
                stopping.Cancel();
                stopping.Token.ThrowIfCancellationRequested();
            }
        };
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => site.MoveAsync(cancellationToken: stopping.Token));
        Assert.Equal(["app", "db"], MoveSite.Running(site.Source));
        Assert.Empty(site.Destination.Containers);
    }

    [Fact]
    public async Task A_container_that_somebody_else_makes_there_meanwhile_is_left_alone()
    {
        var site = await ThreeAsync();
        site.Before = action =>
        {
            if (action == "second: create app")
            {
                site.Destination.Containers["app"] = site.Source.Containers["db"] with { Id = "other", Name = "app", State = "exited" };
                throw new ClusterException(ErrorCode.Conflict, "The name 'app' is in use.");
            }
        };
        var exception = await Assert.ThrowsAsync<ClusterException>(() => site.MoveAsync());
        Assert.Equal(ErrorCode.Conflict, exception.Code);
        Assert.Equal(["app"], site.Destination.Containers.Keys);
        Assert.Equal(["app", "db"], MoveSite.Running(site.Source));
    }

    [Fact]
    public async Task With_wait_a_container_that_is_not_healthy_there_comes_back()
    {
        var site = new MoveSite("data");
        await site.AddContainerAsync(
            "db", "data", with: specification => specification with { Health = new HealthCheck { Test = ["CMD", "ping"] } });
        site.Options = site.Options with { WaitHealthy = true, Limit = TimeSpan.FromSeconds(30) };
        site.Destination.HealthOfStarted[0] = "unhealthy";
        var exception = await Assert.ThrowsAsync<ClusterException>(() => site.MoveAsync());
        Assert.Contains("The container 'db' is unhealthy.", exception.Message, StringComparison.Ordinal);
        Assert.Equal(["db"], MoveSite.Running(site.Source));
        Assert.Empty(site.Destination.Containers);

        site.Destination.HealthOfStarted[0] = "healthy";
        await site.MoveAsync();
        Assert.Equal(["db"], MoveSite.Running(site.Destination));
    }

    public static TheoryData<string, string> Obstacles() => new()
    {
        { "image", "The image 'app:1' of the container 'db' is not at unix:///second.sock. Pull it there first." },
        { "name", "There is a container 'db' at unix:///second.sock already." },
        { "plugin", "does not know the volume 'data'. Install the plugin host there" },
        { "driver", "The volume 'data' at unix:///second.sock is one of the driver 'local'." },
        { "network", "The network 'backend' of the container 'db' is not at unix:///second.sock. Create it there first." },
        { "networks", "is connected to 2 networks" },
        { "shared", "shares the network of another container" },
        { "paused", "The container 'db' is paused." },
        { "local", "mounts the volume 'cache' of the driver 'local', whose data would stay" },
        { "anonymous", "has 1 volumes without a name" },
        { "same", "is the source too" },
        { "volume", "There is no volume 'data'" },
    };

    [Theory]
    [MemberData(nameof(Obstacles))]
    public async Task What_could_not_run_there_is_refused_before_anything_is_stopped(string obstacle, string message)
    {
        var site = new MoveSite("data");
        await site.AddContainerAsync("db", "data", with: specification => obstacle switch
        {
            "network" => specification with { NetworkMode = "backend" },
            "shared" => specification with { NetworkMode = "container:0123" },
            "local" =>
                specification with
                {
                    Mounts = [.. specification.Mounts, new ContainerMount { Source = "cache", Target = "/cache", Driver = "local" }],
                },
            _ => specification,
        });
        var db = site.Source.Containers["db"];
        _ = obstacle switch
        {
            "image" => site.Destination.Images.Remove("app:1"),
            "name" => site.Destination.Containers.TryAdd("db", db with { State = "exited" }),
            "plugin" => site.Destination.Volumes.Remove("data"),
            "driver" => (site.Destination.Volumes["data"] = new EngineVolume { Name = "data", Driver = "local" }) is not null,
            "networks" =>
                (
                    site.Source.Containers["db"] = db with
                    {
                        Networks = new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "1", ["b"] = "2" },
                    }) is not null,
            "paused" => (site.Source.Containers["db"] = db with { State = "paused" }) is not null,
            "anonymous" => (site.Source.Containers["db"] = db with { AnonymousVolumes = ["0123"] }) is not null,
            "volume" => site.Cluster.Volumes.Remove("data"),
            _ => false,
        };
        var exception = await Assert.ThrowsAsync<ClusterException>(() =>
            Moving.VolumeMove.PlanAsync(
                site.Cluster,
                site.Source,
                obstacle == "same" ? site.Source : site.Destination,
                "data",
                site.Options,
                CancellationToken.None));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Empty(site.Trace);
    }

    [Fact]
    public async Task What_may_differ_there_is_told_before()
    {
        var site = new MoveSite("data");
        await site.AddContainerAsync("db", "data", with: specification => specification with
        {
            Labels = new Dictionary<string, string>(StringComparer.Ordinal),
            Mounts = [.. specification.Mounts, new ContainerMount { Type = "bind", Source = "/etc/app", Target = "/etc/app" }],
        });
        site.Destination.Images["app:1"] = new Image { Id = "sha256:two" };
        var notes = (await site.PlanAsync()).Notes;
        Assert.Equal(3, notes.Count);
        Assert.Contains(notes, note => note.Contains("binds '/etc/app' of its host", StringComparison.Ordinal));
        Assert.Contains(notes, note => note.Contains("was not made by this product", StringComparison.Ordinal));
        Assert.Contains(notes, note => note.Contains("is another one at unix:///second.sock", StringComparison.Ordinal));
    }

    private static async Task<MoveSite> ThreeAsync()
    {
        var site = new MoveSite("data");
        await site.AddContainerAsync("db", "data");
        await site.AddContainerAsync("app", "data");
        await site.AddContainerAsync("idle", "data", run: false);
        return site;
    }
}
