using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace HedvigStorage.ClusterHost.Platforms.Linux;

/// <summary>What a system call's error means for a volume.</summary>
[SupportedOSPlatform("linux")]
internal static class LinuxErrors
{
    public static ClusterException Of(string path, int code) => code switch
    {
        LinuxCalls.ENOSPC or LinuxCalls.EDQUOT => new ClusterException(ErrorCode.NoSpace, $"The file system of {path} is full."),
        LinuxCalls.EFBIG or LinuxCalls.EINVAL => new ClusterException(ErrorCode.InvalidArgument, $"The file system of {path} has no files of that size."),
        _ => new ClusterException(ErrorCode.Internal, $"{path}: {Marshal.GetPInvokeErrorMessage(code)}."),
    };
}
