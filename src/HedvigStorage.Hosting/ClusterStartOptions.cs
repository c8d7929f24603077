using System.Text.Json;
using HedvigStorage.Documents;
using HedvigStorage.Files;

namespace HedvigStorage.Hosting;

/// <summary>How a cluster host was started, kept in its data folder: a start that does not say otherwise is like the one before.</summary>
internal sealed class ClusterStartOptions
{
    private readonly string _path;

    public ClusterStartOptions(string path) => _path = path;

    /// <summary>Reads the options of the start before, or <see langword="null"/> if there was none.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.InvalidArgument"/>: the file cannot be read.</exception>
    public ClusterHostOptions? Read()
    {
        try
        {
            var message = JsonSerializer.Deserialize(StrictText.ReadFile(_path), HostingJson.Default.StartMessage);
            return message is null ? null : FromMessage(message);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or UriFormatException)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"'{_path}', which tells how the cluster was started, cannot be read: {exception.Message} Remove it, "
                    + "and give the options again.",
                exception);
        }
    }

    /// <summary>Keeps the options for the next start.</summary>
    public void Write(ClusterHostOptions options) =>
        DurableFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(ToMessage(options), HostingJson.Default.StartMessage));

    /// <summary>Completes what is said now by what was said before.</summary>
    public static ClusterHostOptions Merge(ClusterHostOptions now, ClusterHostOptions? before)
    {
        if (before is null)
        {
            return now;
        }

        // Whoever names a plain address or another certificate does not mean the certificate of before.
        var keepsCertificate = now.TlsCertificate is null && now.TlsKey is null && now.Listen is not { Scheme: "http" };

        // Whoever changes the engine does not mean the Ceph cluster of before.
        var keepsCeph = now.Engine is null || string.Equals(now.Engine, before.Engine, StringComparison.Ordinal);
        return now with
        {
            Engine = now.Engine ?? before.Engine,
            CephConfiguration = now.CephConfiguration ?? (keepsCeph ? before.CephConfiguration : null),
            CephUser = now.CephUser ?? (keepsCeph ? before.CephUser : null),
            CephPool = now.CephPool ?? (keepsCeph ? before.CephPool : null),
            Listen = now.Listen ?? (before.Listen is { IsLoopback: false } ? before.Listen : null),
            AllowPlainHttp = now.AllowPlainHttp || (now.Listen is null && before.AllowPlainHttp),
            TlsCertificate = keepsCertificate ? before.TlsCertificate : now.TlsCertificate,
            TlsKey = keepsCertificate ? before.TlsKey : now.TlsKey,
            Name = now.Name ?? before.Name,
            CredentialFile = now.CredentialFile ?? before.CredentialFile,
            Overcommit = now.Overcommit ?? before.Overcommit,
            Reserve = now.Reserve ?? before.Reserve,
            LogFormat = now.LogFormat ?? before.LogFormat,
            LogLevel = now.LogLevel ?? before.LogLevel,
            Metrics = now.Metrics ?? before.Metrics,
            Advertise = now.Advertise ?? before.Advertise,
        };
    }

    // The administrator is not kept: the credential file knows who that is.
    private static StartMessage ToMessage(ClusterHostOptions options) => new()
    {
        Name = options.Name,
        Listen = options.Listen?.OriginalString,
        CredentialFile = FullPath(options.CredentialFile),
        Overcommit = options.Overcommit,
        Reserve = options.Reserve?.Bytes,
        TlsCertificate = FullPath(options.TlsCertificate),
        TlsKey = FullPath(options.TlsKey),
        AllowPlainHttp = options.AllowPlainHttp,
        LogFormat = options.LogFormat,
        LogLevel = options.LogLevel,
        Metrics = options.Metrics,
        Advertise = options.Advertise,
        Engine = options.Engine,
        CephConfiguration = FullPath(options.CephConfiguration),
        CephUser = options.CephUser,
        CephPool = options.CephPool,
    };

    private static ClusterHostOptions FromMessage(StartMessage message) => new()
    {
        Name = message.Name,
        Listen = message.Listen is { } listen ? new Uri(listen) : null,
        CredentialFile = message.CredentialFile,
        Overcommit = message.Overcommit,
        Reserve = message.Reserve is { } reserve ? new ByteSize(reserve) : null,
        TlsCertificate = message.TlsCertificate,
        TlsKey = message.TlsKey,
        AllowPlainHttp = message.AllowPlainHttp,
        LogFormat = message.LogFormat,
        LogLevel = message.LogLevel,
        Metrics = message.Metrics,
        Advertise = message.Advertise,
        Engine = message.Engine,
        CephConfiguration = message.CephConfiguration,
        CephUser = message.CephUser,
        CephPool = message.CephPool,
    };

    private static string? FullPath(string? path) => path is null ? null : Path.GetFullPath(path);
}
