using System.Runtime.InteropServices;

namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>A call of Ceph's that has failed.</summary>
internal sealed class CephException(string call, int error, string? status = null) : Exception(
    string.Create(CultureInfo.InvariantCulture, $"{call}: {Describe(error, status)} ({error})"))
{
    public const int NotThere = 2;
    public const int Permission = 1;
    public const int Again = 11;
    public const int AccessDenied = 13;
    public const int InUse = 16;
    public const int AlreadyThere = 17;
    public const int Invalid = 22;
    public const int NoSpace = 28;
    public const int ReadOnly = 30;
    public const int OutOfRange = 34;
    public const int NotEmpty = 39;
    public const int NotSupported = 95;
    public const int Fenced = 108;
    public const int TimedOut = 110;
    public const int Stale = 116;
    public const int OverQuota = 122;

    /// <summary>Gets the call that has failed.</summary>
    public string Call => call;

    /// <summary>Gets the error's number, positive.</summary>
    public int Error => error;

    /// <summary>Gets what has gone wrong, in the words of Ceph or of the system, without a full stop.</summary>
    public string Reason => Describe(error, status);

    private static string Describe(int error, string? status) =>
        string.IsNullOrWhiteSpace(status) ? Marshal.GetPInvokeErrorMessage(error) : status.Trim().TrimEnd('.');
}
