#if NET8_0_OR_GREATER

namespace HedvigStorage.Hosting;

/// <summary>
/// Makes the units of a driver from those that are shipped beside the plugin host, which are for the driver <c>hedvig</c>.
/// </summary>
internal static class ServiceUnits
{
    /// <summary>The first line of each file that is written, by which it is known as one that may be changed and removed.</summary>
    public const string Mark =
        "# Written by 'hv plugin install'. It is changed by the next one and removed by 'hv plugin uninstall'; drop-ins stay.";

    private const string ShippedUnit = "hedvig-plugin";
    private const string ShippedDriver = "hedvig";
    private const string ShippedProgram = "/opt/hedvigstorage/hv-plugin";
    private const string ShippedSettings = "/etc/hedvigstorage/plugin.env";
    private const string ShippedSocket = "/run/docker/plugins/hedvig.sock";

    public static string Unit(string name) => Suffixed(ShippedUnit, name);

    public static string Service(string name) => Unit(name) + ".service";

    public static string Socket(string name) => Unit(name) + ".socket";

    /// <summary>Adds the driver's name, unless it is that of the shipped units.</summary>
    public static string Suffixed(string text, string name) =>
        string.Equals(name, ShippedDriver, StringComparison.Ordinal) ? text : $"{text}-{name}";

    /// <summary>Makes the service's unit.</summary>
    /// <param name="shipped">The folder of the shipped units.</param>
    /// <param name="name">The driver's name.</param>
    /// <param name="program">The plugin host's executable.</param>
    /// <param name="settings">The file of settings.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.NotFound"/>: the shipped unit is not there.</exception>
    public static string MakeService(string shipped, string name, string program, string settings) =>
        Mark + "\n" + Read(shipped, ShippedUnit + ".service")
        .Replace($"ExecStart={ShippedProgram} ", $"ExecStart={Quote(program)} ", StringComparison.Ordinal)
        .Replace($"EnvironmentFile=-{ShippedSettings}", $"EnvironmentFile={settings}", StringComparison.Ordinal)
        .Replace(ShippedUnit + ".socket", Socket(name), StringComparison.Ordinal);

    /// <summary>Makes the socket's unit.</summary>
    /// <param name="shipped">The folder of the shipped units.</param>
    /// <param name="socket">The socket.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.NotFound"/>: the shipped unit is not there.</exception>
    public static string MakeSocket(string shipped, string socket) =>
        Mark + "\n" + Read(shipped, ShippedUnit + ".socket")
            .Replace("ListenStream=" + ShippedSocket, "ListenStream=" + socket, StringComparison.Ordinal);

    // Specifiers and C's escapes are read inside quotation marks too; systemd.unit(5), systemd.service(5).
    private static string Quote(string path) => "\"" + path
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("%", "%%", StringComparison.Ordinal) + "\"";

    private static string Read(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(
                ErrorCode.NotFound,
                $"The unit '{path}', which is shipped beside hv-plugin, cannot be read: {exception.Message}",
                exception);
        }
    }
}
#endif
