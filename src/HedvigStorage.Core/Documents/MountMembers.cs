using HedvigStorage.Docker;

namespace HedvigStorage.Documents;

/// <summary>A mount as documents write it: what is mounted has a member of its own for each of its kinds.</summary>
internal sealed record MountMembers
{
    public string? Volume { get; init; }

    public string? Source { get; init; }

    public string? Image { get; init; }

    public string Target { get; init; } = string.Empty;

    public bool ReadOnly { get; init; }

    public bool NoCopy { get; init; }

    public string? SubPath { get; init; }

    public static MountMembers Of(ContainerMount mount) => new()
    {
        Volume = mount.Type is "volume" ? mount.Source : null,
        Source = mount.Type is "volume" or "image" ? null : mount.Source,
        Image = mount.Type is "image" ? mount.Source : null,
        Target = mount.Target,
        ReadOnly = mount.ReadOnly,
        NoCopy = mount.NoCopy,
        SubPath = mount.SubPath,
    };

    /// <summary>Says what does not go together; <see langword="null"/> if nothing can be mounted so.</summary>
    public MountMembers? Check(DocumentNode node)
    {
        if (new[] { Volume, Source, Image }.Count(what => what is not null) != 1)
        {
            node.Fail("give either 'volume', a volume's name, or 'source', a path of the host, or 'image', an image's name.");
            return null;
        }

        if (Source is not null && (NoCopy || SubPath is not null))
        {
            node.Fail("'noCopy' and 'subPath' are of volumes, not of paths of the host.");
        }

        if (Image is not null && NoCopy)
        {
            node.Fail("'noCopy' is of volumes, not of images.");
        }

        return this;
    }

    /// <summary>Makes the mount; its driver is not known yet.</summary>
    public ContainerMount ToMount() => new()
    {
        Type = Volume is not null ? "volume" : Image is not null ? "image" : "bind",
        Source = Volume ?? Image ?? Source!,
        Target = Target,
        ReadOnly = ReadOnly && Image is null,
        NoCopy = NoCopy,
        SubPath = SubPath,
    };
}
