#if NET8_0_OR_GREATER
using System.Runtime.Versioning;
using HedvigStorage.Files;

namespace HedvigStorage.Hosting;

/// <summary>
/// A file of a service. It is written whole or not at all, and until it is known that the service runs with it, what was there before is
/// kept.
/// </summary>
/// <param name="path">Where it lies.</param>
/// <param name="mode">Who may do what with it.</param>
/// <param name="open">Opens what is to stand in it.</param>
[SupportedOSPlatform("linux")]
internal sealed class ServiceFile(string path, UnixFileMode mode, Func<Stream> open)
{
    private const int BufferSize = 1 << 16;
    private const string NewSuffix = ".new";
    private const string BeforeSuffix = ".before";

    private string Before => path + BeforeSuffix;

    /// <summary>Tells whether the file is there and is as it should be.</summary>
    public bool IsPresent()
    {
        if (!File.Exists(path) || File.GetUnixFileMode(path) != mode)
        {
            return false;
        }

        using var present = File.OpenRead(path);
        using var wanted = open();
        return present.Length == wanted.Length && HaveSameContent(present, wanted);
    }

    /// <summary>Writes it.</summary>
    public void Write()
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (File.Exists(path))
        {
            File.Copy(path, Before, overwrite: true);
        }

        DurableFile.Write(path, WriteWanted, (int)mode, path + NewSuffix);
    }

    /// <summary>Forgets what was there before.</summary>
    public void Keep() => File.Delete(Before);

    /// <summary>Puts back what was there before.</summary>
    public void TakeBack()
    {
        if (File.Exists(Before))
        {
            File.Move(Before, path, overwrite: true);
        }
        else
        {
            Remove(path);
        }
    }

    /// <summary>Removes a file, with what a crash may have left of a write.</summary>
    public static void Remove(string path)
    {
        if (Directory.Exists(Path.GetDirectoryName(path)))
        {
            File.Delete(path);
            File.Delete(path + NewSuffix);
            File.Delete(path + BeforeSuffix);
        }
    }

    private void WriteWanted(FileStream file)
    {
        using var wanted = open();
        wanted.CopyTo(file);
    }

    private static bool HaveSameContent(Stream left, Stream right)
    {
        var (one, other) = (new byte[BufferSize], new byte[BufferSize]);
        while (left.ReadAtLeast(one, BufferSize, throwOnEndOfStream: false) is > 0 and var length)
        {
            if (right.ReadAtLeast(other, BufferSize, throwOnEndOfStream: false) != length
                || !one.AsSpan(0, length).SequenceEqual(other.AsSpan(0, length)))
            {
                return false;
            }
        }

        return true;
    }
}
#endif
