using System.Diagnostics;
using HedvigStorage.Client.Cluster;
using HedvigStorage.Client.Compatibility;
using HedvigStorage.Client.Documents;

namespace HedvigStorage.Hosting;

/// <summary>An embedded cluster on this machine, from its first start to its removal.</summary>
internal sealed class EmbeddedCluster : IClusterHost
{
    private static readonly TimeSpan RemovalLimit = TimeSpan.FromSeconds(3);

    private readonly string _data;
    private readonly ClusterHostProcess _process;
    private readonly ClusterDataFolder _folder;

    /// <summary>Names an embedded cluster; nothing is started yet.</summary>
    /// <param name="dataDirectory">The data folder.</param>
    /// <param name="hostsDirectory">The folder that holds the executable, or <see langword="null"/> to look for it.</param>
    public EmbeddedCluster(string dataDirectory, string? hostsDirectory)
    {
        _data = Path.GetFullPath(dataDirectory).TrimEnd(Path.DirectorySeparatorChar);
        _process = new ClusterHostProcess(_data, hostsDirectory);
        _folder = new ClusterDataFolder(_data);
    }

    /// <inheritdoc/>
    public Task<ClusterHostStatus> GetStatusAsync(CancellationToken cancellationToken) => _process.GetStatusAsync(cancellationToken);

    /// <inheritdoc/>
    public string? WhyNotCreate() => File.Exists(_data) ? $"'{_data}' is a file. Give a new or an empty folder."
        : _folder.IsBlank ? null
        : _folder.HasCatalog
            ? $"'{_data}' holds a cluster already. Start it with Start-HvCluster or 'hv cluster start', or give another folder."
        : $"'{_data}' holds other things than a cluster's data. Give a new or an empty folder.";

    /// <inheritdoc/>
    public async Task<ClusterHostStatus> CreateAsync(ClusterHostOptions options, Credential? admin, CancellationToken cancellationToken)
    {
        NeedPlatform();
        if (WhyNotCreate() is { } reason)
        {
            throw new ClusterException(ErrorCode.Conflict, reason);
        }

        try
        {
            var started = await _process.StartFirstAsync(
                admin is null ? options : options with { Admin = admin.UserName }, cancellationToken).ConfigureAwait(false);
            await SetPasswordAsync(started, admin, cancellationToken).ConfigureAwait(false);
            return started;
        }
        catch
        {
            TakeBack();
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<ClusterHostStatus> StartAsync(ClusterHostOptions options, CancellationToken cancellationToken)
    {
        NeedPlatform();
        return _folder.HasCatalog ? _process.StartAsync(options, cancellationToken) : throw NoCluster();
    }

    /// <inheritdoc/>
    public Task<bool> StopAsync(CancellationToken cancellationToken)
    {
        NeedPlatform();
        return _folder.HasLock ? _process.StopAsync(cancellationToken) : throw NoCluster();
    }

    /// <inheritdoc/>
    public void CheckRemovable()
    {
        NeedPlatform();
        if (!_folder.HasLock)
        {
            throw NoCluster();
        }

        _folder.RefuseForeign();
        if (string.Equals(_process.Engine, "ceph", StringComparison.Ordinal))
        {
            throw new ClusterException(
                ErrorCode.Unsupported,
                $"The volumes of the cluster in '{_data}' are in Ceph, not in this folder. Remove the volumes, then the folder by hand.");
        }

        if (!_folder.HasCatalog && _folder.HasImages)
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"'{_data}' holds images of volumes but no catalog that knows them. They may be somebody's only copy: nothing is removed.");
        }
    }

    /// <inheritdoc/>
    public async Task<ClusterContent> InspectAsync(Credential? credential, CancellationToken cancellationToken)
    {
        CheckRemovable();
        return IsRemnant ? new ClusterContent() : (await LookAsync(credential, cancellationToken).ConfigureAwait(false)).Content;
    }

    /// <inheritdoc/>
    public async Task RemoveAsync(Credential? credential, bool endLeases, CancellationToken cancellationToken)
    {
        CheckRemovable();
        if (IsRemnant)
        {
            _ = await _process.StopAsync(cancellationToken).ConfigureAwait(false);
            _folder.Remove();
            return;
        }

        var (content, volumes) = await LookAsync(credential, cancellationToken).ConfigureAwait(false);
        content.RefuseRemoval(endLeases);
        _ = await _process.StopAsync(cancellationToken).ConfigureAwait(false);

        // Between the look and the stop somebody may have made or mounted a volume.
        new ClusterContent { InUse = FindInUse(volumes) }.RefuseRemoval(endLeases);
        _folder.RefuseUnknownImages(volumes.Select(volume => volume.Id ?? string.Empty));
        cancellationToken.ThrowIfCancellationRequested();
        _folder.Remove();
    }

