namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>
/// Commands to Ceph's monitors or to its manager. Each blocks its thread: those to the monitors at most as long as the operation limit,
/// those to the manager until one answers.
/// </summary>
internal interface ICephMonitor
{
    /// <summary>Carries out a command.</summary>
    /// <param name="json">The command, as <c>{"prefix":"osd dump","format":"json"}</c>.</param>
    /// <param name="input">What some commands read beside it.</param>
    /// <returns>The command's output.</returns>
    /// <exception cref="CephException">It has failed.</exception>
    byte[] Command(string json, ReadOnlySpan<byte> input = default);
}
