namespace HedvigStorage.Cli.Dsc;

/// <summary>The statuses of <c>hv dsc</c>, as the manifests tell them.</summary>
internal static class DscExit
{
    public const int Success = 0;

    public const int Failed = 1;

    public const int InvalidInput = 2;

    public const int NotFound = 3;

    public const int Refused = 4;

    public const int Unreachable = 5;

    public const int Conflict = 6;

    public const int Unauthorized = 7;

    public const int Unsupported = 8;

    public const int NoSpace = 9;

    public static int Of(ErrorCode code) => code switch
    {
        ErrorCode.InvalidArgument => InvalidInput,
        ErrorCode.NotFound => NotFound,
        ErrorCode.Refused => Refused,
        ErrorCode.Unreachable => Unreachable,
        ErrorCode.Conflict or ErrorCode.Busy => Conflict,
        ErrorCode.Unauthorized => Unauthorized,
        ErrorCode.Unsupported => Unsupported,
        ErrorCode.NoSpace => NoSpace,
        _ => Failed,
    };
}
