using System.CommandLine;
using HedvigStorage.Hosting;

namespace HedvigStorage.Cli.Commands;

/// <summary>The options that say what a cluster host stores volumes in. Their values are checked by the cluster host itself.</summary>
internal sealed class EngineOptions
{
    private readonly Option<string?> _engine = new("--engine")
    {
        Description = "What volumes are stored in: embedded or ceph. Default: embedded.",
        HelpName = "ENGINE",
    };
    private readonly Option<string?> _configuration = new("--ceph-conf")
    {
        Description = "With --engine ceph: Ceph's configuration. Default: /etc/ceph/ceph.conf.",
        HelpName = "FILE",
    };
    private readonly Option<string?> _user = new("--ceph-user")
    {
        Description = "With --engine ceph: the Ceph user, without 'client.'. Default: hedvig.",
        HelpName = "NAME",
    };
    private readonly Option<string?> _pool = new("--ceph-pool")
    {
        Description = "With --engine ceph: what the names of the cluster's pools begin with. Default: hv.",
        HelpName = "PREFIX",
    };

    public void AddTo(Command command)
    {
        command.Add(_engine);
        command.Add(_configuration);
        command.Add(_user);
        command.Add(_pool);
    }

    /// <summary>Adds what is given to other options.</summary>
    public ClusterHostOptions Read(ParseResult parsed, ClusterHostOptions options) => options with
    {
        Engine = parsed.GetValue(_engine),
        CephConfiguration = parsed.GetValue(_configuration),
        CephUser = parsed.GetValue(_user),
        CephPool = parsed.GetValue(_pool),
    };
}
