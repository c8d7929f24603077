using HedvigStorage.Documents;
using HedvigStorage.Hosting;

namespace HedvigStorage.Client.Documents;

/// <summary>
/// Secrets that are files of one folder, as systemd's credentials and Docker's own secrets are: the file's name is the secret's.
/// </summary>
internal sealed class FolderSecrets(string folder) : ISecretSource
{
    private const int Largest = 1 << 20;

    /// <summary>
    /// Finds the folder: that of <c>HV_SECRETS</c>, else of <c>CREDENTIALS_DIRECTORY</c>, which systemd sets, else <c>/run/secrets</c>.
    /// </summary>
    public static FolderSecrets Find(Func<string, string?> variable) => new(
        new[] { variable("HV_SECRETS"), variable("CREDENTIALS_DIRECTORY") }.FirstOrDefault(path => !string.IsNullOrEmpty(path))
            ?? "/run/secrets");

    /// <inheritdoc/>
    public Task<string?> FindAsync(string name, CancellationToken cancellationToken)
    {
        // A name with a separator or of dots only would lead out of the folder.
        if (!ObjectName.IsValid(name))
        {
            throw new ClusterException(ErrorCode.InvalidArgument, ObjectName.Describe("secret", name));
        }

        var path = Path.Combine(folder, name);
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > Largest)
            {
                throw new ClusterException(
                    ErrorCode.InvalidArgument, $"The secret '{name}' in '{folder}' is larger than {Largest >> 10} KiB.");
            }

            return Task.FromResult<string?>(StrictText.Read(stream));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<string?>(null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument, $"The secret '{name}' in '{folder}' cannot be read: {exception.Message}", exception);
        }
    }
}
