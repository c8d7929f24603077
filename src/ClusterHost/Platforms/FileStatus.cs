using System.Runtime.InteropServices;

namespace HedvigStorage.ClusterHost.Platforms;

/// <summary>A file's size and the bytes that it takes up.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileStatus(long Size, long Allocated);
