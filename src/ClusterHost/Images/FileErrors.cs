namespace HedvigStorage.ClusterHost.Images;

/// <summary>
/// What the error of a file means for a volume. Where .NET has no exception of its own, HResult holds errno on Unix and the code of
/// Windows, marked as such, there.
/// </summary>
internal static class FileErrors
{
    private const int NoSpaceLeft = 28;
    private const int QuotaExceeded = 122;
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int HandleDiskFull = unchecked((int)0x80070027);
    private const int DiskFull = unchecked((int)0x80070070);
    private const int FileTooLarge = unchecked((int)0x800700DF);
    private const int FileSystemLimitation = unchecked((int)0x80070299);
    private const int DiskQuotaExceeded = unchecked((int)0x8007050F);

    public static ClusterException Explain(string path, Exception error) => error.HResult switch
    {
        NoSpaceLeft or QuotaExceeded or HandleDiskFull or DiskFull or DiskQuotaExceeded =>
            new ClusterException(ErrorCode.NoSpace, $"The file system of {path} is full.", error),
        FileTooLarge or FileSystemLimitation =>
            new ClusterException(ErrorCode.InvalidArgument, $"The file system of {path} has no files of that size.", error),
        SharingViolation =>
            new ClusterException(ErrorCode.Busy, $"{path} is open in another program of this machine. Close it there.", error),
        _ => new ClusterException(ErrorCode.Internal, $"{path} cannot be used: {error.Message}", error),
    };
}
