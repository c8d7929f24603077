namespace HedvigStorage.Linux;

/// <summary>How a file is opened: open(2).</summary>
[Flags]
internal enum OpenFlags
{
    ReadOnly = 0,
    ReadWrite = 2,
    Create = 0x40,
    Directory = 0x10000,
    CloseOnExec = 0x80000,
}
