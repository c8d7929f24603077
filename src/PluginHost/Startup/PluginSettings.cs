using HedvigStorage.Linux.Systemd;
using HedvigStorage.PluginHost.Common;
using HedvigStorage.PluginHost.Volumes;

namespace HedvigStorage.PluginHost.Startup;

/// <summary>How the plugin host is to run.</summary>
internal sealed record PluginSettings
{
    public required IReadOnlyList<Uri> Nodes { get; init; }

    public required string CredentialFile { get; init; }

    /// <summary>Gets whether a certificate of the cluster that cannot be verified is accepted.</summary>
    public bool SkipCertificateCheck { get; init; }

    public required string Socket { get; init; }

    /// <summary>Gets the socket that systemd handed over; <see langword="null"/> to make <see cref="Socket"/>.</summary>
    public PassedSocket? PassedSocket { get; init; }

    public required string StateDirectory { get; init; }

    public required string MountRoot { get; init; }

    public required string Host { get; init; }

    /// <summary>Gets how long calls may take.</summary>
    public CallLimits Limits { get; init; } = CallLimits.OfSocket;

    /// <summary>Gets which volumes a container engine may remove.</summary>
    public RemovalPolicy Removals { get; init; }

    /// <summary>Gets the driver's name, which is the socket's.</summary>
    public string Name => Path.GetFileNameWithoutExtension(Socket);
}
