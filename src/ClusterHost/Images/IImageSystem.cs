using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Images;

/// <summary>
/// What an operating system does with image files beyond what .NET offers. All throw <see cref="ClusterException"/>, or what
/// <see cref="ImageFiles.Guard"/> makes one of.
/// </summary>
internal interface IImageSystem
{
    /// <summary>Tells the size and the bytes allocated of a file.</summary>
    /// <returns>Whether the file is there.</returns>
    bool TryGetStatus(string path, out FileStatus status);

    /// <summary>Tells the free and all bytes of a directory's file system.</summary>
    (long Free, long Size) GetSpace(string directory);

    /// <summary>Lets the holes of a file take no space.</summary>
    /// <returns>Whether they do not.</returns>
    bool MakeSparse(SafeFileHandle file);

    /// <summary>
    /// Makes an empty file; one that an earlier try has left is replaced. Its entry is durable after <see cref="FlushDirectory"/>.
    /// </summary>
    void CreateEmpty(string path);

    /// <summary>Sets the length of a file that is there, without a flush; what is new reads as zeros.</summary>
    void SetLength(string path, long size);

    /// <inheritdoc cref="SetLength(string, long)"/>
    void SetLength(SafeFileHandle file, string path, long size);

    /// <summary>Tries whether a file can have that length.</summary>
    bool TrySetLength(SafeFileHandle file, long size);

    /// <summary>Opens an image for a copy of it.</summary>
    SafeFileHandle OpenSource(string path);

    /// <summary>Puts a file, flushed, in the place of another: afterwards one of the two is there, whole, whatever happens.</summary>
    void Replace(string unfinished, string target);

    /// <summary>Makes the entries of a directory durable after files were made or removed.</summary>
    void FlushDirectory(string directory);

    /// <summary>Tells whether files of a directory can share blocks, by trying.</summary>
    bool CanShare(string directory);

    /// <summary>Shares all blocks of a file with another; quick whatever the size.</summary>
    void Share(SafeFileHandle source, SafeFileHandle target, string path);

    /// <summary>Copies the data of a file and leaves its holes.</summary>
    /// <param name="source">The file to copy.</param>
    /// <param name="target">The file to write; its length becomes that of the source.</param>
    /// <param name="path">The target's path, for errors.</param>
    /// <param name="beforeChunk">Called before each chunk; what it throws ends the copy.</param>
    void CopySparse(SafeFileHandle source, SafeFileHandle target, string path, Action beforeChunk);

    /// <summary>Notes in a file whose it is, where the file system keeps such notes.</summary>
    void WriteOwner(string path, string owner);

    /// <summary>Tells what <see cref="WriteOwner"/> noted, or <see langword="null"/>.</summary>
    string? ReadOwner(string path);

    /// <summary>
    /// Tells how many bytes of a flushed file are data and not holes, or -1 where that cannot be told for sure or takes long.
    /// </summary>
    long MeasureData(SafeFileHandle file, string path);
}
