using System.Security.Cryptography;
using System.Text.Json;
using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Common;
using HedvigStorage.ClusterHost.Images;
using HedvigStorage.ClusterHost.Machine;
using HedvigStorage.ClusterHost.Platforms;
using HedvigStorage.ClusterHost.Sessions;
using HedvigStorage.Documents;

namespace HedvigStorage.ClusterHost.Startup;

/// <summary>The data directory: taken by one host at a time, readable by its user only.</summary>
internal sealed class DataDirectory : IDisposable
{
    // Whoever starts hv-cluster in the background has its output written here, before there is anything else.
    private const string LogFile = "hv-cluster.log";

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    private static IPrivateFiles Files => RunningSystem.Current.PrivateFiles;

    public string Path { get; }

    public string CatalogFile => CatalogIn(Path);

    private string CredentialFile => System.IO.Path.Combine(Path, "credential.json");

    private string Run => System.IO.Path.Combine(Path, "run.json");

    /// <summary>Tells where the catalog of a data directory is.</summary>
    public static string CatalogIn(string directory) => System.IO.Path.Combine(directory, "catalog.db");

    /// <summary>Opens the directory, made if it is not there, and takes its lock.</summary>
    /// <exception cref="StartException">It cannot be used, or another host serves it.</exception>
    public static DataDirectory Open(string given)
    {
        try
        {
            var path = System.IO.Path.GetFullPath(given);
            if (!Directory.Exists(path))
            {
                Files.CreateDirectory(path);
            }

            RefuseOthersDirectory(given, path);
            path = Files.Resolve(path);
            var file = Files.OpenLock(System.IO.Path.Combine(path, "lock"));
            try
            {
                Files.CloseDirectory(path);
            }
            catch
            {
                file.Dispose();
                throw;
            }

            return new DataDirectory(path, file);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new StartException(
                $"The data directory '{given}' cannot be used: permission denied. Give a directory that this user may write, "
                    + "or change its owner.",
                error);
        }
        catch (IOException error) when (IsLocked(error))
        {
            throw new StartException(
                $"The data directory '{given}' is served by another hv-cluster already. Stop it, or give another directory.", error);
        }
        catch (IOException error)
        {
            throw new StartException($"The data directory '{given}' cannot be used: {error.Message}", error);
        }
    }

    /// <summary>Refuses to make an empty catalog beside images that an earlier one knew.</summary>
    /// <exception cref="StartException">The catalog is gone.</exception>
    public void RefuseImagesWithoutCatalog()
    {
        if (FindImagesWithoutCatalog() is { } gone)
        {
            throw new StartException($"{gone} {CatalogDatabase.Advice}");
        }
    }

    /// <summary>Tells whether images are there and the catalog that knew them is not, as a sentence, or <see langword="null"/>.</summary>
    public string? FindImagesWithoutCatalog()
    {
        if (File.Exists(CatalogFile) && new FileInfo(CatalogFile).Length > 0)
        {
            return null;
        }

        var images = ImageFiles.Directories(Path)
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateFileSystemEntries)
            .Count(path => path.EndsWith(ImageFiles.Extension, StringComparison.Ordinal));
        return images > 0
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The catalog {CatalogFile} is gone, and {images} {(images == 1 ? "image is" : "images are")} there that it knew: "
                    + $"no empty one is made beside {(images == 1 ? "it" : "them")}.")
            : null;
    }

    /// <summary>Reads the admin's credential, made with a random password if there is none.</summary>
    public StoredCredential ReadOrMakeCredential(string? userName)
    {
        if (File.Exists(CredentialFile))
        {
            var known = ReadCredential(CredentialFile);
            return userName is null || userName == known.UserName
                ? known
                : throw new StartException(
                    $"The admin of this data directory is '{known.UserName}', not '{userName}'. Leave --admin out, "
                        + "or give a --credential-file with the other admin.");
        }

        var made = new StoredCredential(
            userName ?? "HedvigAdmin", RandomNumberGenerator.GetString("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 32));
        WriteCredential(made);
        return made;
    }

    public void WriteCredential(StoredCredential credential) =>
        WriteAtomically(CredentialFile, JsonSerializer.Serialize(credential, HostJson.Default.StoredCredential));

    /// <summary>Reads a credential file.</summary>
    /// <exception cref="StartException">It cannot be read, or holds no credential.</exception>
    public static StoredCredential ReadCredential(string path)
    {
        try
        {
            var credential = JsonSerializer.Deserialize(StrictText.ReadFile(path), HostJson.Default.StoredCredential);
            if (!string.IsNullOrEmpty(credential?.UserName) && !string.IsNullOrEmpty(credential.Password))
            {
                return credential;
            }
        }
        catch (JsonException)
        {
            // The parser's message could show a piece of the password.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartException(
                $"The credential file '{path}' cannot be read: "
                    + $"{(error is UnauthorizedAccessException ? "permission denied." : error.Message)}",
                error);
        }

        throw new StartException(
            $"The credential file '{path}' holds no credential. It is to hold {{\"userName\":\"…\",\"password\":\"…\"}}.");
    }

    public void WriteRunFile(RunFile run) => WriteAtomically(Run, JsonSerializer.Serialize(run, HostJson.Default.RunFile));

    public void RemoveRunFile() => File.Delete(Run);

    public void Dispose() => _lock.Dispose();

    // Its permissions are about to be narrowed, which would be wrong for a directory like /tmp.
    private static void RefuseOthersDirectory(string given, string path)
    {
        if (!File.Exists(System.IO.Path.Combine(path, "lock"))
            && !File.Exists(CatalogIn(path))
            && Directory.EnumerateFileSystemEntries(path).Any(entry => System.IO.Path.GetFileName(entry) is not ("lost+found" or LogFile)))
        {
            throw new StartException(
                $"The directory '{given}' holds other things than a cluster's data. Give a new or an empty directory, "
                    + "or the one of a cluster.");
        }
    }

    private static bool IsLocked(IOException error) =>
        error.HResult is 11 or 35 || error.Message.Contains("another process", StringComparison.Ordinal);

    private static void WriteAtomically(string path, string text) => Files.Write(path, Encoding.UTF8.GetBytes(text + "\n"));
}
