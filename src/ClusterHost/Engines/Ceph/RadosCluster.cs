using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using HedvigStorage.ClusterHost.Engines.Ceph.Native;

namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>A client of a Ceph cluster. Threads may share it; every call blocks its thread.</summary>
internal sealed class RadosCluster : ICephMonitor, IDisposable
{
    private const int LongestOption = 4096;

    private readonly RadosHandle _handle;
    private readonly ConcurrentDictionary<string, (PoolHandle Usual, PoolHandle WhenFull)> _pools = new(StringComparer.Ordinal);

    private readonly ManagerCommands _manager;

    private RadosCluster(CephOptions options, RadosHandle handle, CephCalls calls)
    {
        _handle = handle;
        Calls = calls;
        _manager = new ManagerCommands(this, options);
    }

    private unsafe delegate int NativeCommand(
        RadosHandle cluster,
        byte** command,
        nuint count,
        byte* input,
        nuint inputLength,
        out byte* output,
        out nuint outputLength,
        out byte* status,
        out nuint statusLength);

    public CephCalls Calls { get; }

    /// <summary>Gets the number that Ceph knows this client by.</summary>
    public long Instance => (long)RadosLibrary.GetInstance(_handle);

    /// <summary>
    /// Gets what sends commands to the manager instead of the monitors. These have no limit: while no manager answers they wait for the
    /// next one, and the caller gives them up.
    /// </summary>
    public ICephMonitor Manager => _manager;

