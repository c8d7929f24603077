using HedvigStorage.Docker;
#if NET8_0_OR_GREATER
using System.Formats.Tar;
#endif

namespace HedvigStorage.Hosting;

/// <summary>The image of the quick start's container: a shell and what it runs, from this machine, so that no registry is needed.</summary>
public static class QuickstartImage
{
    /// <summary>The image's name with its tag.</summary>
    public const string Name = "hv-quickstart:1";

    /// <summary>Makes the image, unless the engine has it.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was made.</returns>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Unsupported"/>: a program is not on this machine; else the engine's own
    /// error.</exception>
    public static async Task<bool> EnsureAsync(IDockerEngine engine, CancellationToken cancellationToken)
    {
        if (await engine.FindImageAsync(Name, cancellationToken).ConfigureAwait(false) is not null)
        {
            return false;
        }

#if NET8_0_OR_GREATER
        using var archive = new MemoryStream();
        await Task.Run(() => Write(archive), cancellationToken).ConfigureAwait(false);
        archive.Position = 0;
        await engine.ImportImageAsync(Name, archive, cancellationToken).ConfigureAwait(false);
        return true;
#else
        throw new ClusterException(ErrorCode.Unsupported, $"The image '{Name}' is made of programs of a Linux machine.");
#endif
    }

#if NET8_0_OR_GREATER
    private static readonly string[] Programs = ["sh", "cat", "ls", "sleep", "sync"];

    private static void Write(Stream target)
    {
        using var writer = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true);
        var root = new RootFileSystem(writer, string.Empty);
        root.AddFolder("/tmp");
        root.AddPrograms([.. Programs.Select(Find)]);
    }

    private static string Find(string program) =>
        PluginTools.Find(program)
            ?? throw new ClusterException(
                ErrorCode.Unsupported, $"The program '{program}', which the image '{Name}' is made with, is not on this machine.");
#endif
}
