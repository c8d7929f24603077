using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using HedvigStorage.ClusterHost.Observability;
using HedvigStorage.Linux.Logging;
using Microsoft.Extensions.Logging;

namespace HedvigStorage.ClusterHost.Startup;

/// <summary>The options of the command line, and their checks.</summary>
internal sealed class HostCommand
{
    private readonly Option<string> _data = new("--data") { Description = "The directory of the catalog and the volumes; "
        + "made if it is not there.", Required = true, HelpName = "DIR" };
    private readonly Option<Uri> _listen =
        new("--listen") { Description = "Where to listen: https with --tls-cert, or http on a loopback address; port 0 picks a free one. "
            + "Default: http://127.0.0.1:7080.", HelpName = "URL", CustomParser = ReadListen };
    private readonly Option<string?> _name = new("--name") { Description = "The cluster's name. Default: hedvig.", HelpName = "NAME" };
    private readonly Option<string?> _admin = new("--admin")
    {
        Description = "The admin that the first start makes. Default: HedvigAdmin.",
        HelpName = "USER",
    };
    private readonly Option<string?> _credentialFile = new("--credential-file")
    {
        Description = "A file {\"userName\",\"password\"} that names the admin, instead of DIR/credential.json.",
        HelpName = "FILE",
    };
    private readonly Option<string?> _advertise = new("--advertise")
    {
        Description = "The nodes that clients are told, the live one first. Default: the address listened to.",
        HelpName = "HOST:PORT,…",
    };
    private readonly Option<double> _overcommit = new("--overcommit") { Description = "How many times the capacity may be promised to "
        + "volumes; 0 is without limit. Default: 1.", HelpName = "RATIO", CustomParser = ReadRatio, DefaultValueFactory = _ => 1 };
    private readonly Option<long?> _reserve = new("--reserve")
    {
        Description = "The free space below which creates and snapshots stop, such as 2GB. Default: 5 % of the file system, 256MB to 10GB.",
        HelpName = "SIZE",
        CustomParser = ReadReserve,
    };
    private readonly Option<string?> _tlsCertificate = new("--tls-cert")
    {
        Description = "The certificate for https, PEM, followed by those that lead to its authority. Read again when it changes.",
        HelpName = "FILE",
    };
    private readonly Option<string?> _tlsKey = new("--tls-key")
    {
        Description = "The certificate's key, PEM, RSA or EC, without a passphrase.",
        HelpName = "FILE",
    };
    private readonly Option<bool> _allowPlainHttp = new("--allow-plain-http")
    {
        Description = "Allow http beyond this machine, where passwords are sent in clear text.",
    };
    private readonly Option<LogFormat> _logFormat = new("--log-format")
    {
        Description = "The form of the log on standard error: text, or json, one object a line. Default: text.",
        HelpName = "FORMAT",
        CustomParser = ReadLogFormat,
    };
    private readonly Option<LogLevel> _logLevel = new("--log-level")
    {
        Description = "The least that is logged: debug, information, warning, error. Default: information.",
        HelpName = "LEVEL",
        CustomParser = ReadLogLevel,
        DefaultValueFactory = _ => LogLevel.Information,
    };
    private readonly Option<MetricsAccess> _metrics = new("--metrics")
    {
        Description = "Who may read /metrics, without a login: loopback (this machine), public (everybody), off. Default: loopback.",
        HelpName = "WHO",
        CustomParser = ReadMetrics,
    };
    private readonly Option<bool> _check = new("--check")
    {
        Description =
            "Check the data directory, which no host may serve meanwhile, instead of serving it. Exit status: 0 nothing is wrong, "
                + "2 something is damaged, 1 it could not be checked.",
    };
    private readonly Option<string?> _backup = new("--backup")
    {
        Description =
            "Write a copy of the data directory's catalog, which no host may serve meanwhile, to a new file instead of serving it.",
        HelpName = "FILE",
    };
    private readonly Option<bool> _accept = new("--accept")
    {
        Description =
            "With --check: from now on take for right what differs from what was written, where the catalog is whole and the images are "
                + "there in their size.",
    };
    private readonly EngineArguments _engine = new();
    private readonly RootCommand _command;

    public HostCommand()
    {
        _command = new RootCommand("Serves the Hedvig REST protocol over volumes of this machine, or of a Ceph cluster.")
        {
            _data,
            _listen,
            _name,
            _admin,
            _credentialFile,
            _advertise,
            _overcommit,
            _reserve,
            _tlsCertificate,
            _tlsKey,
            _allowPlainHttp,
            _logFormat,
            _logLevel,
            _metrics,
            _backup,
            _check,
            _accept,
        };
        _engine.AddTo(_command);

        // The action only marks the command as one that can run; Program runs it.
        _command.SetAction(_ => 0);
        _command.Validators.Add(CheckNames);
    }

