namespace HedvigStorage;

/// <summary>The name by which a host's iSCSI initiator is known to the cluster.</summary>
/// <param name="Host">The host's name.</param>
/// <param name="Iqn">The initiator's name: IQN, EUI or NAA.</param>
public sealed record HostInitiator(string Host, string Iqn);
