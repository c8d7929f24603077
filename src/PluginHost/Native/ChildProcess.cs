using System.Runtime.InteropServices;
using HedvigStorage.Linux;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.PluginHost.Native;

/// <summary>
/// Runs a file system tool to its end. It is posix_spawn with its output in a pipe: System.Diagnostics.Process costs
/// several times as long to start and some megabytes of resident memory.
/// </summary>
internal static unsafe partial class ChildProcess
{
    private const string Library = "libc";
    private const int CloseOnExec = 0x80000;
    private const int Interrupted = 4;
    private const int OpaqueBytes = 512;

    /// <summary>Runs a tool and waits for its end. It blocks.</summary>
    /// <param name="tool">The tool's name; it is looked for in the system's folders only, whatever PATH says.</param>
    /// <param name="arguments">The arguments.</param>
    /// <returns>The exit status and what it wrote.</returns>
    /// <exception cref="IOException">The tool is not there or could not be started.</exception>
    public static (int Status, string Output) Run(string tool, params ReadOnlySpan<string> arguments)
    {
        var path = Find(tool) ?? throw new IOException($"The program {tool} is not installed.");
        var pipe = stackalloc int[2];
        if (Pipe(pipe, CloseOnExec) != 0)
        {
            throw LibC.Failure($"{tool} could not be started", LibC.LastError);
        }

        using var output = new FileStream(new SafeFileHandle(pipe[0], ownsHandle: true), FileAccess.Read, bufferSize: 0);
        var writing = new SafeFileHandle(pipe[1], ownsHandle: true);
        int process;
        using (writing)
        {
            process = Spawn(tool, path, arguments, pipe[1]);
        }

        using var text = new MemoryStream();
        output.CopyTo(text);
        int status;
        while (WaitFor(process, &status, 0) < 0)
        {
            if (LibC.LastError != Interrupted)
            {
                throw LibC.Failure($"{tool} could not be waited for", LibC.LastError);
            }
        }

        var signal = status & 0x7f;
        return (signal == 0 ? (status >> 8) & 0xff : 128 + signal, Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length).Trim());
    }

    private static int Spawn(string tool, string path, ReadOnlySpan<string> arguments, int output)
    {
        // The C library's own structures are opaque and smaller than this (80 bytes at most in glibc and musl).
        var actions = stackalloc byte[OpaqueBytes];
        _ = InitializeActions(actions);
        var vector = (nint*)NativeMemory.AllocZeroed((nuint)(arguments.Length + 2), (nuint)sizeof(nint));
        try
        {
            vector[0] = Marshal.StringToCoTaskMemUTF8(path);
            for (var index = 0; index < arguments.Length; index++)
            {
                vector[index + 1] = Marshal.StringToCoTaskMemUTF8(arguments[index]);
            }

            _ = AddOpen(actions, 0, "/dev/null", 0, 0);
            _ = AddDuplicate(actions, output, 1);
            _ = AddDuplicate(actions, output, 2);
            var language = Marshal.StringToCoTaskMemUTF8("LC_ALL=C");
            var environment = stackalloc nint[] { language, 0 };
            int process;
            var error = PosixSpawn(&process, path, actions, null, vector, environment);
            Marshal.FreeCoTaskMem(language);
            return error == 0
                ? process
                : throw LibC.Failure(string.Create(CultureInfo.InvariantCulture, $"{tool} could not be started"), error);
        }
        finally
        {
            for (var index = 0; index <= arguments.Length; index++)
            {
                Marshal.FreeCoTaskMem(vector[index]);
            }

            NativeMemory.Free(vector);
            _ = DestroyActions(actions);
        }
    }

    private static string? Find(string tool)
    {
        foreach (var directory in (ReadOnlySpan<string>)["/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin"])
        {
            var path = Path.Combine(directory, tool);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    [LibraryImport(Library, EntryPoint = "pipe2", SetLastError = true)]
    private static partial int Pipe(int* descriptors, int flags);

    [LibraryImport(Library, EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitFor(int process, int* status, int options);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitializeActions(byte* actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(byte* actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(byte* actions, int from, int to);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int AddOpen(byte* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport(Library, EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int PosixSpawn(int* process, string path, byte* actions, void* attributes, nint* arguments, nint* environment);
}
