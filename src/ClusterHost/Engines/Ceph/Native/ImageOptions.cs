using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Engines.Ceph.Native;

/// <summary>How an image is made (<c>rbd_image_options_t</c>).</summary>
internal sealed class ImageOptions : SafeHandleZeroOrMinusOneIsInvalid
{
    // layering, exclusive-lock, object-map, fast-diff and deep-flatten.
    private const ulong Features = 1 | 4 | 8 | 16 | 32;
    private const int FeaturesOption = 1;
    private const int OrderOption = 2;
    private const int CloneFormatOption = 12;

    public ImageOptions()
        : base(ownsHandle: true)
    {
        RbdLibrary.CreateOptions(out var options);
        SetHandle(options);
    }

    /// <summary>The binary logarithm of the bytes of one object of an image: 4 MiB.</summary>
    public const int Order = 22;

    public static ImageOptions ForImage()
    {
        var options = new ImageOptions();
        _ = RbdLibrary.SetOption(options, FeaturesOption, Features);
        _ = RbdLibrary.SetOption(options, OrderOption, Order);
        return options;
    }

    /// <summary>Clones of the second format need no protection of their snapshot, which can be removed while they are there.</summary>
    public static ImageOptions ForClone()
    {
        var options = ForImage();
        _ = RbdLibrary.SetOption(options, CloneFormatOption, 2);
        return options;
    }

    // Not with the option to flatten a clone on the way: librbd 16 crashes on it.
    public static ImageOptions ForMigration() => new();

    protected override bool ReleaseHandle()
    {
        RbdLibrary.DestroyOptions(handle);
        return true;
    }
}
