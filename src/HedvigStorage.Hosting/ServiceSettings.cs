#if NET8_0_OR_GREATER

namespace HedvigStorage.Hosting;

/// <summary>The settings of a plugin host that is a service, as they stand in its file. The units take nothing else from them.</summary>
internal sealed record ServiceSettings(
    string Name, string Cluster, string CredentialFile, string Host, string StateDirectory, string MountRoot, bool SkipCertificateCheck)
{
    // sun_path has 108 bytes, the last of which is zero: unix(7).
    private const int LongestSocket = 107;

    private const string SkipOption = "--skip-certificate-check";

    /// <summary>Fills in what was not asked for.</summary>
    /// <param name="settings">What was asked for.</param>
    /// <param name="socket">The socket that the driver's name leads to.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: a setting has no meaning for a service, or is
    /// wrong.</exception>
    public static ServiceSettings Resolve(DockerPluginSettings settings, string socket)
    {
        var name = ObjectName.Check("plugin", settings.Name);
        if (settings.Socket is { } other && !string.Equals(other, socket, StringComparison.Ordinal))
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"systemd holds the socket of the plugin '{name}', at {socket}, and not at '{other}'. Leave the socket out.");
        }

        if (Encoding.UTF8.GetByteCount(socket) > LongestSocket)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"The plugin's name '{name}' is too long: the path of its socket, {socket}, may have {LongestSocket} bytes. "
                    + "Choose a shorter name.");
        }

        return new ServiceSettings(
            name,
            settings.Cluster,
            Path.GetFullPath(settings.CredentialFile),
            ObjectName.Check("host", settings.Host ?? Environment.MachineName),
            Path.GetFullPath(settings.StateDirectory ?? PluginPaths.State(name)),
            Path.GetFullPath(settings.MountRoot ?? PluginPaths.Mounts(name)),
            settings.SkipCertificateCheck);
    }

    /// <summary>Writes them as systemd reads them, in quotation marks: <c>EnvironmentFile=</c> in systemd.exec(5).</summary>
    /// <param name="runtimeRoot">Where .NET is, for a plugin host that needs it installed.</param>
    public string ToText(string? runtimeRoot)
    {
        var text = new StringBuilder(ServiceUnits.Mark).Append('\n');
        Add("HV_CLUSTER", Cluster);
        Add("HV_CREDENTIAL_FILE", CredentialFile);
        Add("HV_HOST", Host);
        Add("HV_STATE", StateDirectory);
        Add("HV_MOUNT_ROOT", MountRoot);
        Add("HV_PLUGIN_OPTIONS", SkipCertificateCheck ? SkipOption : string.Empty);
        if (runtimeRoot is not null)
        {
            Add(RuntimeRoot.Variable, runtimeRoot);
        }

        return text.ToString();

        void Add(string variable, string value) =>
            text.Append(variable).Append("=\"").AppendJoin(string.Empty, value.Select(Escape)).Append("\"\n");
    }

    /// <summary>Reads what <see cref="ToText"/> wrote.</summary>
    /// <param name="name">The driver's name.</param>
    /// <param name="text">The file's text.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Internal"/>: a setting is missing.</exception>
    public static ServiceSettings Parse(string name, string text)
    {
        var values = ReadValues(text);
        return new ServiceSettings(
            name,
            Value("HV_CLUSTER"),
            Value("HV_CREDENTIAL_FILE"),
            Value("HV_HOST"),
            Value("HV_STATE"),
            Value("HV_MOUNT_ROOT"),
            string.Equals(Value("HV_PLUGIN_OPTIONS"), SkipOption, StringComparison.Ordinal));

        string Value(string variable) => values.TryGetValue(variable, out var value)
            ? value
            : throw new ClusterException(ErrorCode.Internal, $"The settings of the plugin '{name}' lack {variable}. Install it again.");
    }

    private static string Escape(char character) => character is '"' or '\\' or '`' or '$' ? "\\" + character : character.ToString();

    private static Dictionary<string, string> ReadValues(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        using var reader = new StringReader(text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
        while (ReadUntil(reader, '=') is { Length: > 0 } variable)
        {
            _ = reader.Read();
            values[variable] = ReadUntil(reader, '"');
            _ = reader.ReadLine();
        }

        return values;
    }

    private static string ReadUntil(StringReader reader, char end)
    {
        var text = new StringBuilder();
        while (reader.Read() is >= 0 and var character && character != end)
        {
            _ = text.Append((char)(character == '\\' ? reader.Read() : character));
        }

        return text.ToString();
    }
}
#endif
