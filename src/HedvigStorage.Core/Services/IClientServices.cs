using HedvigStorage.Docker;
using HedvigStorage.Hosting;
using HedvigStorage.Planning;

namespace HedvigStorage.Services;

/// <summary>
/// The door to the client assembly, which a PowerShell session loads apart from everything else: only types of this assembly pass through
/// it. The implementation has a public constructor without parameters.
/// </summary>
public interface IClientServices
{
    /// <summary>Makes a client of a cluster; nothing is sent yet.</summary>
    ICluster CreateCluster(ClusterConnection connection);

    /// <summary>Makes a client of a Docker Engine; nothing is sent yet.</summary>
    /// <param name="address"><c>unix://…</c>, <c>npipe://…</c>, <c>tcp://…</c>, or <see langword="null"/> for <c>DOCKER_HOST</c> or the
    /// platform's default.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: no such address is known.</exception>
    IDockerEngine CreateDockerEngine(string? address);

    /// <summary>Makes the installer of plugin hosts.</summary>
    /// <param name="hostsDirectory">The folder that holds the executables, or <see langword="null"/> to look for them.</param>
    /// <param name="engineAddress">The Docker Engine, as <see cref="CreateDockerEngine"/> takes it; only a managed plugin can be on another
    /// machine.</param>
    IDockerPluginInstaller CreatePluginInstaller(string? hostsDirectory, string? engineAddress);

    /// <summary>Names an embedded cluster of this machine; nothing is started yet.</summary>
    /// <param name="dataDirectory">Its data folder.</param>
    /// <param name="hostsDirectory">The folder that holds the executables, or <see langword="null"/> to look for them.</param>
    IClusterHost CreateClusterHost(string dataDirectory, string? hostsDirectory);

    /// <summary>
    /// Makes the source of secrets of this machine: a folder of files, named by <c>HV_SECRETS</c> or <c>CREDENTIALS_DIRECTORY</c>, else
    /// <c>/run/secrets</c>.
    /// </summary>
    ISecretSource CreateSecretSource();

    /// <summary>
    /// Reads JSON into dictionaries, lists, strings, <see cref="long"/>, <see cref="decimal"/>, <see cref="bool"/> and
    /// <see langword="null"/>.
    /// </summary>
    /// <param name="text">The JSON; comments and trailing commas are allowed, a member named twice is not.</param>
    /// <param name="source">The name that an error gives, such as the file's.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: it is not JSON; the message says where.</exception>
    object? ReadJson(string text, string source);

    /// <summary>Writes a plan as the text of a file, which <see cref="ReadPlan"/> and <c>hv apply --plan</c> read.</summary>
    /// <param name="plan">The plan.</param>
    string WritePlan(Plan plan);

    /// <summary>Reads a plan that was saved, by <see cref="WritePlan"/> or <c>hv plan --out</c>.</summary>
    /// <param name="text">The text of the file.</param>
    /// <param name="path">The path of the file, for errors.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: it is not a saved plan.</exception>
    ISavedPlan ReadPlan(string text, string path);

    /// <summary>Reads a credential file.</summary>
    /// <param name="path">A JSON file with <c>userName</c> and <c>password</c>.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Unauthorized"/>: it is missing, unreadable or not of that
    /// form.</exception>
    Credential ReadCredential(string path);
}
