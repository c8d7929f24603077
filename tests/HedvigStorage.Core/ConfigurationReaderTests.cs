using System.Collections;
using HedvigStorage.Documents;

namespace HedvigStorage.Tests;

public sealed class ConfigurationReaderTests
{
    [Fact]
    public void The_whole_document_is_read()
    {
        var configuration = Document.Read("""
            {
              "$schema": "https://example.org/schema.json",
              "policies": [ { "name": "gold", "replicationFactor": 3, "replicationPolicy": "RackAware", "residence": "flash", "compression": true, "dataCenters": [] } ],
              "volumes": [
                { "name": "pgdata", "size": "20GB", "policy": "gold", "type": "Block", "protect": true, "uid": 999, "mode": "0700", "fileSystem": "xfs" },
                { "name": "copy", "from": "pgdata", "snapshot": "s1" },
                { "name": "old", "ensure": "Absent" }
              ],
              "snapshots": [ { "volume": "pgdata", "name": "s1" } ],
              "docker": {
                "plugin": { "ensure": "Present", "name": "fast" },
                "containers": [ {
                  "name": "db", "image": "postgres:16",
                  "mounts": [ { "volume": "pgdata", "target": "/var/lib/postgresql/data" }, { "source": "/etc/hosts", "target": "/hosts", "readOnly": true } ],
                  "environment": { "A": "b", "N": 5, "T": true }, "ports": [ "5432:5432", 80 ], "restart": "on-failure:3", "state": "Stopped", "command": [ "a", "b c" ]
                } ]
              }
            }
            """);

        Assert.Equal(3, configuration.Policies.Single().Attributes.ReplicationFactor);
        Assert.Equal(Residence.Flash, configuration.Policies.Single().Attributes.Residence);
        var volume = configuration.Volumes[0];
        Assert.Equal(ByteSize.FromGigabytes(20), volume.Size);
        Assert.Equal((999, 448, true, VolumeFileSystem.Xfs), (volume.Uid, volume.Mode, volume.Protected, volume.FileSystem));
        Assert.Equal(Ensure.Absent, configuration.Volumes[2].Ensure);
        var container = configuration.Docker!.Containers.Single();
        Assert.Equal(["fast", null], container.Mounts!.Select(mount => mount.Driver));
        Assert.Equal(["volume", "bind"], container.Mounts!.Select(mount => mount.Type));
        Assert.Equal("5", container.Environment!["N"].Text);
        Assert.Equal("true", container.Environment!["T"].Text);
        Assert.Equal(["5432:5432", "80"], container.Ports!.Select(port => port.ToString()));
        Assert.Equal("on-failure:3", container.Restart!.ToString());
        Assert.Equal(ContainerState.Stopped, container.State);
    }

    [Fact]
    public void A_powershell_data_file_is_read_like_JSON_with_keys_in_any_letter_case_and_unrolled_lists()
    {
        var volume = new Hashtable(StringComparer.OrdinalIgnoreCase) { ["Name"] = "data", ["Size"] = 10L << 30 };
        var configuration = ConfigurationReader.Read(new Hashtable(StringComparer.OrdinalIgnoreCase) { ["Volumes"] = volume }, "test.psd1");
        Assert.Equal(ByteSize.FromGigabytes(10), configuration.Volumes.Single().Size);
    }

