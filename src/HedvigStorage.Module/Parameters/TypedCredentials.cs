using System.Runtime.CompilerServices;
using System.Security;

namespace HedvigStorage.Parameters;

/// <summary>
/// Names that were typed where credentials are taken. Until it is clear that one is meant for a user, its password is not asked for.
/// </summary>
internal static class TypedCredentials
{
    private static readonly ConditionalWeakTable<PSCredential, string> Names = new();

    /// <summary>Makes a credential that stands for a name alone.</summary>
    public static PSCredential Take(string name)
    {
        var credential = new PSCredential(name, new SecureString());
        Names.Add(credential, name);
        return credential;
    }

    /// <summary>Tells the name that a credential stands for; <see langword="null"/> where it is a whole one.</summary>
    public static string? NameOf(object? credential) =>
        credential is PSCredential typed && Names.TryGetValue(typed, out var name) ? name : null;
}
