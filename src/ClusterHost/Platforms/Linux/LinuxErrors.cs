using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using HedvigStorage.Linux;

namespace HedvigStorage.ClusterHost.Platforms.Linux;

/// <summary>What a system call's error means for a volume.</summary>
[SupportedOSPlatform("linux")]
internal static class LinuxErrors
{
    public static ClusterException Of(string path, int code) => code switch
    {
        ErrorNumber.NoSpace or ErrorNumber.QuotaExceeded => new ClusterException(ErrorCode.NoSpace, $"The file system of {path} is full."),
        ErrorNumber.FileTooLarge or ErrorNumber.InvalidArgument =>
            new ClusterException(ErrorCode.InvalidArgument, $"The file system of {path} has no files of that size."),
        _ => new ClusterException(ErrorCode.Internal, $"{path}: {Marshal.GetPInvokeErrorMessage(code)}."),
    };
}
