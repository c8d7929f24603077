namespace HedvigStorage.Documents;

/// <summary>Which container needs which other: what <see cref="ConfiguredContainer.DependsOn"/> says, taken further.</summary>
internal static class ContainerOrder
{
    public static IEnumerable<string> Check(IReadOnlyList<ConfiguredContainer> containers)
    {
        var byName = containers.GroupBy(container => container.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        foreach (var container in byName.Values)
        {
            foreach (var name in container.DependsOn)
            {
                if (!byName.TryGetValue(name, out var other))
                {
                    yield return $"The container '{container.Name}' depends on '{name}', which is not a container of the document.";
                }
                else if (container.Ensure == Ensure.Present && other.Ensure == Ensure.Absent)
                {
                    yield return $"The container '{container.Name}' depends on '{name}', which the document makes absent.";
                }
            }

            // Each circle is told once, by the first of its names.
            if (CircleOf(byName, container.Name) is { } circle && circle.All(name => string.CompareOrdinal(container.Name, name) <= 0))
            {
                yield return $"The containers {string.Join(", ", circle.Select(name => $"'{name}'"))} depend on each other in a circle. "
                    + "Take one 'dependsOn' out.";
            }
        }
    }

    /// <summary>
    /// Names the containers that depend on one, also through others, in the order in which they are stopped: the last to be started first.
    /// </summary>
    public static IReadOnlyList<string> DependentsOf(IReadOnlyList<ConfiguredContainer> containers, string name)
    {
        var ordered = new List<string>();
        var visited = new HashSet<string>(StringComparer.Ordinal) { name };
        Visit(name);
        return ordered;

        void Visit(string used)
        {
            foreach (var user in containers.Where(
                container => container.DependsOn.Contains(used, StringComparer.Ordinal) && visited.Add(container.Name)))
            {
                Visit(user.Name);
                ordered.Add(user.Name);
            }
        }
    }

    private static List<string>? CircleOf(Dictionary<string, ConfiguredContainer> byName, string start)
    {
        var path = new List<string>();
        var visited = new HashSet<string>(StringComparer.Ordinal);
        return Leads(start) ? path : null;

        bool Leads(string name)
        {
            path.Add(name);
            foreach (var next in byName.TryGetValue(name, out var container) ? container.DependsOn : [])
            {
                if (string.Equals(next, start, StringComparison.Ordinal) || (visited.Add(next) && Leads(next)))
                {
                    return true;
                }
            }

            path.RemoveAt(path.Count - 1);
            return false;
        }
    }
}
