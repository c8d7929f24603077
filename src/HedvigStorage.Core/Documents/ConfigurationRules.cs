namespace HedvigStorage.Documents;

/// <summary>What must hold between the objects of a configuration.</summary>
internal static class ConfigurationRules
{
    public static IEnumerable<string> Check(Configuration configuration)
    {
        return Unique("policy", configuration.Policies.Select(policy => policy.Name))
            .Concat(Unique("volume", configuration.Volumes.Select(volume => volume.Name)))
            .Concat(Unique("snapshot", configuration.Snapshots.Select(snapshot => $"{snapshot.Volume}@{snapshot.Name}")))
            .Concat(Unique("access", configuration.Access.Select(access => access.Id)))
            .Concat(configuration.Access.SelectMany(access => CheckAccess(configuration, access)))
            .Concat(configuration.Volumes.SelectMany(volume => CheckVolume(configuration, volume)))
            .Concat(configuration.Snapshots.SelectMany(snapshot => CheckSnapshot(configuration, snapshot)))
            .Concat(DockerRules.Check(configuration));
    }

    internal static IEnumerable<string> Unique(string kind, IEnumerable<string> names) => names
        .GroupBy(name => name, StringComparer.Ordinal)
        .Where(group => group.Count() > 1)
        .Select(group => $"The {kind} '{group.Key}' is there {group.Count()} times. Describe it once.");

    private static IEnumerable<string> CheckVolume(Configuration configuration, ConfiguredVolume volume)
    {
        if (volume.Ensure != Ensure.Present)
        {
            if (volume.Protected == true && volume.Ensure == Ensure.Absent)
            {
                yield return $"The volume '{volume.Name}' has both \"protect\": true and \"ensure\": \"Absent\". Choose one.";
            }

            yield break;
        }

        if (volume.Size is null && volume.SourceVolume is null)
        {
            yield return $"The volume '{volume.Name}' needs a 'size', such as 10GB, or 'from', the volume to clone.";
        }

        if (volume.SourceSnapshot is not null && volume.SourceVolume is null)
        {
            yield return $"The volume '{volume.Name}' names a 'snapshot' to clone but not the volume that it is 'from'.";
        }

        if (string.Equals(volume.SourceVolume, volume.Name, StringComparison.Ordinal))
        {
            yield return $"The volume '{volume.Name}' cannot be a clone of itself.";
        }

        if (Absent(configuration.Policies, policy => policy.Name, policy => policy.Ensure, volume.Policy))
        {
            yield return $"The volume '{volume.Name}' has the policy '{volume.Policy}', which the document makes absent.";
        }

        if (Absent(configuration.Volumes, other => other.Name, other => other.Ensure, volume.SourceVolume))
        {
            yield return $"The volume '{volume.Name}' is cloned from '{volume.SourceVolume}', which the document makes absent.";
        }
    }

    private static IEnumerable<string> CheckSnapshot(Configuration configuration, ConfiguredSnapshot snapshot)
    {
        if (snapshot.Ensure == Ensure.Present
            && Absent(configuration.Volumes, volume => volume.Name, volume => volume.Ensure, snapshot.Volume))
        {
            yield return $"The snapshot '{snapshot.Name}' is of the volume '{snapshot.Volume}', which the document makes absent.";
        }
    }

    private static IEnumerable<string> CheckAccess(Configuration configuration, ConfiguredAccess access)
    {
        if (access.Ensure == Ensure.Present && Absent(configuration.Volumes, volume => volume.Name, volume => volume.Ensure, access.Volume))
        {
            yield return $"'{access.Address}' is given access to the volume '{access.Volume}', which the document makes absent.";
        }
    }

    internal static bool Absent<T>(IEnumerable<T> items, Func<T, string> name, Func<T, Ensure> ensure, string? wanted) =>
        wanted is not null
            && items.Any(item => string.Equals(name(item), wanted, StringComparison.Ordinal) && ensure(item) == Ensure.Absent);
}
