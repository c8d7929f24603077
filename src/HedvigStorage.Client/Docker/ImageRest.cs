namespace HedvigStorage.Client.Docker;

/// <summary>What an engine answers about an image and the library's model lacks: what Docker has besides OCI.</summary>
internal sealed record ImageRest(ImageConfigRest? Config);

/// <summary>The part of it that containers take over.</summary>
internal sealed record ImageConfigRest(bool Tty, bool OpenStdin, int? StopTimeout);
