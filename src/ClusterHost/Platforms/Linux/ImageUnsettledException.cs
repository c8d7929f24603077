using System.Runtime.Versioning;

namespace HedvigStorage.ClusterHost.Platforms.Linux;

/// <summary>Somebody is at work on an image, so that no copy of it counts now. A little later one may.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ImageUnsettledException(string reason) : Exception(reason);
