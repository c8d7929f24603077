using System.Collections.Concurrent;
using System.Reflection;

namespace HedvigStorage.Commands;

/// <summary>
/// The objects that a cmdlet has been given, one cluster after the other: while those of a cluster are worked on, a parameter that names
/// objects of several holds the names of its objects alone. It reads all parameters that take names or objects, so that a new cmdlet needs
/// nothing of its own.
/// </summary>
internal sealed class ObjectsAtHand
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Known = new();
    private static readonly Type[] Types = [typeof(string), typeof(string[]), typeof(ClusterOrigin), typeof(PSObject)];

    private readonly ClusterCommand _command;
    private readonly PropertyInfo? _list;
    private readonly List<string[]> _parts = [];
    private int _next;

    public ObjectsAtHand(ClusterCommand command)
    {
        _command = command;
        var properties = Known.GetOrAdd(command.GetType(), Find);
        var values = properties.Select(property => (Property: property, Value: ObjectNames.Unwrap(property.GetValue(command)))).ToArray();
        var lists = values.Where(value => value.Value is string[] names && OriginsOf(names).Skip(1).Any()).ToArray();
        var origins = values.Except(lists).SelectMany(value => OriginsOf(value.Value)).Distinct().ToArray();
        Names = string.Join(
            ", ",
            values.Select(value => value.Value).OfType<ClusterObject>().Select(item => item.ToString())
                .Concat(values.Select(value => value.Value).OfType<string[]>().FirstOrDefault() ?? []));
        if (origins.Length > 1 || lists.Length > 1 || (lists.Length == 1 && origins.Length == 1))
        {
            var all = origins.Concat(lists.SelectMany(list => OriginsOf(list.Value))).Distinct();
            Conflict = new ClusterException(
                ErrorCode.Conflict,
                $"The objects came from different clusters: {string.Join(", ", all)}. Give objects of one cluster, or names alone.");
            _next = -1;
        }
        else if (lists.Length == 1)
        {
            _list = lists[0].Property;
            _parts = Split((string[])lists[0].Value!);
        }
        else
        {
            Origin = origins.FirstOrDefault();
        }
    }

    /// <summary>Gets the names of the objects, for errors.</summary>
    public string Names { get; private set; }

    /// <summary>
    /// Gets the cluster that the objects at hand came from; <see langword="null"/> where they are names that somebody gave.
    /// </summary>
    public ClusterOrigin? Origin { get; private set; }

    /// <summary>Gets why nothing can be worked on, or <see langword="null"/>.</summary>
    public ClusterException? Conflict { get; }

    /// <summary>Goes on to the objects of the next cluster; <see langword="false"/> at the end.</summary>
    public bool MoveNext()
    {
        if (_next < 0 || _next >= Math.Max(_parts.Count, 1))
        {
            return false;
        }

        if (_list is not null)
        {
            var part = _parts[_next];
            _list.SetValue(_command, part);
            Origin = ObjectNames.OriginOf(part[0]);
            Names = string.Join(", ", part);
        }

        _next++;
        return true;
    }

    // In their order, so that what is told of them is too.
    private static List<string[]> Split(string[] names)
    {
        var parts = new List<List<string>>();
        foreach (var name in names)
        {
            if (parts.Count == 0 || !Equals(ObjectNames.OriginOf(parts[parts.Count - 1][0]), ObjectNames.OriginOf(name)))
            {
                parts.Add([]);
            }

            parts[parts.Count - 1].Add(name);
        }

        return parts.Select(part => part.ToArray()).ToList();
    }

    private static IEnumerable<ClusterOrigin> OriginsOf(object? value) => value switch
    {
        ClusterOrigin origin => [origin],
        ClusterObject { ClusterOrigin: { } origin } => [origin],
        string name when ObjectNames.OriginOf(name) is { } origin => [origin],
        string[] names => names.Select(ObjectNames.OriginOf).OfType<ClusterOrigin>().Distinct(),
        _ => [],
    };

    // Those with a position first: they are what the cmdlet is about.
    private static PropertyInfo[] Find(Type command) => command.GetProperties()
        .Where(property => Types.Contains(property.PropertyType) || typeof(ClusterObject).IsAssignableFrom(property.PropertyType))
        .Select(property => (Property: property, Parameter: property.GetCustomAttributes<ParameterAttribute>().FirstOrDefault()))
        .Where(known => known.Parameter is not null)
        .OrderBy(known => known.Parameter!.Position < 0 ? int.MaxValue : known.Parameter.Position)
        .Select(known => known.Property)
        .ToArray();
}
