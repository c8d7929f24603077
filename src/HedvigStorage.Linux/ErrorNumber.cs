namespace HedvigStorage.Linux;

/// <summary>The numbers of errors, errno(3), that are told apart; those of Linux on x86-64 and arm64.</summary>
internal static class ErrorNumber
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int NoDeviceOrAddress = 6;
    public const int WouldBlock = 11;
    public const int PermissionDenied = 13;
    public const int DeviceBusy = 16;
    public const int InvalidArgument = 22;
    public const int FileTooLarge = 27;
    public const int NoSpace = 28;
    public const int ReadOnlyFileSystem = 30;
    public const int NotEmpty = 39;
    public const int BadMessage = 74;
    public const int NeedsCleaning = 117;
    public const int QuotaExceeded = 122;
}
