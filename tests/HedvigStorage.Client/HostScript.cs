namespace HedvigStorage.Client.Tests;

/// <summary>Shell scripts that stand in for the hosts' executables.</summary>
internal static class HostScript
{
    /// <summary>Writes one that runs a line, then stays until it is asked to end, then runs another.</summary>
    public static void Write(string path, string atStart, string atEnd)
    {
        File.WriteAllText(path, $"#!/bin/sh\ntrap '{atEnd}; exit 0' TERM\n{atStart}\nwhile :; do sleep 0.05 & wait $!; done\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
