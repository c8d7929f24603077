using HedvigStorage.Completers;
using HedvigStorage.Hosting;

namespace HedvigStorage.Commands;

/// <summary>Changes users of a cluster: role, profile or password. What is not given stays.</summary>
[Cmdlet(VerbsCommon.Set, "HvUser", SupportsShouldProcess = true, DefaultParameterSetName = NameSet)]
[OutputType(typeof(ClusterUser))]
public sealed class SetHvUserCommand : ClusterCommand
{
    private const string NameSet = "Name";
    private const string CredentialSet = "Credential";

    /// <summary>Gets or sets the names.</summary>
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = NameSet)]
    [Alias("UserName")]
    [ValidateNotNullOrEmpty]
    [ObjectNameTransformation]
    [ArgumentCompleter(typeof(UserCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Gets or sets the user's name and new password, of 8 to 256 characters. It ends the user's other sessions.</summary>
    [Parameter(Mandatory = true, ParameterSetName = CredentialSet)]
    [Credential]
    [ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <summary>
    /// Gets or sets the user's name and the password until now. Who changes the own password needs it; a SuperUser does not for others.
    /// </summary>
    [Parameter(ParameterSetName = CredentialSet)]
    [Credential]
    [ValidateNotNull]
    public PSCredential? CurrentCredential { get; set; }

    /// <summary>Gets or sets what the user may do. Another role ends the user's sessions.</summary>
    [Parameter]
    [WordTransformation(typeof(UserRole), "role")]
    public UserRole? Role { get; set; }

    /// <summary>Gets or sets the name for people.</summary>
    [Parameter]
    [ValidateNotNull]
    public string? DisplayName { get; set; }

    /// <summary>Gets or sets the mail address; empty is none.</summary>
    [Parameter]
    [ValidateNotNull]
    [AllowEmptyString]
    public string? Email { get; set; }

    /// <summary>Gets or sets the telephone number; empty is none.</summary>
    [Parameter]
    [ValidateNotNull]
    [AllowEmptyString]
    public string? Mobile { get; set; }

    /// <summary>Gets or sets whether the changed users are written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var name in Credential is null ? Name : [Credential.UserName])
        {
            ForEach(Subjects.User, name, () => Set(name));
        }
    }

    private void Set(string name)
    {
        var change = new UserChange { Role = Role, DisplayName = DisplayName, Email = Email, Mobile = Mobile };
        var changesProfile = change != new UserChange();
        if (!changesProfile && Credential is null)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument, "There is nothing to change. Give -Role, -DisplayName, -Email, -Mobile or -Credential.");
        }

        var connection = Connection;
        CheckCurrent(connection, name);
        if (!ShouldProcess(name, Describe(changesProfile)))
        {
            return;
        }

        // The password first: it is what is refused most, and another role may end the session that asks.
        if (Credential is not null)
        {
            ChangePassword(connection, name);
        }

        if (changesProfile)
        {
            Await(token => connection.Client.Administration.UpdateUserAsync(name, change, token));
        }

        if (PassThru)
        {
            WriteObject(
                Await(connection.Client.Administration.ListUsersAsync)
                    .FirstOrDefault(user => string.Equals(user.UserName, name, StringComparison.Ordinal)));
        }
    }

    private void CheckCurrent(ConnectedCluster connection, string name)
    {
        if (CurrentCredential is not null && !string.Equals(CurrentCredential.UserName, name, StringComparison.Ordinal))
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"-CurrentCredential is of '{ObjectName.Printable(CurrentCredential.UserName)}', "
                    + $"-Credential of '{ObjectName.Printable(name)}'. Give both of one user.");
        }

        if (Credential is not null && CurrentCredential is null && string.Equals(connection.UserName, name, StringComparison.Ordinal))
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument, $"'{name}' is who is logged in: give the password until now with -CurrentCredential.");
        }
    }

    private string Describe(bool changesProfile) => (Credential is not null, changesProfile) switch
    {
        (true, true) => "Change the user's password and profile",
        (true, false) => "Change the user's password",
        _ => Role is { } role ? $"Change the user, with the role {role}" : "Change the user's profile",
    };

    private void ChangePassword(ConnectedCluster connection, string name)
    {
        var password = Credential!.GetNetworkCredential().Password;
        Await(
            token =>
                connection.Client.Administration.ChangePasswordAsync(
                    name, CurrentCredential?.GetNetworkCredential().Password, password, token));
        if (string.Equals(connection.UserName, name, StringComparison.Ordinal))
        {
            connection.Settings = connection.Settings with { Credential = new Credential(name, password) };
        }

        WarnOfFile(connection, name, password);
    }

    // A cluster host rewrites the file of its own admin; any other file is its owner's.
    private void WarnOfFile(ConnectedCluster connection, string name, string password)
    {
        if (connection.CredentialFile is not { } file)
        {
            return;
        }

        try
        {
            var kept = Services.ReadCredential(file);
            if (string.Equals(kept.UserName, name, StringComparison.Ordinal)
                && !string.Equals(kept.Password, password, StringComparison.Ordinal))
            {
                WriteWarning($"The credential file '{file}' still has the password of '{name}' until now.");
            }
        }
        catch (ClusterException)
        {
            // A file that is not there any more has no password.
        }
    }
}
