namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>Ceph's words for kinds of disks, and what they are as a residence.</summary>
internal static class DeviceClasses
{
    private const string Hdd = "hdd";
    private const string Ssd = "ssd";
    private const string Nvme = "nvme";

    /// <summary>Finds the class of disks for a residence; none is asked for if no residence is.</summary>
    /// <exception cref="ClusterException">No disk is of that kind.</exception>
    public static string? Find(Residence? residence, CrushTopology topology)
    {
        string[] wanted = residence switch
        {
            Residence.Flash => [Ssd, Nvme],
            Residence.HDD => [Hdd],
            _ => [],
        };
        if (wanted.Length == 0)
        {
            return null;
        }

        var there = topology.Devices.Select(device => device.DeviceClass).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return Array.Find(wanted, there.Contains) ?? throw new ClusterException(
            ErrorCode.Refused,
            $"Residence {residence} needs OSDs of the device class {string.Join(" or ", wanted)}, and this Ceph cluster has "
                + (there.Count == 0 ? "none with a device class" : $"only {string.Join(", ", there.Order(StringComparer.Ordinal))}")
                + ". Leave the residence out for any disk.");
    }

    /// <summary>Gets what disks of a class are, or <see langword="null"/> if that is not known.</summary>
    public static Residence? ResidenceOf(string? deviceClass) => deviceClass switch
    {
        Ssd or Nvme => Residence.Flash,
        Hdd => Residence.HDD,
        _ => null,
    };
}
