using System.Runtime.InteropServices;

namespace HedvigStorage.ClusterHost.Images;

/// <summary>A file's size, the bytes that it takes up, and a number that no other file of its file system has at the time, or 0.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileStatus(long Size, long Allocated, long Number = 0);
