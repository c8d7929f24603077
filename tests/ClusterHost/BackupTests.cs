using System.Text.Json.Nodes;
using HedvigStorage.Client.Cluster;
using HedvigStorage.ClusterHost.Catalog;
using Microsoft.Extensions.Time.Testing;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>Copies of the catalog that are fetched from a host that runs, and what becomes of them when they are put back.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly TemporaryDirectory _directory = new();
    private InProcessHost _host = null!;
    private HedvigCluster _owner = null!;

    private string Data => _directory["data"];

    private string Copy => CatalogCopy.PathIn(Data);

    public async Task InitializeAsync() => await StartAsync();

    public async Task DisposeAsync()
    {
        await StopAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_backup_that_is_put_back_has_all_that_was_there_and_nothing_later()
    {
        await _host.Client.CreateAsync("kept");
        await _host.Client.SnapshotAsync("kept", "s");
        await _host.Client.OkAsync("AddPolicy", new JsonObject { ["name"] = "gold" });
        var (backup, content) = await BackUpAsync();
        await _host.Client.CreateAsync("later");
        await _host.Client.DeleteAsync("kept");
        Assert.Equal((content.Length, 1), (backup.Bytes, backup.VolumeCount));

        await PutBackAsync(content);
        Assert.Equal("kept", Assert.Single(await _host.Client.ListVolumesAsync())!["name"]!.GetValue<string>());
        Assert.NotNull(await _host.Client.OkAsync("ListSnapshots", new JsonObject { ["virtualDisk"] = "kept" }));
        var policies = (await _host.Client.OkAsync("ListPolicies"))!["policies"]!.AsArray();
        Assert.Equal("gold", Assert.Single(policies)!["name"]!.GetValue<string>());

        // What was made since is told and left alone; what was removed since is not handed out.
        var problems = (await _owner.Administration.CheckAsync(None)).Problems;
        Assert.Contains(problems, problem => problem.Contains("is none of the catalog's", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("'kept' is damaged", StringComparison.Ordinal));
        Assert.Equal("Refused", (await _host.Client.AttachAsync("kept"))["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_was_under_way_at_a_backup_and_has_ended_since_is_not_undone_when_it_is_put_back()
    {
        await _host.Client.CreateAsync("grown", "16MB");
        await StopAsync();
        CatalogFile.Change(Data, "UPDATE volumes SET pending_size = size * 2");
        CatalogFile.Change(
            Data,
            """
            INSERT INTO volumes (id, name, state, type, size, file_system, attributes, protected, description, created_at)
            SELECT 'begun', 'begun', 1, type, size, file_system, attributes, protected, description, created_at FROM volumes
            """);
        CatalogFile.Change(
            Data,
            """
            INSERT INTO snapshots (id, volume_id, name, state, size, allocated, created_at)
            SELECT 'half', id, 'half', 1, size, 0, 0 FROM volumes WHERE state = 0
            """);
        CatalogFile.Change(Data, "INSERT INTO reserved VALUES ('reserved')");
        var copy = _directory["copy"];
        using (var catalog = new CatalogConnection(Path.Combine(Data, "catalog.db"), readOnly: true))
        {
            Assert.Equal(1, CatalogCopy.Make(catalog, copy).Volumes);
        }

        // All of it has ended before the copy is put back: these are whole, and in use.
        var images = new[] { "volumes/begun.img", "volumes/reserved.img", "snapshots/half.img" }.Select(path => Path.Combine(Data, path))
            .ToArray();
        Array.ForEach(images, image => File.WriteAllText(image, "content"));
        var grown = Directory.GetFiles(Path.Combine(Data, "volumes")).Single(path => !images.Contains(path, StringComparer.Ordinal));
        Shell.Run("truncate", "--size", "64M", grown);
        await PutBackAsync(await File.ReadAllBytesAsync(copy));
        Assert.All(images, image => Assert.Equal("content", File.ReadAllText(image)));
        Assert.Equal(64 << 20, new FileInfo(grown).Length);
        Assert.Equal("grown", Assert.Single(await _host.Client.ListVolumesAsync())!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_backup_while_a_volume_is_put_back_to_a_snapshot_is_refused_for_now()
    {
        await _host.Client.CreateAsync("torn");
        await StopAsync();
        CatalogFile.Change(Data, "UPDATE volumes SET reverting_to = 's'");
        var copy = _directory["copy"];
        using var catalog = new CatalogConnection(Path.Combine(Data, "catalog.db"), readOnly: true);
        var refused = Assert.Throws<ClusterException>(() => CatalogCopy.Make(catalog, copy));
        Assert.Equal(ErrorCode.Busy, refused.Code);
        Assert.Contains("'torn'", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(copy)!, "copy*"));
        CatalogFile.Change(Data, "UPDATE volumes SET reverting_to = NULL");
        await StartAsync();
    }

    [Fact]
    public async Task A_backup_is_read_part_by_part_as_of_its_beginning()
    {
        await _host.Client.CreateAsync("kept");
        var made = (await _host.Client.OkAsync("BackupCatalog"))!;
        await _host.Client.CreateAsync("later");
        var id = made["backup"]!.GetValue<string>();
        var bytes = made["bytes"]!.GetValue<long>();
        var first = await ReadAsync(id, 0);
        Assert.Equal(first, await ReadAsync(id, 0));
        Assert.Equal(first[100..], await ReadAsync(id, 100));
        Assert.Empty(await ReadAsync(id, bytes));
        Assert.Empty(await ReadAsync(id, long.MaxValue));
    }

    [Fact]
    public async Task A_backup_ends_with_the_next_one_or_when_nobody_has_read_it_for_some_time()
    {
        var time = new FakeTimeProvider();
        var directory = _directory["other"];
        Directory.CreateDirectory(directory);
        using var catalog = CatalogDatabase.Open(Path.Combine(directory, "catalog.db"));
        using var backups = new CatalogBackups(catalog, directory, time);
        var first = (await backups.MakeAsync()).Id;
        var second = (await backups.MakeAsync()).Id;
        Assert.Contains(
            "another one was begun", Assert.Throws<ClusterException>(() => backups.Read(first, 0)).Message, StringComparison.Ordinal);
        for (var number = 0; number < 3; number++)
        {
            time.Advance(CatalogBackups.KeptFor * 0.9);
            Assert.NotEmpty(backups.Read(second, 0));
        }

        time.Advance(CatalogBackups.KeptFor);
        Assert.Equal(ErrorCode.NotFound, Assert.Throws<ClusterException>(() => backups.Read(second, 0)).Code);
        Assert.Empty(Directory.GetFiles(directory, "catalog-backup*"));
    }

    [Fact]
    public async Task Nothing_of_a_backup_is_left_behind_by_a_host_that_ends_nor_by_one_that_was_killed()
    {
        _ = await _host.Client.OkAsync("BackupCatalog");
        Assert.True(File.Exists(Copy));
        await StopAsync();
        Assert.False(File.Exists(Copy));
        await File.WriteAllTextAsync(Copy, "half");
        await StartAsync();
        Assert.False(File.Exists(Copy));
    }

    [Fact]
    public async Task Only_a_super_user_gets_one_and_the_audit_tells_who_did()
    {
        await _owner.Administration.AddUserAsync(
            new UserSpecification { UserName = "ann", Password = "password of ann", Role = UserRole.Admin }, None);
        var id = (await _host.Client.OkAsync("BackupCatalog"))!["backup"]!.GetValue<string>();
        using var ann = new RestClient(_host.Address);
        await ann.LoginAsync("ann", "password of ann");
        await ann.FailAsync("Unauthorized", "BackupCatalog");
        await ann.FailAsync("Unauthorized", "ReadBackup", new JsonObject { ["backup"] = id, ["offset"] = 0 });
        var events = await _owner.Administration.ListAuditEventsAsync(new AuditQuery { Type = "BackupCatalog" }, None);
        Assert.Equal(["ann failure", "HedvigAdmin ok"], events.Items.Select(item => $"{item.UserName} {item.Outcome}"));
    }

    [Fact]
    public async Task A_damaged_catalog_is_not_copied()
    {
        await _host.Client.CreateAsync("v");
        await StopAsync();
        await StartAsync();
        using (var file = File.OpenHandle(Path.Combine(Data, "catalog.db"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            RandomAccess.Write(file, new byte[4096], 8192);
        }

        Assert.Contains("page 3", await _host.Client.FailAsync("Internal", "BackupCatalog"), StringComparison.Ordinal);
        Assert.False(File.Exists(Copy));
    }

    private async Task StartAsync()
    {
        _host = await InProcessHost.StartAsync(Data);
        _owner = _host.Connect();
    }

    private async Task StopAsync()
    {
        _owner.Dispose();
        await _host.DisposeAsync();
    }

    private async Task<(CatalogBackup Backup, byte[] Content)> BackUpAsync()
    {
        using var content = new MemoryStream();
        var backup = await _owner.Administration.BackUpAsync(content, None);
        return (backup, content.ToArray());
    }

    // As "Backup" in docs/operating.md says.
    private async Task PutBackAsync(byte[] content)
    {
        await StopAsync();
        var catalog = Path.Combine(Data, "catalog.db");
        File.Delete(catalog + "-wal");
        File.Delete(catalog + "-shm");
        await File.WriteAllBytesAsync(catalog, content);
        _ = Shell.Try(HostProcess.Program, "--data", Data, "--check", "--accept");
        await StartAsync();
    }

    private async Task<byte[]> ReadAsync(string id, long offset)
    {
        var part = await _host.Client.OkAsync("ReadBackup", new JsonObject { ["backup"] = id, ["offset"] = offset });
        return Convert.FromBase64String(part!["content"]!.GetValue<string>());
    }
}
