using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.PluginHost.Attachers;

/// <summary>
/// A volume's data on its way to being mounted. Its lock keeps other plugin hosts on this machine from mounting it, and is its loop
/// device's as soon as it has one.
/// </summary>
/// <param name="request">The mount to come.</param>
/// <param name="file">The open image; <see langword="null"/> if it is mounted.</param>
internal sealed class InspectedImage(MountRequest request, SafeFileHandle? file) : IDisposable
{
    /// <summary>Gets the mount to come.</summary>
    public MountRequest Request { get; } = request;

    /// <summary>Gets the open image.</summary>
    public SafeFileHandle File => file ?? throw new InvalidOperationException("The volume is mounted.");

    /// <summary>Gets or sets what is to be done with it.</summary>
    public ImageState State { get; set; }

    /// <summary>Gets or sets the device that has it already, or <see langword="null"/>.</summary>
    public uint? Device { get; set; }

    /// <summary>Gets or sets what it holds.</summary>
    public ImageContent Content { get; set; }

    /// <summary>Gets or sets whether its file system has just been made.</summary>
    public bool IsMade { get; set; }

    /// <inheritdoc/>
    public void Dispose() => file?.Dispose();
}
