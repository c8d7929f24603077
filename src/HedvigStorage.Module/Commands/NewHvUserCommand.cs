namespace HedvigStorage.Commands;

/// <summary>Makes a user of a cluster, or finds the same one. Another role, profile or password under that name is an error.</summary>
[Cmdlet(VerbsCommon.New, "HvUser", SupportsShouldProcess = true, DefaultParameterSetName = CredentialSet)]
[OutputType(typeof(ClusterUser))]
public sealed class NewHvUserCommand : ClusterCommand, ITakesInputObject
{
    private const string CredentialSet = "Credential";

    /// <summary>Gets or sets the user's name and password, of 8 to 256 characters. Of a name alone the password is asked for.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = CredentialSet)]
    [Parameter(Position = 0, ParameterSetName = ParameterSets.InputObject)]
    [TypedCredentialTransformation]
    [Credential]
    [ValidateNotNull]
    public PSCredential? Credential { get; set; }

    /// <summary>Gets or sets what the user may do.</summary>
    [Parameter(Position = 1)]
    [WordTransformation(typeof(UserRole), "role")]
    public UserRole Role { get; set; }

    /// <summary>Gets or sets the user's name and password; what is typed without a name fills the positions that it leaves.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Gets or sets the name for people; by default it is the user's name.</summary>
    [Parameter]
    [ValidateNotNull]
    public string DisplayName { get; set; } = string.Empty;

    /// <summary>Gets or sets the mail address.</summary>
    [Parameter]
    [ValidateNotNull]
    public string Email { get; set; } = string.Empty;

    /// <summary>Gets or sets the telephone number.</summary>
    [Parameter]
    [ValidateNotNull]
    public string Mobile { get; set; } = string.Empty;

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        if (HasPassword())
        {
            ForEach(Subjects.User, Credential!.UserName, Create);
        }
    }

    // Of a name alone the password is asked for, once.
    private bool HasPassword()
    {
        if (TypedCredentials.NameOf(Credential) is not { } name)
        {
            return true;
        }

        try
        {
            var engine = (EngineIntrinsics)SessionState.PSVariable.GetValue("ExecutionContext");
            Credential = (PSCredential?)new CredentialAttribute().Transform(engine, name);
            return Credential is not null;
        }
        catch (Exception exception) when (exception is IContainsErrorRecord and not PipelineStoppedException)
        {
            var error = BindingErrors.Transformation(nameof(Credential), name, exception);
            if (!MyInvocation.ExpectingInput)
            {
                ThrowTerminatingError(error);
            }

            WriteError(error);
            return false;
        }
    }

    private void Create()
    {
        var specification = new UserSpecification
        {
            UserName = Credential!.UserName,
            Password = Credential.GetNetworkCredential().Password,
            Role = Role,
            DisplayName = DisplayName,
            Email = Email,
            Mobile = Mobile,
        };
        var client = Client;
        if (ShouldProcess(specification.UserName, $"Create the user, with the role {Role}"))
        {
            Await(token => client.Administration.AddUserAsync(specification, token));
            WriteObject(Find(client, specification));
        }
    }

    // A cluster without the extension makes users, but does not list them.
    private ClusterUser Find(ICluster client, UserSpecification specification) => Await(client.GetCapabilitiesAsync).Extension
        ? Await(client.Administration.ListUsersAsync)
            .First(user => string.Equals(user.UserName, specification.UserName, System.StringComparison.Ordinal))
        : new ClusterUser
        {
            UserName = specification.UserName,
            DisplayName = specification.DisplayName.Length == 0 ? specification.UserName : specification.DisplayName,
            Role = specification.Role,
            Email = specification.Email,
            Mobile = specification.Mobile,
        };
}
