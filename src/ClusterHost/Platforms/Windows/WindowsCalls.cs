using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Platforms.Windows;

/// <summary>The calls of Windows that .NET does not offer.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class WindowsCalls
{
    public const uint SetSparse = 0x000900C4;
    public const uint QueryAllocatedRanges = 0x000940CF;
    public const int ErrorMoreData = 234;
    public const uint ReplaceExisting = 0x1;
    public const uint WriteThrough = 0x8;
    public const uint GenericWrite = 0x40000000;
    public const uint ShareAll = 0x7;
    public const uint OpenExisting = 3;
    public const uint BackupSemantics = 0x02000000;
    public const uint InvalidFileSize = 0xFFFFFFFF;

    /// <summary>A part of a file that is stored: <c>FILE_ALLOCATED_RANGE_BUFFER</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct AllocatedRange
    {
        public long Offset;
        public long Length;
    }

    [LibraryImport("kernel32", EntryPoint = "DeviceIoControl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Control(
        SafeFileHandle file,
        uint code,
        AllocatedRange* input,
        int inputBytes,
        AllocatedRange* output,
        int outputBytes,
        out int returnedBytes,
        nint overlapped);

    [LibraryImport("kernel32", EntryPoint = "GetCompressedFileSizeW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial uint GetCompressedFileSize(string path, out uint high);

    [LibraryImport("kernel32", EntryPoint = "GetDiskFreeSpaceExW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetDiskFreeSpace(string directory, out long available, out long size, out long free);

    [LibraryImport("kernel32", EntryPoint = "MoveFileExW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Move(string source, string target, uint flags);

    [LibraryImport("kernel32", EntryPoint = "CreateFileW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial SafeFileHandle Open(
        string path, uint access, uint share, nint security, uint disposition, uint flags, nint template);

    [LibraryImport("kernel32", EntryPoint = "FlushFileBuffers", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool Flush(SafeFileHandle file);
}
