namespace HedvigStorage.Conformance;

/// <summary>A folder <c>.hedvig</c> that another user may have put in the way is not obeyed.</summary>
public sealed class PlantedSiteTests : IDisposable
{
    private const string NoDocker = "unix:///nonexistent/docker.sock";

    private readonly string _folder = Directory.CreateTempSubdirectory("hedvigstorage-planted-").FullName;

    public PlantedSiteTests()
    {
        _ = Directory.CreateDirectory(Path.Combine(_folder, ".hedvig", "cluster"));
        _ = Directory.CreateDirectory(Path.Combine(_folder, "below"));
        File.WriteAllText(Path.Combine(_folder, "site.json"), """{ "volumes": [ { "name": "a", "size": "1GB" } ] }""");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [InlineData("plan site.json", ".")]
    [InlineData("apply ../site.json", "below")]
    [InlineData("export", "below")]
    [InlineData("quickstart", ".")]
    [InlineData("cluster start", "below")]
    [InlineData("cluster status", ".")]
    [InlineData("cluster stop", ".")]
    public async Task A_folder_of_another_user_is_refused_and_nothing_is_started_in_it(string arguments, string from)
    {
        Skip.IfNot(Programs.IsRoot, "Files of other users need root.");
        (await Programs.RunAsync("chown", "/", environment: null, "-R", "nobody", Path.Combine(_folder, ".hedvig"))).Expect(0);
        AssertRefused(await HvAsync(from, arguments), "belongs to another user");
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_folder, ".hedvig", "cluster")));
    }

    [Fact]
    public async Task A_folder_that_every_user_can_write_into_is_refused()
    {
        (await Programs.RunAsync("chmod", "/", environment: null, "0777", Path.Combine(_folder, ".hedvig", "cluster"))).Expect(0);
        AssertRefused(await HvAsync(".", "cluster start"), "can be written by every user");
    }

    [Fact]
    public async Task A_link_in_the_place_of_a_log_is_refused_and_its_target_is_not_written()
    {
        var target = Path.Combine(_folder, "target");
        await File.WriteAllTextAsync(target, "as it was");
        _ = File.CreateSymbolicLink(Path.Combine(_folder, ".hedvig", "cluster", "hv-cluster.log"), target);
        AssertRefused(await HvAsync(".", "cluster start"), "is a symbolic link");
        Assert.Equal("as it was", await File.ReadAllTextAsync(target));
    }

    [Fact]
    public async Task A_link_in_the_place_of_the_folder_is_refused()
    {
        Directory.Move(Path.Combine(_folder, ".hedvig"), Path.Combine(_folder, "elsewhere"));
        _ = Directory.CreateSymbolicLink(Path.Combine(_folder, ".hedvig"), Path.Combine(_folder, "elsewhere"));
        AssertRefused(await HvAsync("below", "cluster start"), "is a symbolic link");
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_folder, "elsewhere", "cluster")));
    }

    [SkippableFact]
    public async Task A_folder_of_another_user_that_is_named_is_used()
    {
        Skip.IfNot(Programs.IsRoot, "Files of other users need root.");
        (await Programs.RunAsync("chown", "/", environment: null, "-R", "nobody", Path.Combine(_folder, ".hedvig"))).Expect(0);
        (await HvAsync("below", "cluster start --data ../.hedvig/cluster --listen http://127.0.0.1:0")).Expect(0);
        (await HvAsync("below", "cluster stop --data ../.hedvig/cluster")).Expect(0);
    }

    [SkippableFact]
    public async Task Whoever_became_root_by_sudo_uses_their_own_folder()
    {
        Skip.IfNot(Programs.IsRoot, "Files of other users need root.");
        (await Programs.RunAsync("chown", "/", environment: null, "-R", "12345", Path.Combine(_folder, ".hedvig"))).Expect(0);
        AssertRefused(await HvAsync(".", "cluster status", "54321"), "belongs to another user");
        var ended = (await HvAsync(".", "cluster status", "12345")).Expect(1);
        Assert.Contains("No cluster runs in", ended.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task The_quick_start_does_not_apply_a_document_of_another_user()
    {
        Skip.IfNot(Programs.IsRoot, "Files of other users need root.");
        var planted = Directory.CreateDirectory(Path.Combine(_folder, "below", "examples")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(planted, "quickstart.json"), """{ "volumes": [ { "name": "foreign-one", "size": "1GB" } ] }""");
        (await Programs.RunAsync("chown", "/", environment: null, "-R", "nobody", planted)).Expect(0);
        var ended = await HvAsync("below", $"quickstart --docker {NoDocker}");
        (await HvAsync("below", "cluster stop")).Expect(0);
        Assert.DoesNotContain("foreign-one", ended.Expect(0).Output, StringComparison.Ordinal);
    }

    private static void AssertRefused(Ended ended, string why)
    {
        _ = ended.Expect(1);
        Assert.Contains(why, ended.Errors, StringComparison.Ordinal);
        Assert.Single(ended.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private Task<Ended> HvAsync(string from, string arguments, string? sudo = null) => Programs.RunAsync(
        Programs.Path("hv"),
        Path.Combine(_folder, from),
        sudo is null ? null : new Dictionary<string, string>(StringComparer.Ordinal) { ["SUDO_UID"] = sudo },
        arguments.Split(' '));
}
