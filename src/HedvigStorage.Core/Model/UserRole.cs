namespace HedvigStorage;

/// <summary>
/// What a user of a cluster may do; each role may do what those before it may. Source of the word <c>SuperUser</c>: Hedvig's documentation
/// of AddUser.
/// </summary>
public enum UserRole
{
    /// <summary>Reads everything but users and audit events, and changes nothing.</summary>
    ReadOnly,

    /// <summary>Changes everything but users.</summary>
    Admin,

    /// <summary>Changes everything.</summary>
    SuperUser,
}
