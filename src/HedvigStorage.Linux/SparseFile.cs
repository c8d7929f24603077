using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.Linux;

/// <summary>Files with holes: lseek(2), fallocate(2).</summary>
[SupportedOSPlatform("linux")]
internal static class SparseFile
{
    private const int SeekData = 3;
    private const int SeekHole = 4;
    private const int KeepSize = 1;
    private const int PunchHole = 2;

    /// <summary>Finds the start of the next data at or after an offset; <see langword="null"/> if there is none.</summary>
    /// <exception cref="IOException">It cannot be told.</exception>
    public static long? NextData(SafeFileHandle file, long offset) => Seek(file, offset, SeekData);

    /// <summary>Finds the end of the data that an offset lies in.</summary>
    /// <exception cref="IOException">It cannot be told.</exception>
    public static long? NextHole(SafeFileHandle file, long offset) => Seek(file, offset, SeekHole);

    /// <summary>Gives a part of a file back to the file system: it reads as zeros from then on.</summary>
    /// <exception cref="IOException">It cannot be done.</exception>
    public static void Clear(SafeFileHandle file, long offset, long length)
    {
        if (LibC.Allocate(file, KeepSize | PunchHole, offset, length) != 0)
        {
            throw LibC.Failure("The content of the image could not be cleared", LibC.LastError);
        }
    }

    private static long? Seek(SafeFileHandle file, long offset, int whence)
    {
        var found = LibC.Seek(file, offset, whence);
        if (found >= 0)
        {
            return found;
        }

        var error = LibC.LastError;
        return error == ErrorNumber.NoDeviceOrAddress ? null : throw LibC.Failure("The image could not be searched for data", error);
    }
}
