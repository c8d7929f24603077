using System.CommandLine;
using System.CommandLine.Parsing;
using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Engines.Ceph;

namespace HedvigStorage.ClusterHost.Startup;

/// <summary>The options of the command line that say what volumes are stored in.</summary>
internal sealed class EngineArguments
{
    private const int LongestPrefix = 20;
    private const string ClientPrefix = "client.";

    private readonly Option<string?> _engine = new("--engine")
    {
        Description = "What volumes are stored in: embedded (files of this machine) or ceph (an existing Ceph cluster). Default: embedded.",
        HelpName = "ENGINE",
        CustomParser = ReadEngine,
    };
    private readonly Option<string?> _configuration = new("--ceph-conf")
    {
        Description = $"With --engine ceph: Ceph's configuration. Default: {CephOptions.DefaultConfigFile}.",
        HelpName = "FILE",
    };
    private readonly Option<string?> _user = new("--ceph-user")
    {
        Description = $"With --engine ceph: the Ceph user, without 'client.'. Default: {CephOptions.DefaultUser}.",
        HelpName = "NAME",
    };
    private readonly Option<string?> _prefix = new("--ceph-pool")
    {
        Description = $"With --engine ceph: what the names of the cluster's pools begin with. Default: {CephOptions.DefaultPrefix}.",
        HelpName = "PREFIX",
    };

    /// <summary>Adds the options, and their checks, to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_engine);
        command.Add(_configuration);
        command.Add(_user);
        command.Add(_prefix);
        command.Validators.Add(Check);
    }

    /// <summary>Reads which Ceph cluster is meant, or <see langword="null"/> if it is the embedded engine.</summary>
    public CephOptions? Read(ParseResult parsed) => parsed.GetValue(_engine) != EngineNames.Ceph ? null : new CephOptions
    {
        ConfigFile = Path.GetFullPath(parsed.GetValue(_configuration) ?? CephOptions.DefaultConfigFile),
        User = parsed.GetValue(_user) ?? CephOptions.DefaultUser,
        Prefix = parsed.GetValue(_prefix) ?? CephOptions.DefaultPrefix,
    };

    private void Check(CommandResult result)
    {
        // Its value is checked by its parser, and has none if it is not valid.
        var engine = result.GetResult(_engine)?.Tokens is [var token, ..] ? token.Value : EngineNames.Embedded;
        var stray = new[] { _configuration, _user, _prefix }.FirstOrDefault(option => result.GetResult(option) is not null);
        if (stray is not null && engine.Equals(EngineNames.Embedded, StringComparison.OrdinalIgnoreCase))
        {
            result.AddError($"{stray.Name} goes with --engine ceph. Give both, or neither.");
        }

        if (result.GetValue(_configuration) is { } file && string.IsNullOrWhiteSpace(file))
        {
            result.AddError("--ceph-conf is empty. Give Ceph's configuration file.");
        }

        if (result.GetValue(_user) is { } user && !IsName(user, '.'))
        {
            result.AddError($"'{ObjectName.Printable(user)}' is not a valid Ceph user for --ceph-user. Give one such as hedvig.");
        }
        else if (result.GetValue(_user)?.StartsWith(ClientPrefix, StringComparison.Ordinal) == true)
        {
            result.AddError($"--ceph-user is given without '{ClientPrefix}': {result.GetValue(_user)![ClientPrefix.Length..]}.");
        }

        if (result.GetValue(_prefix) is { } prefix
            && (!IsName(prefix) || prefix.Length > LongestPrefix || !char.IsAsciiLetterOrDigit(prefix[0])))
        {
            result.AddError(string.Create(
                CultureInfo.InvariantCulture,
                $"'{ObjectName.Printable(prefix)}' is not a valid value of --ceph-pool. Give 1 to {LongestPrefix} letters, digits, '_' ")
                + "and '-', the first one a letter or a digit, such as hv.");
        }
    }

    private static bool IsName(string text, char? more = null) =>
        text.Length > 0 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' || letter == more);

    private static string? ReadEngine(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        var engine = EngineNames.All.FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (engine is null)
        {
            result.AddError(
                $"'{ObjectName.Printable(text)}' is not a valid value of --engine. Give {string.Join(" or ", EngineNames.All)}.");
        }

        return engine;
    }
}