    /// <summary>Connects.</summary>
    /// <exception cref="ClusterException">It cannot: the message says why and what helps.</exception>
    public static RadosCluster Connect(CephOptions options, CephCalls calls)
    {
        CephLibraries.Require();
        if (!File.Exists(options.ConfigFile))
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"There is no Ceph configuration '{options.ConfigFile}'. Give the file with --ceph-conf.");
        }

        var cluster = new RadosCluster(options, Create(options), calls);
        try
        {
            // Without a limit each of these waits for ever while Ceph is away, and no call can be cancelled.
            cluster.Configure(
                cluster._handle, options, ["rados_osd_op_timeout", "rados_mon_op_timeout", "client_mount_timeout"]);
            cluster.Connect(cluster._handle, options);
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    public byte[] Command(string json, ReadOnlySpan<byte> input = default)
    {
        unsafe
        {
            return Command("rados_mon_command", _handle, RadosLibrary.MonitorCommand, json, input);
        }
    }

    /// <summary>Tells the address that Ceph knows this client by, as its blocklist has it.</summary>
    public unsafe string GetAddress()
    {
        nint addresses = 0;
        _ = Calls.Check("rados_getaddrs", () => RadosLibrary.GetAddresses(_handle, out addresses));
        var text = Marshal.PtrToStringUTF8(addresses)!;
        RadosLibrary.FreeBuffer((byte*)addresses);
        return text;
    }

    /// <summary>Gets a pool, which is opened once.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="whenFull">
    /// Whether what is done does not wait while the pool is full, but fails where it needs space. That is for removals only: of what else
    /// is done librbd leaves out parts without saying so, such as the map of a snapshot's objects, without which nobody can open it.
    /// </param>
    /// <exception cref="CephException">It cannot be opened; error 2 if it is not there.</exception>
    public PoolHandle OpenPool(string name, bool whenFull = false)
    {
        if (!_pools.TryGetValue(name, out var known))
        {
            // An OSD that does not know yet that a new pool is this user's refuses it. With the newest map here, it waits until it does.
            _ = Calls.Check("rados_wait_for_latest_osdmap", () => RadosLibrary.WaitForMap(_handle));
            var (usual, removing) = (Open(name), Open(name));
            RadosLibrary.TryWhenFull(removing);
            known = _pools.GetOrAdd(name, (usual, removing));
            if (!ReferenceEquals(known.Usual, usual))
            {
                usual.Dispose();
                removing.Dispose();
            }
        }

        return whenFull ? known.WhenFull : known.Usual;
    }

    /// <summary>
    /// Forgets a pool that is not there any longer: one that is made again under its name is another. Calls under way keep the handle.
    /// </summary>
    public void ForgetPool(string name) => _pools.TryRemove(name, out _);

    /// <summary>Tells an option of the configuration as it is in effect, or an empty text.</summary>
    public string GetOption(string option)
    {
        var value = new byte[LongestOption];
        var result = RadosLibrary.GetOption(_handle, option, value, LongestOption);
        return result < 0 ? string.Empty : Encoding.UTF8.GetString(value, 0, Math.Max(0, Array.IndexOf(value, (byte)0)));
    }

    public void Dispose()
    {
        foreach (var (usual, whenFull) in _pools.Values)
        {
            usual.Dispose();
            whenFull.Dispose();
        }

        _manager.Dispose();
        _handle.Dispose();
    }

    private PoolHandle Open(string name)
    {
        nint context = 0;
        _ = Calls.Check("rados_ioctx_create", () => RadosLibrary.OpenPool(_handle, name, out context));
        return new PoolHandle(_handle, context);
    }

    private static RadosHandle Create(CephOptions options)
    {
        var result = RadosLibrary.Create(out var created, "ceph", "client." + options.User, 0);
        return result >= 0 ? new RadosHandle(created) : throw new ClusterException(
            ErrorCode.Internal, "Ceph's client library cannot be used: " + new CephException("rados_create2", -result).Message);
    }

    private void Configure(RadosHandle handle, CephOptions options, IReadOnlyList<string> limits)
    {
        var read = RadosLibrary.ReadConfiguration(handle, options.ConfigFile);
        if (read < 0)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"The Ceph configuration '{options.ConfigFile}' cannot be read: "
                    + $"{new CephException("rados_conf_read_file", -read).Reason}.");
        }

        var seconds = Math.Max(1, (int)Math.Ceiling(options.OperationLimit.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        foreach (var limit in limits)
        {
            _ = Calls.Check("rados_conf_set", () => RadosLibrary.SetOption(handle, limit, seconds));
        }

        // With two threads (the default) librbd 16 ends the process now and then: one still holds on to the state of a clone's parent that
        // has just been opened, while the other closes it.
        _ = Calls.Check("rados_conf_set", () => RadosLibrary.SetOption(handle, "librados_thread_count", "1"));
    }

    private void Connect(RadosHandle handle, CephOptions options)
    {
        var result = Calls.Try("rados_connect", () => RadosLibrary.Connect(handle));
        if (result >= 0)
        {
            return;
        }

        var user = $"the user client.{options.User}";
        throw -result switch
        {
            CephException.TimedOut => new ClusterException(
                ErrorCode.Unreachable,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"No Ceph monitor answered within {options.OperationLimit.TotalSeconds:0} s (mon_host = {GetOption("mon_host")}). ")
                    + "Start the monitors, or check mon_host in " + options.ConfigFile + "."),
            CephException.NotThere => new ClusterException(
                ErrorCode.Unauthorized,
                $"There is no key of {user} (keyring = {GetOption("keyring")}). Make it with 'ceph auth get-or-create', or give another "
                    + "user with --ceph-user."),
            CephException.Permission or CephException.AccessDenied => new ClusterException(
                ErrorCode.Unauthorized,
                $"Ceph refuses {user}: its key in {GetOption("keyring")} is not the one that Ceph has."),
            var error => new ClusterException(
                ErrorCode.Unreachable, $"Ceph cannot be reached as {user}: {new CephException("rados_connect", error).Reason}."),
        };
    }

    private unsafe byte[] Command(string name, RadosHandle handle, NativeCommand command, string json, ReadOnlySpan<byte> input)
    {
        var call = $"{name} {PrefixOf(json)}";
        var text = Encoding.UTF8.GetBytes(json + '\0');
        var bytes = input.ToArray();
        byte[] result = [];
        string? status = null;
        var error = Calls.Try(call, () =>
        {
            fixed (byte* start = text)
            fixed (byte* first = bytes)
            {
                var line = start;
                var answer = command(
                    handle, &line, 1, first, (nuint)bytes.Length, out var output, out var length, out var words, out var wordsLength);
                result = new ReadOnlySpan<byte>(output, (int)length).ToArray();
                status = Encoding.UTF8.GetString(new ReadOnlySpan<byte>(words, (int)wordsLength));
                RadosLibrary.FreeBuffer(output);
                RadosLibrary.FreeBuffer(words);
                return answer;
            }
        });

        // Where the manager's commands had a limit, their time-out was a positive number.
        return error == 0 ? result : throw new CephException(call, Math.Abs(error), status);
    }

    private static string PrefixOf(string json)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty("prefix", out var prefix) ? prefix.GetString() ?? string.Empty : string.Empty;
    }

    /// <summary>
    /// A client of its own, without rados_mon_op_timeout: after a command of the manager's that has passed this limit, librados writes the
    /// late answer into memory that is gone, and the process ends. It connects when it is first needed.
    /// </summary>
    private sealed class ManagerCommands(RadosCluster cluster, CephOptions options) : ICephMonitor, IDisposable
    {
        private readonly Lock _connecting = new();
        private RadosHandle? _handle;

        public byte[] Command(string json, ReadOnlySpan<byte> input = default)
        {
            unsafe
            {
                return cluster.Command("rados_mgr_command", Connect(), RadosLibrary.ManagerCommand, json, input);
            }
        }

        public void Dispose() => _handle?.Dispose();

        private RadosHandle Connect()
        {
            lock (_connecting)
            {
                if (_handle is null)
                {
                    var handle = Create(options);
                    try
                    {
                        cluster.Configure(handle, options, ["client_mount_timeout"]);
                        _ = cluster.Calls.Check("rados_connect", () => RadosLibrary.Connect(handle));
                        _handle = handle;
                    }
                    catch
                    {
                        handle.Dispose();
                        throw;
                    }
                }

                return _handle;
            }
        }
    }
}
