using HedvigStorage.Client.Cluster;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>The product's own client against a cluster host.</summary>
public sealed class AdministrationClientTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly ManualTime _time = new();
    private InProcessHost _host = null!;
    private HedvigCluster _owner = null!;

    public async Task InitializeAsync()
    {
        _host = await InProcessHost.StartAsync(configure: options => options with { Time = _time });
        _owner = _host.Connect();
    }

    public async Task DisposeAsync()
    {
        _owner.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Users_can_be_made_listed_changed_and_removed()
    {
        var users = _owner.Administration;
        var ann = new UserSpecification
        {
            UserName = "ann",
            Password = "password of ann",
            Role = UserRole.Admin,
            Email = "ann@example.com",
        };
        await users.AddUserAsync(ann, None);
        await users.AddUserAsync(ann, None);
        Assert.Equal(ErrorCode.Conflict, (await FailAsync(() => users.AddUserAsync(ann with { Role = UserRole.ReadOnly }, None))).Code);
        var made = (await users.ListUsersAsync(None)).Single(user => user.UserName == "ann");
        Assert.Equal(
            ("ann", UserRole.Admin, "ann@example.com", false, _time.GetUtcNow()),
            (made.DisplayName, made.Role, made.Email, made.Owner, made.CreatedAt!.Value));

        await users.UpdateUserAsync("ann", new UserChange { Role = UserRole.ReadOnly, DisplayName = "Ann" }, None);
        var changed = (await users.ListUsersAsync(None)).Single(user => user.UserName == "ann");
        Assert.Equal(made with { Role = UserRole.ReadOnly, DisplayName = "Ann" }, changed);

        using var reader = _host.Connect("ann", "password of ann");
        Assert.Empty((await reader.ListVolumesAsync(new VolumeQuery(), None)).Items);
        Assert.Equal(ErrorCode.Unauthorized, (await FailAsync(() => reader.Administration.ListUsersAsync(None))).Code);

        await users.DeleteUserAsync("ann", None);
        await users.DeleteUserAsync("ann", None);
        Assert.Equal(ErrorCode.Unauthorized, (await FailAsync(() => reader.ListVolumesAsync(new VolumeQuery(), None))).Code);
    }

    [Fact]
    public async Task A_client_that_changes_its_password_goes_on_with_the_new_one()
    {
        Assert.Equal(
            ErrorCode.Unauthorized,
            (await FailAsync(() => _owner.Administration.ChangePasswordAsync("HedvigAdmin", "wrong", "another password", None))).Code);
        await _owner.Administration.ChangePasswordAsync("HedvigAdmin", _host.Owner.Password, "another password", None);
        _time.Advance(TimeSpan.FromMinutes(16));
        Assert.True((await _owner.Administration.GetHealthAsync(None)).Healthy);
        using var late = _host.Connect("HedvigAdmin", _host.Owner.Password);
        Assert.Equal(ErrorCode.Unauthorized, (await FailAsync(() => late.ConnectAsync(None))).Code);
    }

    [Fact]
    public async Task A_session_that_is_logged_out_is_opened_again_when_it_is_needed()
    {
        await _owner.ConnectAsync(None);
        await _owner.Administration.LogoutAsync(None);
        Assert.Empty((await _owner.ListVolumesAsync(new VolumeQuery(), None)).Items);
    }

    [Fact]
    public async Task Audit_events_come_page_by_page()
    {
        for (var index = 0; index < 3; index++)
        {
            _ = await _owner.CreateVolumeAsync(new VolumeSpecification { Name = $"v{index}", Size = ByteSize.FromMegabytes(16) }, None);
        }

        var first = await _owner.Administration.ListAuditEventsAsync(
            new AuditQuery { Type = "AddVirtualDisk", PageSize = 2, Since = _time.GetUtcNow() }, None);
        var second = await _owner.Administration.ListAuditEventsAsync(
            new AuditQuery { Type = "AddVirtualDisk", PageSize = 2, PageToken = first.NextPageToken }, None);
        Assert.Equal((2, 1), (first.Items.Count, second.Items.Count));
        Assert.Null(second.NextPageToken);
        Assert.All(
            first.Items.Concat(second.Items),
            item => Assert.Equal(("HedvigAdmin", "ok", _time.GetUtcNow()), (item.UserName, item.Outcome, item.At)));
        Assert.Equal("""{"name":"v0","size":{"unit":"MB","value":16}}""", second.Items[0].Parameters);
    }

    private static async Task<ClusterException> FailAsync(Func<Task> action) => await Assert.ThrowsAsync<ClusterException>(action);
}
