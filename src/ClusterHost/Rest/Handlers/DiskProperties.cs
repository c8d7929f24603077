namespace HedvigStorage.ClusterHost.Rest.Handlers;

/// <summary>
/// What Hedvig's clients say of a disk beyond what this cluster keeps. The layout of blocks and the way to share a disk have no meaning for
/// an engine whose volumes are mounted where they are stored; they are checked, and left at that. What promises that data is safe is
/// refused.
/// </summary>
internal static class DiskProperties
{
    private static readonly long[] BlockSizes = [512, 4096, 65536];

    /// <summary>Checks them.</summary>
    /// <exception cref="ClusterException">One is wrong, or promises what this cluster does not keep.</exception>
    public static void Check(Parameters parameters)
    {
        CheckBlockSize(parameters, "blockSize");
        CheckBlockSize(parameters, "exportedBlockSize");
        _ = parameters.Flag("clusteredFileSystem");
        _ = parameters.Flag("scsi3pr");
        _ = parameters.Flag("isClone");
        _ = parameters.Integer("cloudProvider", 0, int.MaxValue);
        _ = parameters.Text("createdBy");
        _ = parameters.OneOf("consistency", "STRONG", "WEAK");
        foreach (var promise in new[] { "immutable", "cloudEnabled" })
        {
            if (parameters.Flag(promise) == true)
            {
                throw new ClusterException(ErrorCode.Unsupported, $"This cluster does not keep '{promise}'. Leave it out, or give false.");
            }
        }
    }

    private static void CheckBlockSize(Parameters parameters, string name)
    {
        if (parameters.Integer(name, BlockSizes[0], BlockSizes[^1]) is { } size && !BlockSizes.Contains(size))
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument, $"AddVirtualDisk: the parameter '{name}' is {size}; give {string.Join(" or ", BlockSizes)}.");
        }
    }
}
