namespace HedvigStorage.ClusterHost.Sessions;

/// <summary>A user who is logged in.</summary>
internal sealed class Session(UInt128 key, string userName, UserRole role, long lastUse)
{
    /// <summary>Gets what the session is found by, which is not its id.</summary>
    public UInt128 Key => key;

    public string UserName { get; } = userName;

    public UserRole Role { get; } = role;

    /// <summary>Gets or sets the clock's time stamp of the last request.</summary>
    public long LastUse { get; set; } = lastUse;
}
