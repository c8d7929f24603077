using System.Text.Json;
using System.Text.Json.Serialization;
using HedvigStorage.Documents;
using HedvigStorage.Hosting;

namespace HedvigStorage.Client.Documents;

/// <summary>A file that holds a credential, as a cluster host makes it: <c>{"userName","password"}</c>.</summary>
public static class CredentialFile
{
    private const string Form = "It must be JSON with \"userName\" and \"password\".";

    /// <summary>Reads a credential.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Unauthorized"/>: it is missing, unreadable or not of that
    /// form.</exception>
    public static Credential Read(string path)
    {
        try
        {
            var message = JsonSerializer.Deserialize(StrictText.ReadFile(path), CredentialJson.Default.CredentialMessage);
            return message is { UserName.Length: > 0, Password.Length: > 0 }
                ? new Credential(message.UserName!, message.Password!)
                : throw Refused(path, $"lacks a member. {Form}", null);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Refused(path, "does not exist.", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw Refused(path, "cannot be read: permission denied.", exception);
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or NotSupportedException)
        {
            throw Refused(path, $"cannot be read: {exception.Message}", exception);
        }
        catch (JsonException)
        {
            // The exception is left out: its message may quote the content.
            throw Refused(path, $"is not of the right form. {Form}", null);
        }
    }

    private static ClusterException Refused(string path, string what, Exception? exception) =>
        new(ErrorCode.Unauthorized, $"The credential file '{path}' {what}", exception);
}

/// <summary>The content of a credential file.</summary>
internal sealed record CredentialMessage(string? UserName, string? Password);

/// <summary>How credential files are read, without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CredentialMessage))]
internal sealed partial class CredentialJson : JsonSerializerContext
{
}
