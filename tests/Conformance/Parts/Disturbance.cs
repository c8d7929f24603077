namespace HedvigStorage.Conformance.Parts;

/// <summary>What goes wrong while a driver is called.</summary>
public enum Disturbance
{
    /// <summary>The disk of the plugin host's state is full.</summary>
    StateFull,

    /// <summary>The disk of the plugin host's state can only be read.</summary>
    StateReadOnly,

    /// <summary>The cluster host does not run.</summary>
    ClusterGone,

    /// <summary>The disk of the cluster's catalog and images is full.</summary>
    CatalogFull,
}
