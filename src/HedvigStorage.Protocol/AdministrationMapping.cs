namespace HedvigStorage.Protocol;

/// <summary>Turns messages about users and audit events into the model and back.</summary>
public static class AdministrationMapping
{
    /// <summary>The only tenant.</summary>
    public const string Tenant = "Hedvig";

    /// <summary>Writes a user.</summary>
    public static UserMessage ToMessage(this ClusterUser user) => new()
    {
        UserName = user.UserName,
        DisplayName = user.DisplayName,
        Role = user.Role.ToString(),
        Tenant = Tenant,
        Email = user.Email,
        Mobile = user.Mobile,
        Owner = user.Owner,
        CreatedAt = user.CreatedAt,
    };

    /// <summary>Reads a user. A role that this program does not know counts as the least.</summary>
    public static ClusterUser ToModel(this UserMessage message) => new()
    {
        UserName = message.UserName ?? string.Empty,
        DisplayName = message.DisplayName ?? string.Empty,
        Role = AttributeTable.TryParseWord<UserRole>(message.Role, out var role) ? role : UserRole.ReadOnly,
        Email = message.Email ?? string.Empty,
        Mobile = message.Mobile ?? string.Empty,
        Owner = message.Owner,
        CreatedAt = message.CreatedAt,
    };

    /// <summary>Writes an audit event.</summary>
    public static AuditEventMessage ToMessage(this AuditEvent item) => new()
    {
        Id = item.Id,
        At = item.At,
        UserName = item.UserName,
        Address = item.Address,
        Type = item.Type,
        Parameters = item.Parameters,
        Outcome = item.Outcome,
        Message = item.Message,
        RequestId = item.RequestId,
    };

    /// <summary>Reads an audit event.</summary>
    public static AuditEvent ToModel(this AuditEventMessage message) => new()
    {
        Id = message.Id,
        At = message.At,
        UserName = message.UserName ?? string.Empty,
        Address = message.Address ?? string.Empty,
        Type = message.Type ?? string.Empty,
        Parameters = message.Parameters ?? "{}",
        Outcome = message.Outcome ?? string.Empty,
        Message = message.Message ?? string.Empty,
        RequestId = message.RequestId ?? string.Empty,
    };
}
