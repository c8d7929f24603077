using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using HedvigStorage.Hosting;

namespace HedvigStorage.Client.Tests;

[SupportedOSPlatform("linux")]
public sealed class HostExecutablesTests : IDisposable
{
    private const UnixFileMode Unprepared = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
    private const UnixFileMode Prepared = Unprepared | UnixFileMode.UserExecute | UnixFileMode.GroupExecute;

    private static readonly string Platform = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    private readonly DirectoryInfo _hosts = Directory.CreateTempSubdirectory("hv-hosts-");

    [SkippableFact]
    public void A_host_that_a_build_laid_out_is_taken_before_that_of_a_platform_and_that_before_the_portable_one()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        var portable = Make("portable");
        Assert.Equal(portable, HostExecutables.Find(HostExecutables.PluginHost, _hosts.FullName));

        var platform = Make(Platform);
        _ = Make("win-x64");
        Assert.Equal(platform, HostExecutables.Find(HostExecutables.PluginHost, _hosts.FullName));

        var own = Make(".");
        Assert.Equal(own, HostExecutables.Find(HostExecutables.PluginHost, _hosts.FullName));
    }

    [SkippableFact]
    public void A_host_that_came_without_permissions_may_be_run_by_those_who_may_read_it()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        var file = Make(Platform);
        File.SetUnixFileMode(file, Unprepared);

        _ = HostExecutables.Find(HostExecutables.PluginHost, _hosts.FullName);

        Assert.Equal(Prepared, File.GetUnixFileMode(file));
    }

    [SkippableFact]
    public void The_command_line_beside_a_host_that_came_without_permissions_may_be_run_with_it_and_no_other_file()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        var files = new[] { Make(Platform), Make(Platform, "hv"), Make(Platform, "hv.dll") };
        foreach (var file in files)
        {
            File.SetUnixFileMode(file, Unprepared);
        }

        _ = HostExecutables.Find(HostExecutables.PluginHost, _hosts.FullName);

        Assert.Equal([Prepared, Prepared, Unprepared], files.Select(File.GetUnixFileMode));
    }

    [SkippableFact]
    public void One_that_is_nowhere_is_told_with_every_folder_that_was_looked_in()
    {
        Skip.IfNot(OperatingSystem.IsLinux());
        var error = Assert.Throws<ClusterException>(() => HostExecutables.Find(HostExecutables.ClusterHost, _hosts.FullName));

        Assert.Equal(ErrorCode.NotFound, error.Code);
        Assert.Contains(Path.Combine(_hosts.FullName, Platform), error.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(_hosts.FullName, "portable"), error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _hosts.Delete(recursive: true);

    private string Make(string folder, string name = HostExecutables.PluginHost)
    {
        var path = Path.GetFullPath(Path.Combine(_hosts.CreateSubdirectory(folder).FullName, name));
        File.WriteAllText(path, "#!/bin/sh\n");
        return path;
    }
}
