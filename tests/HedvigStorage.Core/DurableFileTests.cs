using System.Runtime.Versioning;
using HedvigStorage.Files;

namespace HedvigStorage.Tests;

/// <summary>Files that are written whole or not at all.</summary>
public sealed class DurableFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("durable-").FullName;

    private string Target => Path.Combine(_folder, "file");

    [Fact]
    public void A_write_replaces_what_was_there_and_leaves_nothing_else()
    {
        File.WriteAllText(Target, "old, and longer");

        DurableFile.Write(Target, "new"u8.ToArray());

        Assert.Equal("new", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(DurableFile.OwnerOnly)]
    public void A_write_that_fails_leaves_the_old_content_and_no_unfinished_file(int? mode)
    {
        File.WriteAllText(Target, "old");

        var error = Assert.Throws<IOException>(() => DurableFile.Write(Target, WriteHalf, mode));

        Assert.Equal("no space", error.Message);
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_name_that_cannot_be_taken_leaves_no_unfinished_file()
    {
        _ = Directory.CreateDirectory(Target);

        Assert.ThrowsAny<IOException>(() => DurableFile.Write(Target, "new"u8.ToArray()));

        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void What_a_crash_has_left_of_a_write_is_in_nobodys_way()
    {
        File.WriteAllText(Target + DurableFile.Unfinished, "half, and longer than what comes");

        DurableFile.Write(Target, "new"u8.ToArray(), DurableFile.OwnerOnly);

        Assert.Equal("new", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder));
    }

    [SkippableFact]
    [UnsupportedOSPlatform("windows")]
    public void A_private_file_is_its_owners_alone_before_anything_is_in_it()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no modes.");
        File.WriteAllText(Target, "old");
        File.SetUnixFileMode(Target, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var before = default(UnixFileMode);

        DurableFile.Write(Target, _ => before = File.GetUnixFileMode(Target + DurableFile.Unfinished), DurableFile.OwnerOnly);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, before);
        Assert.Equal(before, File.GetUnixFileMode(Target));
    }

    [SkippableFact]
    [UnsupportedOSPlatform("windows")]
    public void A_file_gets_the_mode_that_is_asked_for_whatever_the_process_gives_otherwise()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no modes.");
        const int WritableByAll = 0x1B6;

        DurableFile.Write(Target, "new"u8.ToArray(), WritableByAll);

        Assert.Equal((UnixFileMode)WritableByAll, File.GetUnixFileMode(Target));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told()
    {
        var path = Path.Combine(_folder, "nowhere", "file");

        Assert.Throws<DirectoryNotFoundException>(() => DurableFile.Write(path, [], DurableFile.OwnerOnly));
    }

    [SkippableFact]
    public void A_folder_that_is_not_there_cannot_be_brought_to_the_disk()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Other systems have nothing to flush.");

        var error = Assert.Throws<IOException>(() => DurableFolder.Flush(Path.Combine(_folder, "nowhere")));

        Assert.Contains("No such file or directory", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void WriteHalf(FileStream file)
    {
        file.Write("half"u8);
        throw new IOException("no space");
    }
}
