namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>What a failed call of Ceph's means for whoever asked for it.</summary>
internal static class CephFailure
{
    private const string Recovery = "It works again as soon as Ceph does; try again then.";

    /// <summary>Explains a failure.</summary>
    /// <param name="what">What was being done, as <c>the volume's image cannot be made</c>.</param>
    /// <param name="error">What has failed.</param>
    /// <param name="state">What Ceph says of itself.</param>
    /// <param name="user">The Ceph user.</param>
    public static ClusterException Explain(string what, Exception error, CephState state, string user) => error switch
    {
        ClusterException known => known,
        CephException failed => Explain(what, failed, state, user),
        TimeoutException => Late(what, state, error),
        _ => new ClusterException(ErrorCode.Internal, $"{what}: {error.Message}", error),
    };

    private static ClusterException Explain(string what, CephException failed, CephState state, string user) => failed.Error switch
    {
        CephException.TimedOut => Late(what, state, failed),
        CephException.Fenced => new ClusterException(
            ErrorCode.Unreachable,
            $"{what}: Ceph has shut this cluster host out (its address is on the blocklist). Restart hv-cluster.",
            failed),
        CephException.NoSpace or CephException.OverQuota => Full(what, state, failed),

        // So the manager answers when it cannot write what it notes of a subvolume.
        CephException.Invalid when failed.Reason.Contains("No space left on device", StringComparison.Ordinal) =>
            Full(what, state, failed),
        CephException.Permission or CephException.AccessDenied => new ClusterException(
            ErrorCode.Refused,
            $"{what}: Ceph does not allow {failed.Call} to client.{user}. docs/ceph.md has the rights that it needs.",
            failed),
        CephException.InUse => new ClusterException(ErrorCode.Busy, $"{what}: a client of Ceph has it open.", failed),
        CephException.Again => new ClusterException(
            ErrorCode.Busy, $"{what}: Ceph is busy with it ({failed.Reason}). Try again later.", failed),
        CephException.ReadOnly => new ClusterException(ErrorCode.Busy, $"{what}: another client of Ceph holds its lock.", failed),
        CephException.NotThere => new ClusterException(
            ErrorCode.Internal, $"{what}: it is not there in Ceph ({failed.Call}). {state.Cause}.", failed),
        _ => new ClusterException(ErrorCode.Internal, $"{what}: {failed.Message}.", failed),
    };

    private static ClusterException Full(string what, CephState state, CephException failed) =>
        new(ErrorCode.NoSpace, $"{what}: Ceph has no space left ({state.Cause}). Add disks, or remove volumes.", failed);

    private static ClusterException Late(string what, CephState state, Exception error) =>
        new(ErrorCode.Unreachable, $"{what}: Ceph did not answer in time ({state.Cause}). {Recovery}", error);
}