    public ParseResult Parse(string[] arguments) => _command.Parse(arguments);

    /// <summary>Tells whether the host is to run, rather than help or the version to be shown.</summary>
    public bool IsRun(ParseResult parsed) => ReferenceEquals(parsed.Action, _command.Action);

    public HostOptions Read(ParseResult parsed)
    {
        var options = ReadCommon(parsed);
        return _engine.Read(parsed) is { } ceph
            ? options with { Ceph = ceph, OpenEngine = site => CephOpening.Open(ceph, site) }
            : options;
    }

    private HostOptions ReadCommon(ParseResult parsed) => new()
    {
        DataDirectory = parsed.GetValue(_data)!,
        Listen = parsed.GetValue(_listen) ?? new Uri("http://127.0.0.1:7080"),
        Name = parsed.GetValue(_name),
        Admin = parsed.GetValue(_admin),
        CredentialFile = parsed.GetValue(_credentialFile),
        Advertise = (parsed.GetValue(_advertise) ?? string.Empty)
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        Overcommit = parsed.GetValue(_overcommit),
        Reserve = parsed.GetValue(_reserve),
        TlsCertificate = parsed.GetValue(_tlsCertificate),
        TlsKey = parsed.GetValue(_tlsKey),
        LogFormat = parsed.GetValue(_logFormat),
        LogLevel = parsed.GetValue(_logLevel),
        Metrics = parsed.GetValue(_metrics),
        AllowPlainHttp = parsed.GetValue(_allowPlainHttp),
        Backup = parsed.GetValue(_backup),
        Check = parsed.GetValue(_check),
        Accept = parsed.GetValue(_accept),
    };

    private void CheckNames(CommandResult result)
    {
        if (result.GetValue(_name) is { } name && !ObjectName.IsValid(name))
        {
            result.AddError(ObjectName.Describe("cluster", name));
        }

        if (result.GetValue(_data) is { } data && string.IsNullOrWhiteSpace(data))
        {
            result.AddError("--data is empty. Give a directory.");
        }

        if (result.GetValue(_admin) is { } admin && string.IsNullOrWhiteSpace(admin))
        {
            result.AddError("--admin is empty. Give a user name.");
        }
    }

    private static LogFormat ReadLogFormat(ArgumentResult result) =>
        ReadWord(result, "--log-format", ("text", LogFormat.Text), ("json", LogFormat.Json));

    private static LogLevel ReadLogLevel(ArgumentResult result) => ReadWord(
        result,
        "--log-level",
        ("debug", LogLevel.Debug),
        ("information", LogLevel.Information),
        ("warning", LogLevel.Warning),
        ("error", LogLevel.Error));

    private static MetricsAccess ReadMetrics(ArgumentResult result) => ReadWord(
        result, "--metrics", ("loopback", MetricsAccess.Loopback), ("public", MetricsAccess.Public), ("off", MetricsAccess.Off));

    private static T ReadWord<T>(ArgumentResult result, string option, params ReadOnlySpan<(string Word, T Value)> known)
    {
        var text = result.Tokens.Single().Value;
        foreach (var (word, value) in known)
        {
            if (text.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        result.AddError(
            $"'{ObjectName.Printable(text)}' is not a valid value of {option}. Give "
                + $"{string.Join(", ", known.ToArray().Select(pair => pair.Word))}.");
        return known[0].Value;
    }

    private static Uri? ReadListen(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var listen)
            || !(listen.Scheme == Uri.UriSchemeHttp || listen.Scheme == Uri.UriSchemeHttps) || listen.PathAndQuery != "/"
            || listen.UserInfo.Length > 0
            || !(listen.Host == "localhost" || IPAddress.TryParse(listen.Host.Trim('[', ']'), out _)))
        {
            result.AddError($"'{text}' is not an address to listen on. Give one such as http://127.0.0.1:7080 or https://0.0.0.0:7080.");
            return null;
        }

        return listen;
    }

    private static double ReadRatio(ArgumentResult result)
    {
        var text = result.Tokens.Single().Value;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ratio) && double.IsFinite(ratio))
        {
            return ratio;
        }

        result.AddError($"'{text}' is not a valid ratio for --overcommit. Give a number such as 1.5, or 0 for no limit.");
        return 1;
    }

    private static long? ReadReserve(ArgumentResult result)
    {
        if (ByteSize.TryParse(result.Tokens.Single().Value, out var size, out var error))
        {
            return size.Bytes;
        }

        result.AddError($"--reserve: {error}");
        return null;
    }
}
