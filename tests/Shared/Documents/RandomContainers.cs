using HedvigStorage.Docker;
using HedvigStorage.Documents;

namespace HedvigStorage.Tests;

/// <summary>
/// Docker parts at random for documents at random: containers over the document's volumes and networks, few of each, so that documents meet
/// each other's.
/// </summary>
/// <param name="seed">What all choices follow from.</param>
internal sealed class RandomContainers(int seed)
{
    public static readonly IReadOnlyList<string> Images = ["app:1", "app:2"];

    private static readonly string[] Names = ["c0", "c1", "c2", "c3"];
    private static readonly string[] Networks = ["n0", "n1"];

    private readonly Random _random = new(seed);

    /// <summary>Gives a document a Docker part.</summary>
    public Configuration AddTo(Configuration document)
    {
        var networks = Networks.Where(_ => Chance(2))
            .Select(
                name =>
                    new ConfiguredNetwork
                    {
                        Name = name,
                        Ensure = Chance(5) ? Ensure.Absent : Ensure.Present,
                        Internal = Chance(3) ? Chance(2) : null,
                    }).ToList();
        var volumes = document.Volumes.Where(volume => volume.Ensure == Ensure.Present).Select(volume => volume.Name).ToArray();
        var containers = new List<ConfiguredContainer>();
        foreach (var name in Names.Where(_ => Chance(2)))
        {
            containers.Add(Next(name, volumes, networks, containers));
        }

        return document with
        {
            Docker = new DockerConfiguration { Networks = networks, Containers = [.. containers.OrderBy(_ => _random.Next())] },
        };
    }

    private ConfiguredContainer Next(string name, string[] volumes, List<ConfiguredNetwork> networks, List<ConfiguredContainer> before)
    {
        if (Chance(5))
        {
            return new ConfiguredContainer { Name = name, Ensure = Ensure.Absent };
        }

        var state = Chance(4) ? ContainerState.Stopped : ContainerState.Running;
        return new ConfiguredContainer
        {
            Name = name,
            Image = Images[_random.Next(Images.Count)],
            State = state,
            Command = Chance(4) ? ["serve", Word()] : null,
            User = Chance(4) ? Word() : null,
            Environment = Chance(2)
                ? new Dictionary<string, EnvironmentValue>(StringComparer.Ordinal) { ["MODE"] = new EnvironmentValue { Text = Word() } }
                : null,
            Labels = Chance(3) ? new Dictionary<string, string>(StringComparer.Ordinal) { ["tier"] = Word() } : null,
            // A document that leaves out what a container mounts keeps it, also what another document makes absent: the last name never
            // mounts any.
            Mounts = name == Names[^1]
                ? null
                : [.. volumes.Where(_ => Chance(3)).Select(
                    volume =>
                        new ContainerMount
                        {
                            Source = volume,
                            Target = "/" + volume,
                            ReadOnly = Chance(4),
                            Driver = ConfiguredPlugin.DefaultName,
                        })],
            Ports = Chance(4) ? [new PortMapping { HostPort = 8000 + _random.Next(2), ContainerPort = 80 }] : null,
            Restart = Chance(3) ? (Chance(2) ? RestartPolicy.No : new RestartPolicy("always", 0)) : null,
            Network = networks.Find(network => network.Ensure == Ensure.Present && Chance(2))?.Name ?? "bridge",
            DependsOn = state == ContainerState.Running
                ? [.. before.Where(
                    other => other is { Ensure: Ensure.Present, State: ContainerState.Running } && Chance(3)).Select(other => other.Name)]
                : [],
            StopTimeout = Chance(5) ? TimeSpan.FromSeconds(_random.Next(1, 3)) : null,
        };
    }

    private string Word() => _random.Next(2).ToString(CultureInfo.InvariantCulture);

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;
}
