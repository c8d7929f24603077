namespace HedvigStorage.PluginHost.Reconciliation;

/// <summary>What is done about a volume that was compared.</summary>
internal enum ReconcileAction
{
    /// <summary>Nothing: all is as it should be, or it is not for the plugin host to change.</summary>
    Keep,

    /// <summary>The log and the volume's status say what is wrong.</summary>
    Report,

    /// <summary>The record is removed.</summary>
    Forget,

    /// <summary>It is unmounted, its lease is given back and the record removed.</summary>
    Release,

    /// <summary>A lease, and a mount, that no record tells of are given back.</summary>
    GiveBack,

    /// <summary>A record is made of a mount that no record tells of.</summary>
    Adopt,

    /// <summary>It is mounted again, on the device that it has.</summary>
    MountAgain,

    /// <summary>The lease is taken again. Where somebody has had it meanwhile, writing stops.</summary>
    TakeLeaseAgain,

    /// <summary>The file system is shut down: nothing that is written here reaches the image any longer.</summary>
    StopWriting,
}
