namespace HedvigStorage.PluginHost.Volumes;

/// <summary>Which volumes a container engine may remove through the plugin host. One that belongs to a document it may never.</summary>
internal enum RemovalPolicy
{
    /// <summary>Those that were made through plugin hosts.</summary>
    Own,

    /// <summary>All.</summary>
    Any,
}
