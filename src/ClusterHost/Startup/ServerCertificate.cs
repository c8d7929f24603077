using System.Net.Security;
using System.Security.Cryptography;
using HedvigStorage.ClusterHost.Common;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.ClusterHost.Startup;

/// <summary>
/// The certificate of the two files as they are now. The files are compared by content every few seconds, so that a renewal is taken up
/// however it is written: in place, by a rename, or through links. A pair that cannot be used leaves the one before in force, and is tried
/// again when the files change.
/// </summary>
internal sealed class ServerCertificate : IDisposable
{
    private readonly string _certificateFile;
    private readonly string _keyFile;
    private volatile CertificatePair _pair;
    private byte[] _seen;
    private string? _problem;
    private ITimer? _timer;

    private ServerCertificate(string certificateFile, string keyFile)
    {
        _certificateFile = certificateFile;
        _keyFile = keyFile;
        var (certificate, key) = Read();
        _seen = Digest(certificate, key);
        _pair = CertificatePair.Parse(certificateFile, certificate, keyFile, key);
    }

    /// <summary>Gets what a handshake needs.</summary>
    public SslServerAuthenticationOptions Handshake => _pair.Handshake;

    /// <summary>Gets the end of the certificate's life.</summary>
    public DateTimeOffset ExpiresAt => new(_pair.Leaf.NotAfter);

    /// <summary>Reads the files.</summary>
    /// <exception cref="StartException">They cannot be used.</exception>
    public static ServerCertificate Load(string certificateFile, string keyFile) =>
        new(Path.GetFullPath(certificateFile), Path.GetFullPath(keyFile));

    /// <summary>Begins to look for changes.</summary>
    public void Watch(TimeProvider time, TimeSpan interval, ILogger logger)
    {
        Tell(time, logger);
        // One shot after the other: a slow file system never has two of them at work.
        _timer = time.CreateTimer(
            _ =>
            {
                Check(time, logger);
                _ = _timer?.Change(interval, Timeout.InfiniteTimeSpan);
            },
            null,
            interval,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes the files up if they have changed.</summary>
    public void Check(TimeProvider time, ILogger logger)
    {
        try
        {
            var (certificate, key) = ReadOrForget();
            var found = Digest(certificate, key);
            if (found.AsSpan().SequenceEqual(_seen))
            {
                return;
            }

            _seen = found;
            _pair = CertificatePair.Parse(_certificateFile, certificate, _keyFile, key);
            _problem = null;
            Tell(time, logger);
        }
        catch (StartException error)
        {
            if (_problem != error.Message)
            {
                _problem = error.Message;
                HostLog.CertificateKept(logger, error.Message, _pair.Leaf.Subject);
            }
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Tell(TimeProvider time, ILogger logger)
    {
        var leaf = _pair.Leaf;
        var now = time.GetUtcNow().UtcDateTime;
        var from = leaf.NotBefore.ToUniversalTime();
        var until = leaf.NotAfter.ToUniversalTime();
        if (now < from || now > until)
        {
            HostLog.CertificateNotValid(logger, leaf.Subject, from, until);
        }
        else
        {
            HostLog.CertificateUsed(logger, leaf.Subject, until);
        }
    }

    // Files that come back after they were gone count as changed.
    private (string Certificate, string Key) ReadOrForget()
    {
        try
        {
            return Read();
        }
        catch (StartException)
        {
            _seen = [];
            throw;
        }
    }

    private static byte[] Digest(string certificate, string key) => SHA256.HashData(Encoding.UTF8.GetBytes($"{certificate}\0{key}"));

    private (string Certificate, string Key) Read() => (ReadFile("certificate", _certificateFile), ReadFile("key", _keyFile));

    private static string ReadFile(string what, string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var why = error switch
            {
                UnauthorizedAccessException => "permission denied",
                FileNotFoundException or DirectoryNotFoundException => "it is not there",
                _ => error.Message.TrimEnd('.'),
            };
            throw new StartException($"The {what} file '{path}' cannot be read: {why}.", error);
        }
    }
}
