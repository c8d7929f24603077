namespace HedvigStorage.Errors;

/// <summary>The nouns that error ids begin with.</summary>
internal static class Subjects
{
    public const string Cluster = "Cluster";
    public const string Node = "Node";
    public const string Profile = "Profile";
    public const string User = "User";
    public const string AuditEvent = "AuditEvent";
    public const string Volume = "Volume";
    public const string Policy = "Policy";
    public const string Snapshot = "Snapshot";
    public const string Attachment = "Attachment";
    public const string Target = "Target";
    public const string Lun = "Lun";
    public const string Export = "Export";
    public const string Access = "Access";
    public const string Configuration = "Configuration";
    public const string Step = "Step";
    public const string DockerEngine = "DockerEngine";
    public const string Container = "Container";
    public const string DockerVolume = "DockerVolume";
    public const string DockerPlugin = "DockerPlugin";
}
