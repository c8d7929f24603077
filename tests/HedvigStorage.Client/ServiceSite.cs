using System.Net.Sockets;
using System.Runtime.Versioning;
using HedvigStorage.Hosting;
using HedvigStorage.Tests.Shared;

namespace HedvigStorage.Client.Tests;

/// <summary>
/// A machine in a folder: a stand-in for systemctl that starts nothing, and a socket that answers as a plugin host while the stand-in takes
/// the service for active.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ServiceSite : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _end = new();
    private readonly string _name;

    public ServiceSite(string name)
    {
        _name = name;
        Paths = new ServicePaths
        {
            Units = Make("units"),
            Settings = File("settings"),
            Programs = File("programs"),
            Sockets = Make("sockets"),
            Mark = Make("mark"),
            Systemctl = Script("systemctl", $"""
                cd '{_directory.Path}'
                echo "$@" >> calls
                if [ -e "refuse-$1" ]; then echo "systemctl says no to $1" >&2; exit 1; fi
                case $1 in
                    restart) touch active ;;
                    disable) rm -f active ;;
                    show) if [ -e active ]; then state='active running'; else state='failed failed'; fi
                        echo "ActiveState=${"{state% *}"}"; echo "SubState=${"{state#* }"}"; echo UnitFileState=enabled ;;
                esac
                """),
            Journalctl = Script("journalctl", "echo 'hv-plugin: the state cannot be written'"),
        };
        _ = Make("hosts");
        _ = Script("hosts/hv-plugin", "exit 0");
        foreach (var unit in new[] { "hedvig-plugin.service", "hedvig-plugin.socket" })
        {
            System.IO.File.Copy(Path.Combine(AppContext.BaseDirectory, unit), File("hosts/" + unit));
        }

        System.IO.File.WriteAllText(File("credential.json"), """{"userName":"a","password":"b"}""");
        Plugins = new ServicePlugins(File("hosts"), "unix://" + File("no-engine.sock"), Paths);
        _listener.Bind(new UnixDomainSocketEndPoint(Paths.Socket(name)));
        _listener.Listen();
        _ = Task.Run(AnswerAsync);
    }

    public ServicePaths Paths { get; }

    public ServicePlugins Plugins { get; }

    /// <summary>Gets or sets what the plugin host says of its volumes, as JSON.</summary>
    public string Volumes { get; set; } = string.Empty;

    /// <summary>Gets what was asked of systemctl, apart from questions.</summary>
    public string[] Calls =>
        System.IO.File.Exists(File("calls"))
            ? System.IO.File.ReadAllLines(File("calls")).Where(call => !call.StartsWith("show", StringComparison.Ordinal)).ToArray()
            : [];

    /// <summary>Gets all files that an installation has made.</summary>
    public string[] Installed => new[] { Paths.Units, Paths.Settings, Paths.Programs }.Where(Directory.Exists)
        .SelectMany(folder => Directory.GetFiles(folder, "*", SearchOption.AllDirectories)).Order(StringComparer.Ordinal).ToArray();

    public string File(string name) => _directory.File(name);

    public DockerPluginSettings Settings() => new()
    {
        Name = _name,
        Cluster = "http://127.0.0.1:1",
        CredentialFile = File("credential.json"),
        StateDirectory = File("state"),
        MountRoot = File("mounts"),
        Host = "web1",
    };

    /// <summary>Lets systemctl fail at a verb.</summary>
    public void Refuse(string verb) => System.IO.File.WriteAllText(File("refuse-" + verb), string.Empty);

    /// <summary>Lets the service run without a call, as one that somebody else has started.</summary>
    public void Activate() => System.IO.File.WriteAllText(File("active"), string.Empty);

    public void ForgetCalls() => System.IO.File.Delete(File("calls"));

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
        _directory.Dispose();
    }

    public string Script(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), "#!/bin/sh\n" + text + "\n");
        System.IO.File.SetUnixFileMode(File(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return File(name);
    }

    private string Make(string folder) => Directory.CreateDirectory(File(folder)).FullName;

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                using var connection = await _listener.AcceptAsync(_end.Token);
                if (!System.IO.File.Exists(File("active")))
                {
                    continue;
                }

                var body = $$"""{"version":"1","processId":4711,"cluster":"http://127.0.0.1:1","host":"web1","volumes":[{{Volumes}}]}""";
                _ = await connection.ReceiveAsync(new byte[4096], _end.Token);
                _ = await connection.SendAsync(
                    Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"),
                    _end.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The end of the test.
        }
    }
}