    [Theory]
    [InlineData("""{ "volums": [] }""", "$: unknown key 'volums'. Did you mean 'volumes'?")]
    [InlineData("""{ "volumes": [ { "name": "a", "size": "1GB", "polcy": "x" } ] }""", "$.volumes[0]: unknown key 'polcy'. "
        + "Did you mean 'policy'?")]
    [InlineData("""{ "volumes": [ { "name": "a", "size": "0" } ] }""", "$.volumes[0].size: a size of 0 holds nothing")]
    [InlineData("""{ "volumes": [ { "name": "a", "size": "-1GB" } ] }""", "'-1GB' is negative")]
    [InlineData("""{ "volumes": [ { "name": "a", "size": "10XB" } ] }""", "'10XB' is not a size")]
    [InlineData("""{ "volumes": [ { "name": "a", "size": null } ] }""", "$.volumes[0].size: expected")]
    [InlineData("""{ "volumes": [ { "name": "a/b", "size": "1GB" } ] }""", "$.volumes[0].name: The volume name 'a/b' is not valid")]
    [InlineData("""{ "volumes": [ { "name": "..", "size": "1GB" } ] }""", "$.volumes[0].name: The volume name '..' is not valid")]
    [InlineData("""{ "volumes": [ { "size": "1GB" } ] }""", "$.volumes[0]: 'name' is missing")]
    [InlineData("""{ "volumes": [ { "name": "a" } ] }""", "The volume 'a' needs a 'size'")]
    [InlineData("""{ "volumes": "a" }""", "$.volumes: expected a list, found the string 'a'")]
    [InlineData("""{ "volumes": [ { "name": "a", "size": "1GB", "type": "Tape" } ] }""", "'Tape' is not one of Block, File")]
    [InlineData("""{ "volumes": [ { "name": "a", "size": "1GB" }, { "name": "a", "size": "2GB" } ] }""", "The volume 'a' is there 2 times")]
    [InlineData("""{ "volumes": [ { "name": "a", "size": "1GB", "replicationFactor": 7 } ] }""", "'7' is not a value of replicationFactor")]
    [InlineData("""{ "volumes": [ { "name": "a", "size": "1GB", "deduplication": true, "compression": false } ] }""", "Deduplication needs "
        + "compression")]
    [InlineData("""{ "volumes": [ { "name": "a", "size": "1GB", "mode": "0999" } ] }""", "is not a valid file mode")]
    [InlineData("""{ "volumes": [ { "name": "a", "size": "1GB", "mode": 488 } ] }""", "Write it in quotes: \"0750\" has this value.")]
    [InlineData("""{ "volumes": [ { "name": "a", "size": "1GB", "mode": 750 } ] }""", "Write it in quotes: \"1356\" has this value, "
        + "\"0750\" these digits.")]
    [InlineData("""{ "volumes": [ { "name": "a", "size": "1GB", "snapshot": "s" } ] }""", "not the volume that it is 'from'")]
    [InlineData("""{ "volumes": [ { "name": "a", "ensure": "Absent", "protect": true } ] }""", "has both \"protect\": true and \"ensure\": "
        + "\"Absent\"")]
    [InlineData("""{ "access": [ { "volume": "a" } ] }""", "'target' is missing")]
    [InlineData("""{ "docker": { "containers": [ { "name": "app" } ] } }""", "needs an 'image'")]
    [InlineData("""{ "docker": { "containers": [ { "name": "app", "image": "i", "ports": [ "99999" ] } ] } }""", "'99999' is not a port")]
    [InlineData(
        """{ "docker": { "containers": [ { "name": "app", "image": "i", "restart": "sometimes" } ] } }""", "is not a restart policy")]
    [InlineData(
        """{ "docker": { "containers": [ { "name": "app", "image": "i", "mounts": [ { "target": "/x" } ] } ] } }""",
        "give either 'volume'")]
    [InlineData(
        """{ "docker": { "containers": [ { "name": "app", "image": "i", "mounts": [ { "volume": "v", "target": "x" } ] } ] } }""",
        "'x' is not an absolute path")]
    [InlineData(
        """{ "docker": { "containers": [ { "name": "app", "image": "i", "environment": { "A=B": "c" } } ] } }""",
        "is not a valid name of an environment variable")]
    [InlineData("""[]""", "$: expected an object")]
    public void What_is_wrong_is_told_with_its_place_and_what_would_be_right(string json, string expected)
    {
        var error = Assert.Throws<ConfigurationException>(() => Document.Read(json));
        Assert.Contains(error.Errors, line => line.Contains(expected, StringComparison.Ordinal));
        Assert.StartsWith("test.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_are_told_at_once()
    {
        var error = Assert.Throws<ConfigurationException>(
            () => Document.Read("""{ "volumes": [ { "name": "a/b", "size": "x" } ], "polices": [] }"""));
        Assert.Equal(3, error.Errors.Count);
        Assert.All(error.Errors, line => Assert.Contains(line, error.Message, StringComparison.Ordinal));
    }
}
