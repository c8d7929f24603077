using System.Runtime.InteropServices;

namespace HedvigStorage.ClusterHost.Images;

/// <summary>How long a copy of an image that is in use may take from others.</summary>
/// <param name="Freeze">How long a mounted file system may stay frozen while its image is copied.</param>
/// <param name="Settle">How long a copy waits for the end of somebody else's work on the image, such as a check.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CopyLimits(TimeSpan Freeze, TimeSpan Settle);
