using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using HedvigStorage.Linux;

namespace HedvigStorage.ClusterHost.Platforms.Linux;

/// <summary>When a file's content and its attributes were changed last, in nanoseconds since 1970.</summary>
[SupportedOSPlatform("linux")]
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileChange(Int128 Content, Int128 Attributes)
{
    /// <summary>Tells when a file was changed last, or <see langword="null"/> if it is not there.</summary>
    public static FileChange? Of(string path) =>
        FileStatistics.Find(path) is { } file ? new FileChange(file.ContentChange, file.AttributeChange) : null;

    /// <summary>Gets how long ago the later of both was, by the system's clock, which is that of files.</summary>
#pragma warning disable RS0030 // The file system takes it from there as well.
    public TimeSpan Age =>
        DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch - TimeSpan.FromTicks((long)((Content > Attributes ? Content : Attributes) / 100));
#pragma warning restore RS0030
}
