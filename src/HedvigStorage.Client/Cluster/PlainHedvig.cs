using System.Text.Json;
using HedvigStorage.Protocol;

namespace HedvigStorage.Client.Cluster;

/// <summary>What a Hedvig cluster without the extension wants and gives. Source: Hedvig's Cinder driver and Terraform provider.</summary>
internal static class PlainHedvig
{
    public static ClusterCapabilities Capabilities { get; } = new()
    {
        Engine = "Hedvig",
        Extension = false,
        VolumeTypes = [VolumeType.Block, VolumeType.File],
        HonouredAttributes = AttributeTable.All.Select(attribute => attribute.Name).ToArray(),
        SharesData = true,
        OwnMachineOnly = false,
        MinimumVolumeSize = ByteSize.FromGigabytes(1),
        MaximumVolumeSize = new ByteSize(long.MaxValue),
    };

    /// <summary>Refuses what a plain Hedvig cannot keep, rather than dropping it silently.</summary>
    public static void Check(VolumeSpecification specification)
    {
        var refused =
            specification.Policy is { Length: > 0 } ? "a policy; give the attributes on the volume itself" :
            specification.FileSystem is { } and not VolumeFileSystem.Ext4 ? "the file system of a volume" :
            specification.Uid is { } || specification.Gid is { } || specification.Mode is { }
                ? "the owner and mode of a volume's root directory" :
            specification.Protected == true ? "the protection of a volume" :
            specification.Takeover == TakeoverPolicy.Fenced ? "the take-over of a volume" :
            specification.SourceVolume is { } && !specification.Attributes.IsEmpty ? "other attributes for a clone than its source's" :
            null;
        if (refused is not null)
        {
            throw new ClusterException(
                ErrorCode.Unsupported,
                $"A cluster without the HedvigStorage extension does not keep {refused}. Volume: "
                    + $"'{ObjectName.Printable(specification.Name)}'.");
        }

        if (specification.Size is { } size)
        {
            CheckSize(size);
        }
    }

    public static void CheckSize(ByteSize size)
    {
        if (size.Bytes == 0 || size.Bytes % (1L << 30) != 0)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"The size {size} is not a whole number of GB, which this cluster wants. Give one such as "
                    + $"{ByteSize.FromGigabytes((long)Math.Floor(size.Gigabytes) + 1)}.");
        }
    }

    public static Volume CheckSame(Volume existing, VolumeSpecification specification)
    {
        if (specification.Size is { } size && size != existing.Size)
        {
            throw new ClusterException(
                ErrorCode.Conflict, $"The volume '{existing.Name}' exists with {new ByteSize(existing.Size)}, not {size}.");
        }

        var type = specification.Type ?? existing.Type;
        return type == existing.Type
            ? existing
            : throw new ClusterException(
                ErrorCode.Conflict, $"The volume '{existing.Name}' exists with the type {existing.Type}, not {type}.");
    }

    /// <summary>Writes a volume with every member that both public clients send; what is not specified gets their default.</summary>
    public static void WriteVolume(Utf8JsonWriter writer, VolumeSpecification specification)
    {
        var file = specification.Type == VolumeType.File;
        var attributes = specification.Attributes;
        writer.WriteString("name", specification.Name);
        writer.WriteSize(specification.Size!.Value);
        writer.WriteString("diskType", (specification.Type ?? VolumeType.Block).ToWord());

        // A file volume has blocks of 512 bytes and a clustered file system; Terraform refuses anything else.
        writer.WriteNumber("blockSize", file ? 512 : 4096);
        if (!file)
        {
            writer.WriteNumber("exportedBlockSize", 4096);
        }

        writer.WriteBoolean("clusteredFileSystem", file);
        writer.WriteBoolean("scsi3pr", value: false);
        writer.WriteString("residence", (attributes.Residence ?? Residence.HDD).ToString());
        writer.WriteNumber("replicationFactor", attributes.ReplicationFactor ?? 3);
        writer.WriteString("replicationPolicy", (attributes.ReplicationPolicy ?? ReplicationPolicy.Agnostic).ToString());
        writer.WriteOptionalStrings("dataCenters", attributes.DataCenters);
        writer.WriteBoolean("compressed", attributes.Compression ?? attributes.Deduplication ?? false);
        writer.WriteBoolean("deduplication", attributes.Deduplication ?? false);
        writer.WriteBoolean("cacheEnabled", attributes.CacheEnabled ?? false);
        writer.WriteBoolean("encryption", attributes.Encryption ?? false);
        writer.WriteString("description", specification.Description ?? string.Empty);
    }

    public static void WriteClone(Utf8JsonWriter writer, VolumeSpecification specification, ByteSize size)
    {
        writer.WriteString("srcVolName", specification.SourceVolume);
        writer.WriteString("cloneVolName", specification.Name);
        writer.WriteNumber("size", size.Bytes);
        writer.WriteOptionalString("openstackSID", specification.SourceSnapshot);
    }

    public static Volume ToVolume(VirtualDiskDetailsResult details)
    {
        if (details.Volume is { } volume)
        {
            return volume.ToModel();
        }

        // Terraform takes the count as GB whatever the units say, so a server may leave the units out.
        var size = details.SizeBytes is >= 0 and { } bytes
            ? new ByteSize(bytes)
            : details.Size is { } count
                ? InformationReader.ToSize(string.IsNullOrEmpty(count.Units) ? "GB" : count.Units, count.Value)
                : null;
        return new Volume
        {
            Name = string.IsNullOrEmpty(details.VDiskName) ? throw Missing("vDiskName") : details.VDiskName!,
            Size = size ?? throw Missing("size"),
            Type = MessageMapping.ToVolumeType(details.DiskType) ?? throw Missing("diskType"),
        };
    }

    private static ClusterException Missing(string member) =>
        AnswerReader.Unreadable(RequestTypes.VirtualDiskDetails, $"the member 'result.{member}' is missing or has the wrong form");
}
