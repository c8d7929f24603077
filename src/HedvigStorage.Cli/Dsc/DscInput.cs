using System.Collections;
using HedvigStorage.Cli.Connections;
using HedvigStorage.Documents;

namespace HedvigStorage.Cli.Dsc;

/// <summary>An instance as DSC hands it over: what is of the object, and what says how to reach and treat it.</summary>
internal sealed class DscInput
{
    private static readonly string[] ConnectionMembers = ["cluster", "credentialFile", "docker", "skipCertificateCheck"];

    private DscInput(Dictionary<string, object?> members) => Members = members;

    /// <summary>Gets the members of the object itself.</summary>
    public Dictionary<string, object?> Members { get; }

    public bool IsEmpty { get; private init; }

    public bool Exist { get; private set; } = true;

    public bool AllowReplace { get; private set; }

    public bool AllowRemove { get; private set; }

    public bool Prune { get; private set; }

    public string? Driver { get; private set; }

    public ConnectionSettings Connection { get; private set; } = Settings(null, null, null, skipCertificateCheck: false);

    /// <summary>Reads an instance; nothing at all is one without members.</summary>
    /// <exception cref="ClusterException">It is not a JSON object, or a member has a value of another type.</exception>
    public static DscInput Read(string text, DscResource resource)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return new DscInput([]) { IsEmpty = true };
        }

        if (Connector.ReadJson(text, "The input") is not IDictionary members)
        {
            throw Wrong("The input is not a JSON object.");
        }

        var input = new DscInput(Copy(members));
        input.TakeControls(resource);
        return input;
    }

    /// <summary>Takes the members of one object of a list for what they say of it, as of a whole instance.</summary>
    public static (Dictionary<string, object?> Members, bool Exist) ReadItem(object? item)
    {
        if (item is not IDictionary members)
        {
            throw Wrong("Each item of the list is an object.");
        }

        var input = new DscInput(Copy(members));
        input.TakeExist();
        return (input.Members, input.Exist);
    }

    private static ConnectionSettings Settings(string? cluster, string? credentialFile, string? docker, bool skipCertificateCheck) => new(
        cluster ?? ConnectionOptions.FromEnvironment("HV_CLUSTER"),
        credentialFile ?? ConnectionOptions.FromEnvironment("HV_CREDENTIAL_FILE"),
        docker,
        skipCertificateCheck);

    private static ClusterException Wrong(string message) => new(ErrorCode.InvalidArgument, message);

    private static Dictionary<string, object?> Copy(IDictionary members)
    {
        var copy = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (DictionaryEntry member in members)
        {
            copy[(string)member.Key] = member.Value;
        }

        return copy;
    }

    private void TakeControls(DscResource resource)
    {
        if (resource.HasExist)
        {
            TakeExist();
        }

        // DSC hands back what a test has returned.
        _ = TakeFlag("_inDesiredState");
        if (resource.Controls.Contains("allowReplace", StringComparer.Ordinal))
        {
            AllowReplace = TakeFlag("allowReplace") ?? false;
        }

        if (resource.Controls.Contains("allowRemove", StringComparer.Ordinal))
        {
            AllowRemove = TakeFlag("allowRemove") ?? false;
            Prune = TakeFlag("prune") ?? false;
        }

        if (resource.Controls.Contains("driver", StringComparer.Ordinal))
        {
            Driver = TakeText(Members, "driver");
        }

        TakeConnection();
    }

    private void TakeExist()
    {
        if (Members.ContainsKey("ensure"))
        {
            throw Wrong("'ensure' is of documents; an instance has '_exist', which is true or false.");
        }

        Exist = TakeFlag("_exist") ?? true;
        _ = TakeFlag("_inDesiredState");
    }

    private bool? TakeFlag(string name) => !Members.Remove(name, out var value) || value is null ? null
        : value is bool flag ? flag
        : throw Wrong($"'{name}' is true or false.");

    private static string? TakeText(Dictionary<string, object?> members, string name) =>
        !members.Remove(name, out var value) || value is null ? null
        : value is string { Length: > 0 } text ? text
        : throw Wrong($"'{name}' is a text.");

    private void TakeConnection()
    {
        if (!Members.Remove("connection", out var value) || value is null)
        {
            return;
        }

        if (value is not IDictionary given)
        {
            throw Wrong("'connection' is an object.");
        }

        var members = Copy(given);
        if (members.Keys.FirstOrDefault(name => !ConnectionMembers.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            throw Wrong(
                $"'connection' has no '{ObjectName.Printable(unknown)}'. {Nearest.Hint(unknown, ConnectionMembers)} Secrets come from a "
                    + "credential file, or from HV_USER and HV_PASSWORD.");
        }

        var skip = members.Remove("skipCertificateCheck", out var flag) && flag is not null
            && (flag is bool wanted ? wanted : throw Wrong("'skipCertificateCheck' is true or false."));
        Connection = Settings(TakeText(members, "cluster"), TakeText(members, "credentialFile"), TakeText(members, "docker"), skip);
    }
}
