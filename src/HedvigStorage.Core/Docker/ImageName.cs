using System.Text.RegularExpressions;

namespace HedvigStorage.Docker;

/// <summary>Names of images as engines read them. Source: the grammar of distribution's references.</summary>
internal static class ImageName
{
    private const string DefaultDomain = "docker.io";
    private const string Component = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";

    // An id is a name too where no tag follows it.
    private static readonly Regex Form = new(
        "^(?:(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*"
            + "|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?/)?"
        + Component + "(?:/" + Component + ")*"
        + "(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?\\z",
        RegexOptions.CultureInvariant,
        TimeSpan.FromSeconds(1));

    /// <summary>Tells whether an engine takes it for the name of an image.</summary>
    public static bool IsValid(string name) => name.Length <= ObjectName.MaximumLength * 2 && Form.IsMatch(name);

    /// <summary>
    /// Tells whether two names are of one image: <c>redis</c>, <c>redis:latest</c> and <c>docker.io/library/redis:latest</c> are.
    /// </summary>
    public static bool Same(string left, string right) => string.Equals(Whole(left), Whole(right), StringComparison.Ordinal);

    /// <summary>Writes a name in full, with its registry and its tag or digest.</summary>
    public static string Whole(string name)
    {
        var at = name.IndexOf('@');
        var (path, digest) = at < 0 ? (name, string.Empty) : (name.Substring(0, at), name.Substring(at));
        var colon = path.LastIndexOf(':');
        var tagged = colon > path.LastIndexOf('/');
        var bare = tagged ? path.Substring(0, colon) : path;

        // A digest says all that a tag could.
        return Qualified(bare) + (digest.Length > 0 ? digest : tagged ? path.Substring(colon) : ":latest");
    }

    private static string Qualified(string name)
    {
        var slash = name.IndexOf('/');
        var first = slash < 0 ? string.Empty : name.Substring(0, slash);
        var isDomain = first.IndexOfAny(['.', ':']) >= 0 || string.Equals(first, "localhost", StringComparison.Ordinal)
            || first.Any(char.IsUpper);
        var (domain, rest) = isDomain ? (first, name.Substring(slash + 1)) : (DefaultDomain, name);
        domain = domain is "index.docker.io" ? DefaultDomain : domain;
        return domain + "/" + (domain is DefaultDomain && rest.IndexOf('/') < 0 ? "library/" + rest : rest);
    }
}
