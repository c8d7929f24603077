using System.Formats.Tar;
using HedvigStorage.Client.Docker;
using HedvigStorage.Docker;

namespace HedvigStorage.Client.Tests;

public sealed class FolderArchiveTests
{
    [Theory]
    [InlineData(TarEntryFormat.Ustar, 999, 998)]
    [InlineData(TarEntryFormat.Pax, 999, 998)]
    [InlineData(TarEntryFormat.Gnu, 999, 998)]
    [InlineData(TarEntryFormat.Pax, int.MaxValue, 3_000_000)]
    [InlineData(TarEntryFormat.Gnu, int.MaxValue, 3_000_000)]
    public async Task The_owner_of_a_folder_is_read_from_an_archive_of_any_form(TarEntryFormat format, int uid, int gid)
    {
        using var archive = new MemoryStream();
        await using (var writer = new TarWriter(archive, format, leaveOpen: true))
        {
            TarEntry folder = format switch
            {
                TarEntryFormat.Ustar => new UstarTarEntry(TarEntryType.Directory, "data/"),
                TarEntryFormat.Pax => new PaxTarEntry(TarEntryType.Directory, new string('d', 150) + "/"),
                _ => new GnuTarEntry(TarEntryType.Directory, "data/"),
            };
            (folder.Uid, folder.Gid, folder.Mode, folder.ModificationTime) = (
                uid, gid, UnixFileMode.StickyBit | UnixFileMode.UserRead, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
            await writer.WriteEntryAsync(folder);
        }

        archive.Position = 0;

        Assert.Equal(
            new FolderOwner(uid, gid, 0x300, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000)),
            await FolderArchive.ReadAsync(archive, CancellationToken.None)); // 01400
    }

    [Theory]
    [InlineData(0, 0, 0x1ED)]
    [InlineData(int.MaxValue, 2_097_152, 0xFFF)]
    public async Task What_is_written_is_read_again_here_and_by_others(int uid, int gid, int mode)
    {
        var owner = new FolderOwner(uid, gid, mode, DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
        using var archive = new MemoryStream(FolderArchive.Write("däta", owner));

        Assert.Equal(owner, await FolderArchive.ReadAsync(archive, CancellationToken.None));
        archive.Position = 0;
        await using var reader = new TarReader(archive);
        var entry = (await reader.GetNextEntryAsync())!;
        Assert.Equal(
            (TarEntryType.Directory, "däta/", uid, gid, mode), (entry.EntryType, entry.Name, entry.Uid, entry.Gid, (int)entry.Mode));
        Assert.Null(await reader.GetNextEntryAsync());
    }

    [Fact]
    public async Task A_file_has_no_owner_here()
    {
        using var archive = new MemoryStream();
        await using (var writer = new TarWriter(archive, leaveOpen: true))
        {
            await writer.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, "data"));
        }

        archive.Position = 0;

        Assert.Null(await FolderArchive.ReadAsync(archive, CancellationToken.None));
    }

    [Theory]
    [InlineData("")]
    [InlineData("cut off")]
    public async Task What_is_cut_off_is_an_error_and_no_owner(string text)
    {
        using var archive = new MemoryStream(Encoding.ASCII.GetBytes(text));

        Assert.Equal(
            ErrorCode.Protocol,
            (await Assert.ThrowsAsync<ClusterException>(() => FolderArchive.ReadAsync(archive, CancellationToken.None))).Code);
    }

    [Fact]
    public void A_name_that_is_too_long_is_refused() =>
        Assert.Equal(
            ErrorCode.InvalidArgument,
            Assert.Throws<ClusterException>(
                () => FolderArchive.Write(new string('d', 99), new FolderOwner(0, 0, 0, DateTimeOffset.UnixEpoch))).Code);
}
