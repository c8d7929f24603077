namespace HedvigStorage.ClusterHost.Sessions;

/// <summary>A user who is logged in.</summary>
internal sealed class Session(string userName, UserRole role, long lastUse)
{
    public string UserName { get; } = userName;

    public UserRole Role { get; } = role;

    /// <summary>Gets or sets the clock's time stamp of the last request.</summary>
    public long LastUse { get; set; } = lastUse;
}
