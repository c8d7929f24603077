using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
#if NET8_0_OR_GREATER
using System.Runtime.Versioning;
#endif

namespace HedvigStorage.Hosting;

/// <summary>
/// A program of Windows with a console of its own that nobody sees, so that Ctrl-C and the end of our console are not its own. Of our
/// handles it gets that of its log file only: .NET would hand down all that can be, and whoever reads our output through a pipe would wait
/// for its end.
/// </summary>
#if NET8_0_OR_GREATER
[SupportedOSPlatform("windows")]
#endif
internal sealed class WindowsProcess : IStartedProcess
{
    private const int AccessDenied = 5;
    private const int HandleInherit = 1;
    private const int StartUseStandardHandles = 0x100;
    private const uint UnicodeEnvironment = 0x400;
    private const uint ExtendedStartup = 0x80000;
    private const uint BreakawayFromJob = 0x1000000;
    private const uint NoWindow = 0x8000000;
    private const uint WaitTimeout = 258;
    private static readonly IntPtr HandleList = new(0x20002);

    private readonly SafeProcessHandle _process;

    private WindowsProcess(SafeProcessHandle process, int id)
    {
        _process = process;
        Id = id;
    }

    public int Id { get; }

    public bool HasExited => WaitForSingleObject(_process, 0) != WaitTimeout;

    public int ExitCode => GetExitCodeProcess(_process, out var code) ? code : throw new Win32Exception();

    /// <summary>Starts a program. What it writes is appended to a log file.</summary>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    public static WindowsProcess Start(string executable, IReadOnlyList<string> arguments, string logFile)
    {
        using var log = new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        var handle = log.SafeFileHandle.DangerousGetHandle();
        Check(SetHandleInformation(handle, HandleInherit, HandleInherit));
        var size = IntPtr.Zero;
        _ = InitializeProcThreadAttributeList(IntPtr.Zero, 1, 0, ref size);
        var list = Marshal.AllocHGlobal(size);
        var handles = Marshal.AllocHGlobal(IntPtr.Size);
        var environment = Marshal.StringToHGlobalUni(Environment());
        try
        {
            Check(InitializeProcThreadAttributeList(list, 1, 0, ref size));
            Marshal.WriteIntPtr(handles, handle);
            Check(UpdateProcThreadAttribute(list, 0, HandleList, handles, new IntPtr(IntPtr.Size), IntPtr.Zero, IntPtr.Zero));
            var startup = new StartupInfo
            {
                Size = Marshal.SizeOf<StartupInfo>(),
                Flags = StartUseStandardHandles,
                Output = handle,
                Error = handle,
                Attributes = list,
            };
            var command = ArgumentString.Join(arguments.Prepend(executable));
            var folder = Path.GetDirectoryName(Path.GetFullPath(logFile))!;

            // A job, such as that of a remote session, would end it with the others; not every job lets one go.
            var started = Create(BreakawayFromJob, out var information);
            if (!started && Marshal.GetLastWin32Error() == AccessDenied)
            {
                started = Create(0, out information);
            }

            Check(started);
            _ = CloseHandle(information.Thread);
            return new WindowsProcess(new SafeProcessHandle(information.Process, ownsHandle: true), information.ProcessId);

            bool Create(uint flags, out ProcessInformation created) => CreateProcess(
                executable,
                command.ToCharArray().Append('\0').ToArray(),
                IntPtr.Zero,
                IntPtr.Zero,
                inheritHandles: true,
                flags | NoWindow | UnicodeEnvironment | ExtendedStartup,
                environment,
                folder,
                ref startup,
                out created);
        }
        finally
        {
            DeleteProcThreadAttributeList(list);
            Marshal.FreeHGlobal(list);
            Marshal.FreeHGlobal(handles);
            Marshal.FreeHGlobal(environment);
        }
    }

    public void Dispose() => _process.Dispose();

    private static void Check(bool done)
    {
        if (!done)
        {
            throw new Win32Exception();
        }
    }

    // Windows wants the variables sorted, each ended by a zero, and one zero more.
    private static string Environment()
    {
        var variables = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? string.Empty;
        }

        if (!variables.ContainsKey(RuntimeRoot.Variable) && RuntimeRoot.Find() is { } root)
        {
            variables[RuntimeRoot.Variable] = root;
        }

        return string.Concat(variables.Select(variable => $"{variable.Key}={variable.Value}\0")) + "\0";
    }

    [DllImport("kernel32", EntryPoint = "CreateProcessW", CharSet = CharSet.Unicode, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool CreateProcess(
        string application,
        char[] commandLine,
        IntPtr processSecurity,
        IntPtr threadSecurity,
        [MarshalAs(UnmanagedType.Bool)] bool inheritHandles,
        uint flags,
        IntPtr environment,
        string folder,
        ref StartupInfo startup,
        out ProcessInformation information);

    [DllImport("kernel32", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool InitializeProcThreadAttributeList(IntPtr list, int count, int flags, ref IntPtr size);

    [DllImport("kernel32", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool UpdateProcThreadAttribute(
        IntPtr list, uint flags, IntPtr attribute, IntPtr value, IntPtr size, IntPtr previous, IntPtr returnedSize);

    [DllImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern void DeleteProcThreadAttributeList(IntPtr list);

    [DllImport("kernel32", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool SetHandleInformation(IntPtr handle, int mask, int flags);

    [DllImport("kernel32", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetExitCodeProcess(SafeProcessHandle process, out int code);

    [DllImport("kernel32", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern uint WaitForSingleObject(SafeProcessHandle process, uint milliseconds);

    [DllImport("kernel32", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool CloseHandle(IntPtr handle);

    /// <summary><c>STARTUPINFOEXW</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct StartupInfo
    {
        public int Size;
        public IntPtr Reserved;
        public IntPtr Desktop;
        public IntPtr Title;
        public int X;
        public int Y;
        public int Width;
        public int Height;
        public int Columns;
        public int Rows;
        public int Fill;
        public int Flags;
        public short Show;
        public short ReservedBytes;
        public IntPtr ReservedPointer;
        public IntPtr Input;
        public IntPtr Output;
        public IntPtr Error;
        public IntPtr Attributes;
    }

    /// <summary><c>PROCESS_INFORMATION</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ProcessInformation
    {
        public IntPtr Process;
        public IntPtr Thread;
        public int ProcessId;
        public int ThreadId;
    }
}