    // What a first start left that never came to a catalog: there is nothing in it.
    private bool IsRemnant => !_folder.HasCatalog && !_folder.HasImages;

    private static void NeedPlatform()
    {
        if (!Platform.IsLinux && !Platform.IsWindows)
        {
            throw new ClusterException(
                ErrorCode.Unsupported,
                "The cluster host hv-cluster runs on Linux and Windows only. Run it there, and connect to it with Connect-HvCluster.");
        }
    }

    private ClusterException NoCluster() => Directory.Exists(_data)
        ? new ClusterException(ErrorCode.NotFound, $"'{_data}' is not the data folder of a cluster.")
        : new ClusterException(ErrorCode.NotFound, $"There is no folder '{_data}'.");

    /// <summary>Asks the cluster what it holds. One that does not run is started for that.</summary>
    private async Task<(ClusterContent Content, IReadOnlyList<Volume> Volumes)> LookAsync(
        Credential? credential, CancellationToken cancellationToken)
    {
        var status = await _process.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        var aside = status.Running ? null : await _process.StartAsideAsync(cancellationToken).ConfigureAwait(false);
        status = aside ?? status;
        try
        {
            using var cluster = Connect(status, credential ?? CredentialFile.Read(status.CredentialFile));
            var volumes = await cluster.ListAllVolumesAsync(new VolumeQuery(), cancellationToken).ConfigureAwait(false);
            await RefuseUnknownImagesAsync(volumes, cancellationToken).ConfigureAwait(false);
            var attached = await cluster.ListAttachmentsAsync(host: null, cancellationToken).ConfigureAwait(false);
            await cluster.Administration.LogoutAsync(cancellationToken).ConfigureAwait(false);
            var content = new ClusterContent
            {
                Volumes = volumes.Count,
                Snapshots = volumes.Sum(volume => volume.SnapshotCount),
                Protected = volumes.Where(volume => volume.Protected).Select(volume => volume.Name).ToArray(),
                Attached = attached.Select(attachment => $"{attachment.Volume} (by {attachment.Host})").ToArray(),
                InUse = FindInUse(volumes),
            };
            return (content, volumes);
        }
        finally
        {
            if (aside is { ProcessId: { } processId })
            {
                _ = await _process.StopAsync(processId, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    // A running cluster has answered a removal a moment before the image has gone.
    private async Task RefuseUnknownImagesAsync(IReadOnlyList<Volume> volumes, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                _folder.RefuseUnknownImages(volumes.Select(volume => volume.Id ?? string.Empty));
                return;
            }
            catch (ClusterException) when (waited.Elapsed < RemovalLimit)
            {
                await Task.Delay(100, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // The process was found by its id and its data folder, and what is sent stays on this machine: whether the certificate is trusted does
    // not matter.
    private static HedvigCluster Connect(ClusterHostStatus status, Credential credential) =>
        new(new ClusterConnection { Nodes = [status.Address!], Credential = credential, SkipCertificateCheck = true });

    private static string[] FindInUse(IReadOnlyList<Volume> volumes)
    {
        var names = volumes.Where(volume => volume.Id is not null)
            .ToDictionary(volume => volume.Id + ".img", volume => volume.Name, StringComparer.Ordinal);
        return ImageDevices.Find(names.Keys).Select(device => $"{names[device.ImageName]} ({device.Device})").ToArray();
    }

    // The cluster host writes the administrator's password where its next start reads it.
    private async Task SetPasswordAsync(ClusterHostStatus started, Credential? admin, CancellationToken cancellationToken)
    {
        if (admin is null)
        {
            return;
        }

        try
        {
            var made = CredentialFile.Read(started.CredentialFile);
            using var cluster = Connect(started, made);
            await cluster.Administration.ChangePasswordAsync(admin.UserName, made.Password, admin.Password, cancellationToken)
                .ConfigureAwait(false);
            await cluster.Administration.LogoutAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            _ = await _process.StopAsync(started.ProcessId!.Value, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    // The process that was started has ended. Who made a cluster in the same folder at the same moment holds its lock, and keeps it.
    private void TakeBack()
    {
        try
        {
            if (!_folder.HasLock)
            {
                _folder.RemoveBeginnings();
            }
            else if (!_folder.HasImages)
            {
                _folder.Remove();
            }
        }
        catch (ClusterException)
        {
            // Why there is no cluster is what is being told.
        }
    }
}
