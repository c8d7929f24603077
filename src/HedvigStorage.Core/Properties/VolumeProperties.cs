using VolumeProperty =
    HedvigStorage.Properties.ObjectProperty<HedvigStorage.VolumeSpecification, HedvigStorage.Volume, HedvigStorage.VolumeChange>;

namespace HedvigStorage.Properties;

/// <summary>The properties of volumes, in the order in which documents have them. To add one, see CONTRIBUTING.md.</summary>
public static class VolumeProperties
{
    /// <summary>Gets all but the name.</summary>
    public static IReadOnlyList<VolumeProperty> All { get; } =
    [
        new(
            "size",
            SizeForm.Instance,
            volume => volume.Size,
            (volume, value) => volume with { Size = (ByteSize)value },
            volume => new ByteSize(volume.Size))
        {
            OptionName = "size",
            OptionHelp = "the size, such as 512MB or 20GB; default 10GB, or that of the volume that it is made from",
            SchemaDescription = "It only grows. Default for a clone: its source's size.",
        },
        new(
            "type",
            WordForm<VolumeType>.Instance,
            volume => volume.Type,
            (volume, value) => volume with { Type = (VolumeType)value },
            volume => volume.Type)
        {
            OptionName = "type",
            OptionHelp = "Block or File; default Block",
            SchemaDefault = nameof(VolumeType.Block),
            SchemaDescription = "Fixed: another type is a replacement.",
        },
        new(
            "policy",
            new NameForm("policy"),
            volume => volume.Policy,
            (volume, value) => volume with { Policy = (string)value },
            volume => volume.Policy)
        {
            InPlace = new(change => change.Policy, (change, value) => change with { Policy = (string)value }),
            WireName = "policy",
            OptionName = "policy",
            OptionHelp = "the policy's name; default none",
        },
        new(
            "fileSystem",
            new WordForm<VolumeFileSystem> { ShowsLowerCase = true },
            volume => volume.FileSystem,
            (volume, value) => volume with { FileSystem = (VolumeFileSystem)value },
            volume => volume.FileSystem)
        {
            OptionName = "fs",
            OptionHelp = "the file system that the first mount makes, ext4 or xfs; default ext4",
            SchemaDefault = nameof(VolumeFileSystem.Ext4),
            SchemaDescription = "Fixed: another file system is a replacement.",
        },
        new(
            "uid",
            new WholeNumberForm(0, int.MaxValue),
            volume => volume.Uid,
            (volume, value) => volume with { Uid = (int)value },
            volume => volume.Uid)
        {
            Default = 0,
            NeedsExtension = true,
            WireName = "uid",
            OptionName = "uid",
            OptionHelp = "the user id that owns the root directory; default 0",
            SchemaDescription = "Owner of the root directory when the file system is made.",
        },
        new(
            "gid",
            new WholeNumberForm(0, int.MaxValue),
            volume => volume.Gid,
            (volume, value) => volume with { Gid = (int)value },
            volume => volume.Gid)
        {
            Default = 0,
            NeedsExtension = true,
            WireName = "gid",
            OptionName = "gid",
            OptionHelp = "the group id that owns the root directory; default 0",
            SchemaDescription = "Group of the root directory when the file system is made.",
        },
        new("mode", ModeForm.Instance, volume => volume.Mode, (volume, value) => volume with { Mode = (int)value }, volume => volume.Mode)
        {
            Default = PermissionBits.Default,
            NeedsExtension = true,
            WireName = "mode",
            OptionName = "mode",
            OptionHelp = "the permission bits of the root directory, octal; default 0755",
            SchemaDescription = "Octal permission bits of the root directory when the file system is made.",
        },
        new(
            "protect",
            FlagForm.Instance,
            volume => volume.Protected,
            (volume, value) => volume with { Protected = (bool)value },
            volume => volume.Protected)
        {
            Default = false,
            IsExportedOnlyIfSet = true,
            InPlace = new(change => change.Protected, (change, value) => change with { Protected = (bool)value }),
            WireName = "protected",
            SchemaDescription = "The cluster refuses to remove or revert it, whoever asks.",
        },
        new(
            "takeover",
            WordForm<TakeoverPolicy>.Instance,
            volume => volume.Takeover,
            (volume, value) => volume with { Takeover = (TakeoverPolicy)value },
            volume => volume.Takeover)
        {
            Default = TakeoverPolicy.Never,
            IsExportedOnlyIfSet = true,
            InPlace = new(change => change.Takeover, (change, value) => change with { Takeover = (TakeoverPolicy)value }),
            WireName = "takeover",
            OptionName = "takeover",
            OptionHelp = "Never, or Fenced: another host takes the volume over from one that is sure to write it no longer; default Never",
            SchemaDescription = "Whether another host may take it over from one that has not given its lease back.",
        },
        new(
            "description",
            DescriptionForm.Instance,
            volume => volume.Description,
            (volume, value) => volume with { Description = (string)value },
            volume => volume.Description)
        {
            Default = string.Empty,
            IsExportedOnlyIfSet = true,
            InPlace = new(change => change.Description, (change, value) => change with { Description = (string)value }),
            WireName = "description",
        },
        new(
            "from",
            new NameForm("volume"),
            volume => volume.SourceVolume,
            (volume, value) => volume with { SourceVolume = (string)value },
            volume => volume.SourceVolume)
        {
            NeedsExtension = true,
            OptionName = "from",
            OptionHelp = "the volume to clone",
            SchemaDescription = "The volume to clone when this one is made.",
        },
        new(
            "snapshot",
            new NameForm("snapshot"),
            volume => volume.SourceSnapshot,
            (volume, value) => volume with { SourceSnapshot = (string)value },
            volume => volume.SourceSnapshot)
        {
            NeedsExtension = true,
            OptionName = "snapshot",
            OptionHelp = "the snapshot of that volume to clone; default the volume as it is now",
            SchemaDescription = "The snapshot of 'from' to clone.",
        },
        .. AttributeTable.All.Select(OfAttribute),
    ];

    /// <summary>Finds a property by its name as an option: that of an attribute in any letter case, as in documents.</summary>
    /// <param name="name">The option's name.</param>
    public static VolumeProperty? FindOption(string name) => All.FirstOrDefault(property => string.Equals(
        property.OptionName, name, property.Attribute is null ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase));

    private static VolumeProperty OfAttribute(AttributeDefinition attribute) => new(
        attribute.Name,
        attribute.Form,
        volume => attribute.Get(volume.Attributes),
        (volume, value) => volume with { Attributes = attribute.Set(volume.Attributes, value) },
        volume => attribute.Get(volume.Requested))
    {
        Attribute = attribute,
        InPlace = new(
            change => attribute.Get(change.Attributes),
            (change, value) => change with { Attributes = attribute.Set(change.Attributes, value) }),
        WireName = attribute.WireName,
        OptionName = attribute.Name,
        OptionHelp = $"{attribute.Description}; default that of the policy",
        SchemaDescription = attribute.SchemaDescription,
    };
}
