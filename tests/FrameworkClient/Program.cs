using HedvigStorage.Documents;
using HedvigStorage.Hosting;
using HedvigStorage.Loading;
using HedvigStorage.Planning;
using HedvigStorage.Services;

namespace HedvigStorage.FrameworkClient;

/// <summary>
/// Does with a cluster what a session does, and writes a line about each: makes volumes alone and many at once, lists them, is refused, applies a document, and asks where nobody answers.
/// Arguments: the folder of the client's assemblies, the cluster's address, the credential file, and an address at which nothing listens.
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
        var services = (IClientServices)Activator.CreateInstance(loader.Load().GetType("HedvigStorage.Hosting.ClientServices", throwOnError: true)!)!;
        using var cluster = Connect(services, arguments[1], arguments[2]);
        await TellAsync("new", async () => new ByteSize((await cluster.CreateVolumeAsync(Volume("db", 64), CancellationToken.None).ConfigureAwait(false)).Size).ToString());
        await TellAsync("many", async () =>
        {
            var made = await cluster.CreateVolumesAsync(Enumerable.Range(0, 300).Select(number => Volume(FormattableString.Invariant($"many{number}"), 16)).ToArray(), CancellationToken.None).ConfigureAwait(false);
            return made.Count(creation => creation.Error is null).ToString(CultureInfo.InvariantCulture);
        });
        await TellAsync("list", async () => (await cluster.ListAllVolumesAsync(new VolumeQuery(), CancellationToken.None).ConfigureAwait(false)).Count.ToString(CultureInfo.InvariantCulture));
        await TellAsync("conflict", async () => (await cluster.CreateVolumeAsync(Volume("db", 65), CancellationToken.None).ConfigureAwait(false)).Name);
        var configuration = ConfigurationReader.Read(services.ReadJson(Document, "the document"), "the document");
        await TellAsync("apply", async () =>
        {
            var plan = await PlanAsync(cluster, configuration).ConfigureAwait(false);
            var report = await Applier.ApplyAsync(plan, new ApplyOptions(), progress: null, CancellationToken.None).ConfigureAwait(false);
            return report.Succeeded ? string.Join(" ", plan.Changes.Select(step => $"{step.Id}:{step.Action}")) : "failed";
        });
        await TellAsync("again", async () => (await PlanAsync(cluster, configuration).ConfigureAwait(false)).Changes.Count().ToString(CultureInfo.InvariantCulture));
        using var nobody = Connect(services, arguments[3], arguments[2]);
        await TellAsync("nobody", async () => (await nobody.ListAllVolumesAsync(new VolumeQuery(), CancellationToken.None).ConfigureAwait(false)).Count.ToString(CultureInfo.InvariantCulture));
    }

    private static ICluster Connect(IClientServices services, string address, string credentialFile) =>
        services.CreateCluster(new ClusterConnection { Nodes = [new Uri(address)], Credential = services.ReadCredential(credentialFile), RequestTimeout = TimeSpan.FromSeconds(30) });

    private static Task<Plan> PlanAsync(ICluster cluster, Configuration configuration) => new Planner(new PlanTargets(cluster)).PlanAsync(configuration, CancellationToken.None);

    private static VolumeSpecification Volume(string name, int megabytes) => new() { Name = name, Size = ByteSize.FromMegabytes(megabytes) };

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
