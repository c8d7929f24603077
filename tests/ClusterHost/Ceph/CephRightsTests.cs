using HedvigStorage.ClusterHost.Engines;
using HedvigStorage.ClusterHost.Engines.Ceph;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>The Ceph user of a cluster host lacks one of the rights that docs/ceph.md names.</summary>
[Collection(CephCollection.Name)]
public sealed class CephRightsTests(CephFixture ceph) : IDisposable
{
    private const string User = "few";

    private readonly TemporaryDirectory _directory = new();
    private readonly string _prefix = CephSite.NewPrefix();
    private readonly string _id = Guid.NewGuid().ToString("D");

    [SkippableTheory]
    [InlineData("profile rbd", "Block", "")]
    [InlineData("allow command \"osd pool create\"", "Block", "osd pool create")]
    [InlineData("allow command \"osd pool set\"", "Block", "osd pool set")]
    [InlineData("allow command \"osd pool application enable\"", "Block", "osd pool application enable")]
    [InlineData("allow command \"osd pool application set\"", "Block", "osd pool application set")]
    [InlineData("allow command \"osd pool op unmanaged-snap\"", "Block", "rbd_create")]
    [InlineData("allow rwx tag rbd hedvig=*", "Block", "rbd_create")]
    [InlineData("allow command \"fs add_data_pool\"", "File", "fs add_data_pool")]
    [InlineData("allow service log w", "File", "fs add_data_pool")]
    [InlineData("allow module volumes rw", "File", "fs subvolume")]
    public async Task The_call_that_is_not_allowed_is_told(string lacking, string type, string call)
    {
        var options = MakeUser(lacking);
        var error = await Assert.ThrowsAsync<ClusterException>(async () =>
        {
            await using var engine = CephSite.OpenEngine(options, _prefix);
            var made = await engine.CreateVolumesAsync([new NewVolume(_id, 1 << 20, Enum.Parse<VolumeType>(type), VolumeAttributes.None)]);
            if (made.Count > 0)
            {
                throw made[_id];
            }

            _ = await engine.CreateSnapshotAsync(_id, Guid.NewGuid().ToString("D"));
        });

        Assert.Equal(ErrorCode.Refused, error.Code);
        Assert.Contains($"does not allow", error.Message, StringComparison.Ordinal);
        Assert.Contains(call, error.Message, StringComparison.Ordinal);
        Assert.Contains($"to client.{User}", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private CephOptions MakeUser(string lacking)
    {
        var rights = ceph.ReadCeph("auth", "get", "client." + ceph.HostUser)[0].GetProperty("caps");
        List<string> command = ["auth", "get-or-create", "client." + User];
        foreach (var service in rights.EnumerateObject())
        {
            var left = service.Value.GetString()!.Split(", ").Where(right => right != lacking).ToList();
            if (left.Count > 0)
            {
                command.AddRange([service.Name, string.Join(", ", left)]);
            }
        }

        var keyring = _directory["keyring"];
        var configuration = _directory["ceph.conf"];
        _ = ceph.RunCeph("auth", "rm", "client." + User);
        _ = ceph.RunCeph([.. command, "-o", keyring]);
        File.WriteAllText(configuration, $"{File.ReadAllText(ceph.ConfigFile)}\n[client.{User}]\nkeyring={keyring}\n");
        return new CephOptions { ConfigFile = configuration, User = User, Prefix = _prefix };
    }
}
