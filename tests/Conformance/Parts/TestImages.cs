using System.Formats.Tar;

namespace HedvigStorage.Conformance.Parts;

/// <summary>Images made from programs of this machine, for there may be no registry in reach.</summary>
internal static class TestImages
{
    public const string Busybox = "busybox:stable";

    public const string Redis = "hedvigstorage-test/redis:1";

    /// <summary>The same program under another name and with another id, as a newer release would be.</summary>
    public const string RedisNext = "hedvigstorage-test/redis:2";

    private static readonly SemaphoreSlim OneAtATime = new(1);

    public static Task EnsureBusyboxAsync(string dockerHost) => EnsureAsync(dockerHost, Busybox, ["/bin/busybox"], "ENV PATH=/bin");

    public static async Task EnsureRedisAsync(string dockerHost)
    {
        await EnsureAsync(dockerHost, Redis, ["/bin/busybox", "/usr/bin/redis-server", "/usr/bin/redis-cli"], "LABEL release=1");
        await EnsureAsync(dockerHost, RedisNext, ["/bin/busybox", "/usr/bin/redis-server", "/usr/bin/redis-cli"], "LABEL release=2");
    }

    private static async Task EnsureAsync(string dockerHost, string image, string[] programs, string change)
    {
        await OneAtATime.WaitAsync();
        try
        {
            var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["DOCKER_HOST"] = dockerHost };
            if ((await Programs.RunAsync("docker", "/", environment, "image", "inspect", image)).Status == 0)
            {
                return;
            }

            var archive = Path.GetTempFileName();
            try
            {
                await WriteAsync(archive, programs);
                (await Programs.RunAsync("docker", "/", environment, "import", "--change", change, archive, image)).Expect(0);
            }
            finally
            {
                File.Delete(archive);
            }
        }
        finally
        {
            _ = OneAtATime.Release();
        }
    }

    /// <summary>Writes the archive of an image with busybox.</summary>
    public static Task WriteBusyboxAsync(string archive) => WriteAsync(archive, ["/bin/busybox"]);

    private static async Task WriteAsync(string archive, string[] programs)
    {
        await using var stream = File.Create(archive);
        await using var writer = new TarWriter(stream);
        foreach (var folder in new[] { "bin", "tmp", "data", "usr", "usr/bin" })
        {
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, folder) { Mode = (UnixFileMode)0x1ff });
        }

        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var program in programs)
        {
            foreach (var file in (await LibrariesAsync(program)).Prepend(program).Where(written.Add))
            {
                await writer.WriteEntryAsync(
                    new FileInfo(file).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file, file.TrimStart('/'));
            }
        }

        var applets = (await Programs.RunAsync("/bin/busybox", "/", environment: null, "--list"))
            .Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (var applet in applets.Where(applet => applet is not "busybox"))
        {
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, "bin/" + applet) { LinkName = "busybox" });
        }
    }

    private static async Task<IEnumerable<string>> LibrariesAsync(string program)
    {
        var ended = await Programs.RunAsync("ldd", "/", environment: null, program);
        return ended.Output.Split(['\n', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.StartsWith('/')).ToArray();
    }
}
