using HedvigStorage.Docker;
using HedvigStorage.Hosting;
using HedvigStorage.Planning;
using HedvigStorage.Tests.Fakes;

namespace HedvigStorage.Tests;

/// <summary>A cluster, an engine, an installer and secrets in memory, and a folder for a document's files.</summary>
internal sealed class DockerSite : IDisposable
{
    // As scripts and other tools read them.
    public const string DocumentLabel = "io.hedvigstorage.document";
    public const string DesiredLabel = "io.hedvigstorage.desired";

    public DockerSite() => Engine.Images["app:1"] = new Image
    {
        Id = "sha256:one",
        Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/bin" },
    };

    public FakeCluster Cluster { get; } = new();

    public FakeDockerEngine Engine { get; } = new();

    public FakePluginInstaller Installer { get; } = new();

    public FakeSecrets Secrets { get; } = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("hv-docker-plan-").FullName;

    public PlanTargets Targets => new(Cluster)
    {
        Docker = Engine,
        PluginInstaller = Installer,
        Secrets = Secrets,
        PluginSettings = new DockerPluginSettings { Cluster = "http://cluster:7080", CredentialFile = "/credential.json" },
    };

    /// <summary>Plans a Docker part, in which ' stands for ".</summary>
    public Task<Plan> PlanAsync(string docker, string? name = "site", bool prune = false)
    {
        // The document is a file, so that its folder is known.
        var source = Path.Combine(Folder, "document.json");
        File.WriteAllText(source, string.Empty);
        var json = $"{{ {(name is null ? string.Empty : $"\"name\": \"{name}\", ")}\"docker\": {docker.Replace('\'', '"')} }}";
        return new Planner(Targets)
            .PlanAsync(Document.Read(json) with { Source = source }, new PlanOptions { Prune = prune }, CancellationToken.None);
    }

    public Task<Plan> PlanContainersAsync(string containers) => PlanAsync($"{{ 'containers': [ {containers} ] }}");

    public async Task<ApplyReport> ApplyAsync(string docker, string? name = "site", bool prune = false, ApplyOptions? options = null) =>
        await Applier.ApplyAsync(
            await PlanAsync(docker, name, prune), options ?? new ApplyOptions(), progress: null, CancellationToken.None);

    public Task<ApplyReport> ApplyContainersAsync(string containers, ApplyOptions? options = null) =>
        ApplyAsync($"{{ 'containers': [ {containers} ] }}", options: options);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public static string? ErrorOf(ApplyReport report) => report.Outcomes.FirstOrDefault(outcome => outcome.Error is not null)?.Error;
}
