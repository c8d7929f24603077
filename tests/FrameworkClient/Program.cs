using HedvigStorage.Docker;
using HedvigStorage.Documents;
using HedvigStorage.Hosting;
using HedvigStorage.Loading;
using HedvigStorage.Planning;
using HedvigStorage.Services;

namespace HedvigStorage.FrameworkClient;

/// <summary>
/// Does with a cluster what a session does, and writes a line about each: makes volumes alone and many at once, lists them, is refused,
/// applies a document, and asks where nobody answers. Does with a Docker Engine what a session does, if it is given one. Arguments: the
/// folder of the client's assemblies, the cluster's address, the credential file, an address at which nothing listens, and the engine's
/// address.
/// </summary>
internal static class Program
{
    private const string Document = """
        { "name": "site", "policies": [ { "name": "gold", "compression": true } ],
          "volumes": [ { "name": "web", "size": "1GB", "policy": "gold" }, { "name": "db", "size": "128MB" } ] }
        """;

    private static async Task Main(string[] arguments)
    {
        var loader = new AppDomainClientLoader(arguments[0]);
        var services = (IClientServices)Activator.CreateInstance(
            loader.Load().GetType("HedvigStorage.Hosting.ClientServices", throwOnError: true)!)!;
        using var cluster = Connect(services, arguments[1], arguments[2]);
        await TellAsync(
            "new",
            async () =>
                new ByteSize((await cluster.CreateVolumeAsync(Volume("db", 64), CancellationToken.None).ConfigureAwait(false)).Size)
                    .ToString());
        await TellAsync("many", async () =>
        {
            var made = await cluster.CreateVolumesAsync(
                Enumerable.Range(0, 300).Select(number => Volume(FormattableString.Invariant($"many{number}"), 16)).ToArray(),
                CancellationToken.None).ConfigureAwait(false);
            return made.Count(creation => creation.Error is null).ToString(CultureInfo.InvariantCulture);
        });
        await TellAsync(
            "list",
            async () =>
                (await cluster.ListAllVolumesAsync(new VolumeQuery(), CancellationToken.None).ConfigureAwait(false)).Count.ToString(
                    CultureInfo.InvariantCulture));
        await TellAsync(
            "conflict", async () => (await cluster.CreateVolumeAsync(Volume("db", 65), CancellationToken.None).ConfigureAwait(false)).Name);
        var configuration = ConfigurationReader.Read(services.ReadJson(Document, "the document"), "the document");
        await TellAsync("apply", async () =>
        {
            var plan = await PlanAsync(cluster, configuration).ConfigureAwait(false);
            var report = await Applier.ApplyAsync(plan, new ApplyOptions(), progress: null, CancellationToken.None).ConfigureAwait(false);
            return report.Succeeded ? string.Join(" ", plan.Changes.Select(step => $"{step.Id}:{step.Action}")) : "failed";
        });
        await TellAsync(
            "again",
            async () =>
                (await PlanAsync(cluster, configuration).ConfigureAwait(false)).Changes.Count().ToString(CultureInfo.InvariantCulture));
        using var nobody = Connect(services, arguments[3], arguments[2]);
        await TellAsync(
            "nobody",
            async () =>
                (await nobody.ListAllVolumesAsync(new VolumeQuery(), CancellationToken.None).ConfigureAwait(false)).Count.ToString(
                    CultureInfo.InvariantCulture));
        if (arguments.Length > 4)
        {
            using var engine = services.CreateDockerEngine(arguments[4]);
            await TellOfEngineAsync(engine).ConfigureAwait(false);
            using var refusing = services.CreateDockerEngine(arguments[3].Replace("http", "tcp"));
            await TellAsync("refusing", () => SystemOfAsync(refusing)).ConfigureAwait(false);
        }
    }

    private static async Task<string> SystemOfAsync(IDockerEngine engine) =>
        (await engine.GetVersionAsync(CancellationToken.None).ConfigureAwait(false)).OperatingSystem;

