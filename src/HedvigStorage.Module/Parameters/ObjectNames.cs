using System.Runtime.CompilerServices;

namespace HedvigStorage.Parameters;

/// <summary>
/// The names of objects, where parameters take names. Each name that was an object is a string of its own, and of that it is known which
/// cluster the object came from; what somebody types is of no cluster in particular.
/// </summary>
internal static class ObjectNames
{
    private static readonly ConditionalWeakTable<string, ClusterOrigin> Origins = new();

    /// <summary>Gets the name of an object that remembers where the object came from.</summary>
    public static string Take(string name, ClusterOrigin? origin)
    {
        if (origin is null || name.Length == 0)
        {
            return name;
        }

        var own = new string(name.ToCharArray());
        Origins.Add(own, origin);
        return own;
    }

    /// <summary>Tells where the object came from whose name this is; <see langword="null"/> if nobody knows.</summary>
    public static ClusterOrigin? OriginOf(string name) => Origins.TryGetValue(name, out var origin) ? origin : null;

    /// <summary>Tells where an object came from, also one that was serialised meanwhile; <see langword="null"/> if nobody knows.</summary>
    public static ClusterOrigin? OriginOf(object? value) => Unwrap(value) is ClusterObject known
        ? known.ClusterOrigin
        : value is PSObject wrapped && wrapped.Properties[nameof(ClusterObject.ClusterOrigin)] is { Value: { } origin }
            ? ReadOrigin(origin)
            : null;

    /// <summary>Reads what an object holds of its cluster, in whatever form it came through serialisation.</summary>
    /// <returns>The cluster; <see langword="null"/> where the object names none.</returns>
    /// <exception cref="ArgumentTransformationMetadataException">It is not the address of a cluster.</exception>
    public static ClusterOrigin? ReadOrigin(object? value) => Unwrap(value) switch
    {
        null or string { Length: 0 } => null,
        ClusterOrigin origin => origin,
        Uri { IsAbsoluteUri: true } address => new ClusterOrigin(address),
        string text when Uri.TryCreate(text, UriKind.Absolute, out var address) => new ClusterOrigin(address),
        _ when value is PSObject wrapped && wrapped.Properties[nameof(ClusterOrigin.Address)] is { Value: { } address }
            && Unwrap(address) is Uri or string => ReadOrigin(address),
        _ =>
            throw new ArgumentTransformationMetadataException(
                $"'{ObjectName.Printable($"{value}")}' is not the address of the cluster that an object came from."),
    };

    public static object? Unwrap(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
