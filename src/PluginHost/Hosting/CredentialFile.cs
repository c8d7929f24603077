using System;
using System.IO;
using System.Text.Json;
using System.Text.Json.Serialization;
using HedvigStorage.Hosting;

namespace HedvigStorage.PluginHost.Hosting;

/// <summary>Reads the credential for the cluster.</summary>
internal static class CredentialFile
{
    /// <summary>Reads a credential file.</summary>
    /// <param name="path">A JSON file with <c>userName</c> and <c>password</c>.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Unauthorized"/>: it is missing, unreadable or not of that form.</exception>
    public static Credential Read(string path)
    {
        try
        {
            // The parser's own message could show a part of the password, so it is not passed on.
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), CredentialJson.Default.CredentialDocument) is { UserName.Length: > 0, Password: not null } document
                ? new Credential(document.UserName, document.Password)
                : throw new JsonException();
        }
        catch (JsonException)
        {
            throw new ClusterException(ErrorCode.Unauthorized, $"The credential file '{path}' is not a JSON object with userName and password.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(ErrorCode.Unauthorized, $"The credential file '{path}' cannot be read: {exception.Message}", exception);
        }
    }
}

/// <summary>The form of a credential file.</summary>
internal sealed record CredentialDocument
{
    public string? UserName { get; init; }

    public string? Password { get; init; }
}

/// <summary>How a credential file is read.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CredentialDocument))]
internal sealed partial class CredentialJson : JsonSerializerContext;
