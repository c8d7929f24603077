using System.Collections.Concurrent;
using HedvigStorage.PluginHost.Native;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.PluginHost.Attachers;

/// <summary>Makes file systems in blank images.</summary>
internal sealed class FileSystemMaker
{
    // Room for block group descriptors up to this factor, so that growing so far needs no change of the layout (beyond it ext4 goes on with
    // meta_bg).
    private const long GrowthFactor = 16;
    private const long BlockBytes = 4096;

    // mkfs.ext4 takes no number of blocks for later growth that does not fit 32 bits.
    private const long MaximumReservedBlocks = uint.MaxValue;

    // A template is some hundred kilobytes; volumes have few different sizes.
    private const int MaximumTemplates = 8;

    private readonly ConcurrentDictionary<long, Ext4Template> _templates = new();
    private readonly string _temporaryDirectory;

    public FileSystemMaker(string temporaryDirectory) => _temporaryDirectory = temporaryDirectory;

    /// <summary>Makes a file system in a blank image. It blocks; the caller syncs.</summary>
    /// <param name="image">The image's path.</param>
    /// <param name="file">The open image.</param>
    /// <param name="volume">The volume, which names the file system and its label.</param>
    /// <param name="size">The image's size.</param>
    /// <param name="id">The identity that the file system is to have.</param>
    public void Make(string image, SafeFileHandle file, Volume volume, long size, Guid id)
    {
        if (volume.FileSystem == VolumeFileSystem.Xfs)
        {
            RunMaker("mkfs.xfs", "-q", "-f", "-K", "-m", $"uuid={id}", "-L", FileSystemIdentity.XfsLabel(volume.Name), image);
        }
        else
        {
            if (_templates.Count >= MaximumTemplates && !_templates.ContainsKey(size))
            {
                _templates.Clear();
            }

            _templates.GetOrAdd(size, MakeTemplate).WriteTo(file, id, FileSystemIdentity.Ext4Label(volume.Name));
        }
    }

    private Ext4Template MakeTemplate(long size)
    {
        var path = Path.Combine(_temporaryDirectory, string.Create(CultureInfo.InvariantCulture, $"template-{size}-{Guid.NewGuid():N}"));
        try
        {
            using (var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                RandomAccess.SetLength(file, size);
            }

            MakeExt4(path, size);
            using var made = File.OpenHandle(path);
            return Ext4Template.Read(made);
        }
        finally
        {
            File.Delete(path);
        }
    }

    // An image is all zeros, so nothing needs to be zeroed, now or by the kernel after the first mount. The checksum seed apart from the
    // identity lets the template be written with another identity. Databases refuse a data directory that is not empty, and e2fsck makes
    // lost+found again when it needs one, so it is taken away.
    private static void MakeExt4(string path, long size)
    {
        var blocks = size / BlockBytes;
        var growth = blocks <= MaximumReservedBlocks / GrowthFactor
            ? string.Create(CultureInfo.InvariantCulture, $",resize={blocks * GrowthFactor}")
            : string.Empty;
        var common = new[] { "-q", "-F", "-m", "0", "-b", "4096", "-O", "metadata_csum,metadata_csum_seed,64bit,^orphan_file", "-E" };
        var (status, _) = ChildProcess.Run("mkfs.ext4", [.. common, "nodiscard,assume_storage_prezeroed=1" + growth, path]);
        if (status != 0)
        {
            // e2fsprogs before 1.47 do not know that the image is zeroed.
            RunMaker("mkfs.ext4", [.. common, "nodiscard,lazy_itable_init=1,lazy_journal_init=1" + growth, path]);
        }

        _ = ChildProcess.Run("debugfs", "-w", "-R", "rmdir lost+found", path);
    }

    private static void RunMaker(string tool, params string[] arguments)
    {
        var (status, output) = ChildProcess.Run(tool, arguments);
        if (status != 0)
        {
            throw new IOException(
                string.Create(CultureInfo.InvariantCulture, $"{tool} failed with status {status}: {output.ReplaceLineEndings(" ")}"));
        }
    }
}
