using HedvigStorage.PluginHost.Attachers;
using HedvigStorage.PluginHost.Native;

namespace HedvigStorage.PluginHost.Tests;

/// <summary>The label and the identity of a volume's file system.</summary>
public sealed class IdentityTests
{
    [SkippableTheory]
    [InlineData("ext4", "pgdata", "pgdata")]
    [InlineData("ext4", "a-name-of-more-than-16-bytes", "a-name-of-more-t")]
    [InlineData("xfs", "pgdata", "pgdata")]
    [InlineData("xfs", "a-name-of-more-than-12-bytes", "a-name-of-mo")]
    public void A_new_file_system_is_labelled_after_its_volume(string fileSystem, string name, string label)
    {
        using var image = new AttachedImage(fileSystem, name);
        image.MountAndWrite("content");
        Assert.Equal(label, image.Label);
        Assert.Equal(0, FileSystemTool.Check(fileSystem, image.Path));
    }

    [Theory]
    [InlineData("äöü€-data")]
    [InlineData("🐘🐘🐘🐘🐘🐘🐘🐘")]
    [InlineData("15-characters-ä")]
    [InlineData("with a space\nand a line")]
    [InlineData("\ud83d")]
    [InlineData("x")]
    public void A_label_fits_and_is_plain_text_whatever_the_name(string name)
    {
        foreach (var (label, bytes) in new[] { (FileSystemIdentity.Ext4Label(name), 16), (FileSystemIdentity.XfsLabel(name), 12) })
        {
            Assert.InRange(Encoding.UTF8.GetByteCount(label), 1, bytes);
            Assert.All(label, character => Assert.True(char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-', label));
        }
    }

    [Fact]
    public void An_identity_tells_its_volume_and_no_two_are_the_same()
    {
        var volume = new Volume { Name = "one", Id = "the first", Size = new ByteSize("1GB") };
        var other = volume with { Id = "the second" };
        var id = FileSystemIdentity.Create(volume);
        Assert.NotEqual(id, FileSystemIdentity.Create(volume));
        Assert.Equal(id.ToString()[..18], FileSystemIdentity.Create(volume).ToString()[..18]);
        Assert.Equal('8', id.ToString()[14]);
        Assert.False(FileSystemIdentity.IsOfAnother(id, volume));
        Assert.True(FileSystemIdentity.IsOfAnother(id, other));
        Assert.False(FileSystemIdentity.IsOfAnother(id, other with { Id = null }));
    }

    [SkippableFact]
    public void A_clone_of_ext4_gets_an_identity_and_a_label_of_its_own_once_and_keeps_its_content()
    {
        using var source = new AttachedImage("ext4", "source");
        using var clone = new AttachedImage("ext4", "clone");
        source.MountAndWrite("content");
        clone.CopyFrom(source);
        clone.Volume = clone.Volume with { SourceVolume = "source" };

        Assert.Equal("content", clone.MountAndRead());
        Assert.Empty(clone.Warnings);
        Assert.Equal("clone", clone.Label);
        var id = clone.Uuid;
        Assert.NotEqual(source.Uuid, id);
        Assert.Equal(0, FileSystemTool.Check("ext4", clone.Path));
        Assert.Equal("content", clone.MountAndRead());
        Assert.DoesNotContain(clone.Steps, step => step.Contains("identity", StringComparison.Ordinal));
        Assert.Equal(id, clone.Uuid);
    }

    [SkippableFact]
    public void A_clone_of_a_volume_that_was_in_use_has_its_journal_replayed_before_it_gets_its_identity()
    {
        using var source = new AttachedImage("ext4", "source");
        using var clone = new AttachedImage("ext4", "clone");
        var file = System.IO.Path.Combine(source.Mount(), "file");
        System.IO.File.WriteAllText(file, "content");
        Assert.Equal(0, ChildProcess.Run("sync", file).Status);
        clone.CopyFrom(source);
        clone.Volume = clone.Volume with { SourceVolume = "source" };
        source.Unmount();

        Assert.Equal("content", clone.MountAndRead());
        Assert.Contains("checking the file system", clone.Steps, StringComparer.Ordinal);
        Assert.Empty(clone.Warnings);
        Assert.Equal("clone", clone.Label);
        Assert.NotEqual(source.Uuid, clone.Uuid);
        Assert.Equal(0, FileSystemTool.Check("ext4", clone.Path));
    }

    [SkippableFact]
    public void A_clone_of_XFS_is_mounted_beside_its_source_under_a_label_of_its_own()
    {
        using var source = new AttachedImage("xfs", "source");
        using var clone = new AttachedImage("xfs", "clone");
        source.MountAndWrite("content");
        clone.CopyFrom(source);
        clone.Volume = clone.Volume with { SourceVolume = "source" };

        _ = source.Mount();
        Assert.Equal("content", clone.MountAndRead());
        source.Unmount();
        Assert.Empty(clone.Warnings);
        Assert.Equal("clone", clone.Label);
        Assert.Equal("source", source.Label);
        Assert.Equal(0, FileSystemTool.Check("xfs", clone.Path));
    }

    [SkippableFact]
    public void Content_that_came_from_another_volume_is_known_by_its_identity_though_the_volume_is_not_a_clone()
    {
        using var source = new AttachedImage("ext4", "source");
        using var volume = new AttachedImage("ext4", "data");
        source.MountAndWrite("content");
        volume.CopyFrom(source);

        Assert.Equal("content", volume.MountAndRead());
        Assert.NotEqual(source.Uuid, volume.Uuid);
        Assert.Equal("data", volume.Label);
    }

    [SkippableFact]
    public void A_file_system_that_somebody_else_made_keeps_its_identity_and_label()
    {
        const string Id = "5c0ffee0-0000-4000-8000-00000000cafe";
        using var volume = new AttachedImage("ext4");
        Assert.Equal(0, ChildProcess.Run("mkfs.ext4", "-q", "-F", "-U", Id, "-L", "theirs", volume.Path).Status);
        volume.MountAndWrite("content");
        Assert.Equal(Id, volume.Uuid);
        Assert.Equal("theirs", volume.Label);
    }

    [SkippableFact]
    public void A_clone_whose_checksums_all_depend_on_its_identity_keeps_it()
    {
        const string Id = "5c0ffee0-0000-4000-8000-00000000cafe";
        using var clone = new AttachedImage("ext4");
        Assert.Equal(0, ChildProcess.Run("mkfs.ext4", "-q", "-F", "-U", Id, "-O", "metadata_csum,^metadata_csum_seed", clone.Path).Status);
        clone.Volume = clone.Volume with { SourceVolume = "source" };
        clone.MountAndWrite("content");
        Assert.Equal(Id, clone.Uuid);
        Assert.Equal(0, FileSystemTool.Check("ext4", clone.Path));
    }
}