    private static async Task TellOfEngineAsync(IDockerEngine engine)
    {
        var none = new Dictionary<string, string>(StringComparer.Ordinal);
        var labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["mine"] = "yes" };
        await TellAsync("engine", () => SystemOfAsync(engine)).ConfigureAwait(false);
        await TellAsync("volume", async () =>
        {
            _ = await engine.CreateVolumeAsync("vol", "local", none, labels, CancellationToken.None).ConfigureAwait(false);
            return (await engine.FindVolumeAsync("vol", CancellationToken.None).ConfigureAwait(false))!.Labels["mine"];
        }).ConfigureAwait(false);
        await TellAsync("container", async () =>
        {
            var wanted = new ContainerSpecification
            {
                Image = "busybox:test",
                Command = ["sh", "-c", "echo said; exit 3"],
                NetworkMode = "none",
                Restart = new RestartPolicy("on-failure", 0),
                Mounts = [new ContainerMount { Source = "vol", Target = "/data" }],
            };
            _ = await engine.CreateContainerAsync("job", wanted, CancellationToken.None).ConfigureAwait(false);
            await engine.UpdateRestartPolicyAsync("job", RestartPolicy.No, CancellationToken.None).ConfigureAwait(false);
            await engine.StartContainerAsync("job", CancellationToken.None).ConfigureAwait(false);
            var status = await engine.WaitContainerAsync("job", CancellationToken.None).ConfigureAwait(false);
            var logs = await engine.GetContainerLogsAsync("job", CancellationToken.None).ConfigureAwait(false);
            var made = (await engine.FindContainerAsync("job", CancellationToken.None).ConfigureAwait(false))!;
            var listed = (await engine.ListContainersAsync(null, "vol", CancellationToken.None).ConfigureAwait(false)).Single();
            return string.Join(" ", status, logs.Trim(), made.Specification.Restart.Name, made.Specification.Mounts[0].Target, listed.Name);
        }).ConfigureAwait(false);
        var other = new ContainerSpecification { Image = "busybox:test", Command = ["true"] };
        await TellAsync("taken", () => engine.CreateContainerAsync("job", other, CancellationToken.None)).ConfigureAwait(false);
        await TellAsync("used", async () =>
        {
            await engine.RemoveVolumeAsync("vol", CancellationToken.None).ConfigureAwait(false);
            return "removed";
        }).ConfigureAwait(false);
        await TellAsync("removed", async () =>
        {
            await engine.RemoveContainerAsync("job", force: true, CancellationToken.None).ConfigureAwait(false);
            await engine.RemoveVolumeAsync("vol", CancellationToken.None).ConfigureAwait(false);
            var container = await engine.FindContainerAsync("job", CancellationToken.None).ConfigureAwait(false);
            var volume = await engine.FindVolumeAsync("vol", CancellationToken.None).ConfigureAwait(false);
            return container is null && volume is null ? "both" : "not";
        }).ConfigureAwait(false);
    }

    private static ICluster Connect(IClientServices services, string address, string credentialFile) =>
        services.CreateCluster(
            new ClusterConnection
            {
                Nodes = [new Uri(address)],
                Credential = services.ReadCredential(credentialFile),
                RequestTimeout = TimeSpan.FromSeconds(30),
            });

    private static Task<Plan> PlanAsync(ICluster cluster, Configuration configuration) =>
        new Planner(new PlanTargets(cluster)).PlanAsync(configuration, CancellationToken.None);

    private static VolumeSpecification Volume(string name, int megabytes) =>
        new() { Name = name, Size = ByteSize.FromMegabytes(megabytes) };

    private static async Task TellAsync(string what, Func<Task<string>> work)
    {
        try
        {
            Console.WriteLine($"{what}: {await work().ConfigureAwait(false)}");
        }
        catch (ClusterException exception)
        {
            Console.WriteLine($"{what}: {exception.Code}: {exception.Message}");
        }
    }
}
