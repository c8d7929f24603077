using HedvigStorage.Documents;

namespace HedvigStorage.Connections;

/// <summary>What the environment says where a parameter does not.</summary>
internal static class ConnectionEnvironment
{
    public static string? CredentialFile => Read("HV_CREDENTIAL_FILE");

    public static string? UserName => Read("HV_USER");

    public static string? Password => Read("HV_PASSWORD");

    public static string? DockerHost => Read("DOCKER_HOST");

    /// <summary>Gets the addresses of <c>HV_CLUSTER</c>, which commas separate.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: the variable holds no addresses, or is not
    /// set.</exception>
    public static IReadOnlyList<Uri> Nodes()
    {
        if (Read("HV_CLUSTER") is not { } text)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument, "No cluster is named. Give -Uri, such as http://127.0.0.1:7080, or set HV_CLUSTER.");
        }

        return text.Split(',').Select(part => part.Trim()).Where(part => part.Length > 0)
            .Select(part => Uri.TryCreate(part, UriKind.Absolute, out var uri)
                ? uri
                : throw new ClusterException(
                    ErrorCode.InvalidArgument,
                    $"HV_CLUSTER holds '{ObjectName.Printable(part)}', which is not an address such as http://127.0.0.1:7080."))
            .ToArray();
    }

    private static string? Read(string name) => StrictText.Variable(name);
}
