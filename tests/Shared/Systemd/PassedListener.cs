using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace HedvigStorage.Tests.Shared;

/// <summary>Holds a listening socket as systemd does, and hands it to one process after another.</summary>
internal sealed class PassedListener : IDisposable
{
    private const int SetDescriptorFlags = 2;
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public PassedListener(string path)
    {
        _socket.Bind(new UnixDomainSocketEndPoint(path));
        _socket.Listen();
        Assert.Equal(0, DescriptorControl((int)_socket.Handle, SetDescriptorFlags, 0));
    }

    /// <summary>Gets the script that sets the variables, which name the process that it becomes.</summary>
    public static string Script(string processId, string count, string redirection) =>
        $"""export LISTEN_PID={processId} LISTEN_FDS={count}; exec "$0" "$@" {redirection}""";

    /// <summary>Gets the arguments of bash that start a program with the socket.</summary>
    public IEnumerable<string> Wrap(string processId, string count, IEnumerable<string> command) =>
        ["-c", Script(processId, count, string.Create(CultureInfo.InvariantCulture, $"3<&{(int)_socket.Handle}")), .. command];

    public void Dispose() => _socket.Dispose();

    [DllImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DescriptorControl(int descriptor, int command, nint argument);
}
