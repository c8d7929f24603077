using System.Collections;
using System.Collections.ObjectModel;
using System.Net;
using System.Security;
using HedvigStorage.Hosting;

namespace HedvigStorage.Connections;

/// <summary>Takes a credential from SecretManagement, through its own cmdlet: any vault that is registered will do.</summary>
internal static class SecretCredential
{
    private const string Command = "Get-Secret";

    /// <summary>Reads a secret.</summary>
    /// <param name="cmdlet">The cmdlet that needs it.</param>
    /// <param name="name">The secret's name.</param>
    /// <param name="vault">The vault, or <see langword="null"/> for any.</param>
    /// <param name="userName">Who logs in, where the secret is a password alone.</param>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Unauthorized"/>: there is no such secret, or it is none that logs in;
    /// with <see cref="ErrorCode.Unsupported"/>: SecretManagement is not there.</exception>
    public static Credential Read(PSCmdlet cmdlet, string name, string? vault, string? userName)
    {
        var secrets = Ask(cmdlet, name, vault).Select(secret => secret?.BaseObject).Where(secret => secret is not null).ToArray();
        return secrets switch
        {
            [PSCredential credential] when userName is null || string.Equals(userName, credential.UserName, StringComparison.Ordinal) =>
                new Credential(credential.UserName, credential.GetNetworkCredential().Password),
            [PSCredential credential] =>
                throw Refused(
                    $"The secret '{name}' is the credential of '{credential.UserName}', not of '{userName}'. Leave -UserName out, "
                        + "or give another secret."),
            [SecureString password] when userName is { Length: > 0 } =>
                new Credential(userName, new NetworkCredential(userName, password).Password),
            [SecureString] => throw Refused($"The secret '{name}' is a password alone. Give -UserName too."),
            [] => throw Refused($"There is no secret '{name}'{In(vault)}."),
            _ => throw Refused($"The secret '{name}' is neither a PSCredential nor a SecureString. Store one of these."),
        };
    }

    private static Collection<PSObject?> Ask(PSCmdlet cmdlet, string name, string? vault)
    {
        var command = cmdlet.InvokeCommand.GetCommand(Command, CommandTypes.Cmdlet | CommandTypes.Function)
            ?? throw new ClusterException(
                ErrorCode.Unsupported,
                $"The command {Command} is not there. Install the module Microsoft.PowerShell.SecretManagement and register a vault.");
        var parameters = new Hashtable { ["Name"] = name, ["ErrorAction"] = ActionPreference.Stop };
        if (vault is not null)
        {
            parameters["Vault"] = vault;
        }

        try
        {
            return cmdlet.InvokeCommand.InvokeScript(
                true, ScriptBlock.Create("param($command, $parameters) & $command @parameters"), null, command, parameters);
        }
        catch (RuntimeException exception) when (exception is not PipelineStoppedException)
        {
            throw new ClusterException(
                ErrorCode.Unauthorized, $"The secret '{name}'{In(vault)} cannot be read: {Reason(exception)}", exception);
        }
    }

    // The exception itself tells of ErrorAction first; what the vault says is in the record, on one line or several.
    private static string Reason(RuntimeException exception) =>
        string.Join(" ", exception.ErrorRecord.Exception.Message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private static string In(string? vault) => vault is null ? string.Empty : $" in the vault '{vault}'";

    private static ClusterException Refused(string message) => new(ErrorCode.Unauthorized, message);
}
