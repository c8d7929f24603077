using System;

namespace HedvigStorage.ClusterHost.Hosting;

/// <summary>What <c>DIR/run.json</c> tells of the running host.</summary>
internal sealed record RunFile(int ProcessId, string Address, string Version, DateTimeOffset StartedAt);
