namespace HedvigStorage.Hosting;

/// <summary>A user name and its password. It never shows the password.</summary>
public sealed class Credential
{
    /// <summary>Makes a credential.</summary>
    /// <param name="userName">The user name.</param>
    /// <param name="password">The password.</param>
    public Credential(string userName, string password)
    {
        UserName = userName;
        Password = password;
    }

    /// <summary>Gets the user name.</summary>
    public string UserName { get; }

    /// <summary>Gets the password.</summary>
    public string Password { get; }

    /// <inheritdoc/>
    public override string ToString() => UserName;
}
