namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>Makes the CRUSH rules of placements. Methods block.</summary>
internal sealed class CrushRules(ICephMonitor monitor, string prefix)
{
    private const int Attempts = 5;

    /// <summary>Makes sure that a placement's rule is there.</summary>
    /// <param name="placement">The placement.</param>
    /// <param name="topology">What is there, as it was told just now.</param>
    /// <returns>The rule's name.</returns>
    /// <exception cref="ClusterException">A rule of that name does something else, or Ceph's map is not known well enough to change it.
    /// </exception>
    /// <exception cref="CephException">Ceph does not do it.</exception>
    public string Require(Placement placement, CrushTopology topology)
    {
        var name = placement.RuleName(prefix);
        var takes = placement.Takes(topology.Root);
        if (topology.HasRule(name))
        {
            return topology.FindRule(name) is { } there && there.SequenceEqual(takes) ? name : throw new ClusterException(
                ErrorCode.Conflict,
                $"This Ceph cluster has a CRUSH rule '{name}' that places data in another way than volumes here need. "
                    + "Rename it ('ceph osd crush rule rename'), or start hv-cluster with another --ceph-pool.");
        }

        if (takes is [var only])
        {
            monitor.Run(
                "osd crush rule create-replicated",
                ("name", name),
                ("root", only.Place),
                ("type", CrushWords.Of(only.Domain)),
                ("class", only.DeviceClass));
        }
        else
        {
            Insert(name, takes);
        }

        return name;
    }

    // No command makes such a rule, so the whole map is written. Ceph takes it only if nobody has changed the map in between.
    private void Insert(string name, IReadOnlyList<CrushTake> takes)
    {
        for (var attempt = 1; ; attempt++)
        {
            // In this order: a map that is newer than the version is refused, and the reverse would be taken.
            var version = ReadVersion();
            if (Change(monitor.Command(CephCommand.Write("osd getcrushmap")), name, takes) is not { } changed)
            {
                return;
            }

            try
            {
                _ = monitor.Command(CephCommand.Write("osd setcrushmap", ("prior_version", version)), changed);
                return;
            }
            catch (CephException late) when (late.Error == CephException.Permission && attempt < Attempts)
            {
                // Somebody has: again, from the map as it is now.
            }
        }
    }

    // Another cluster host may have made the rule meanwhile.
    private static byte[]? Change(byte[] bytes, string name, IReadOnlyList<CrushTake> takes)
    {
        try
        {
            var map = CrushMap.Decode(bytes);
            if (!map.Encode().AsSpan().SequenceEqual(bytes))
            {
                throw new InvalidDataException("It would not be written as it was read.");
            }

            if (map.HasRule(name))
            {
                return null;
            }

            map.AddRule(name, takes);
            return map.Encode();
        }
        catch (InvalidDataException unknown)
        {
            throw new ClusterException(
                ErrorCode.Unsupported,
                "Copies in several named data centers need a rule in this Ceph cluster's CRUSH map, and it cannot be added: "
                    + unknown.Message + " Ask for DataCenterAware without names, or for one data center.",
                unknown);
        }
    }

    private int ReadVersion()
    {
        using var dump = monitor.Ask("osd dump");
        return dump.RootElement.GetProperty("crush_version").GetInt32();
    }
}
