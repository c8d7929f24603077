using HedvigStorage.Planning;

namespace HedvigStorage.Tests;

/// <summary>Where the values of a container's environment come from, and that they are shown nowhere.</summary>
public sealed class ContainerEnvironmentTests : IDisposable
{
    private const string Secret = "s3cret-value";

    private readonly DockerSite _site = new();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Values_come_from_files_beside_the_document_and_from_secrets_without_their_line_end()
    {
        Directory.CreateDirectory(Path.Combine(_site.Folder, "keys"));
        await File.WriteAllTextAsync(Path.Combine(_site.Folder, "keys/token"), Secret + "\n\n");
        _site.Secrets.Values["pg"] = Secret + "\r\n";
        const string Desired =
            "{ 'name': 'app', 'image': 'app:1', 'environment': { 'T': { 'file': 'keys/token' }, 'P': { 'secret': 'pg' }, 'N': 5 } }";
        Assert.True((await _site.ApplyContainersAsync(Desired)).Succeeded);
        var environment = _site.Engine.Containers["app"].Specification.Environment;
        Assert.Equal((Secret + "\n", Secret, "5"), (environment["T"], environment["P"], environment["N"]));
        Assert.False((await _site.PlanContainersAsync(Desired)).HasChanges);

        _site.Secrets.Values["pg"] = "another";
        var step = (await _site.PlanContainersAsync(Desired)).Changes.Single();
        Assert.Equal(new PropertyChange("environment.P", "(set)", "(the secret 'pg')"), step.Changes.Single());
    }

    [Fact]
    public async Task A_value_from_elsewhere_is_in_no_plan_label_digest_or_error()
    {
        _site.Secrets.Values["pg"] = Secret;
        await File.WriteAllTextAsync(Path.Combine(_site.Folder, "token"), Secret);
        await File.WriteAllTextAsync(Path.Combine(_site.Folder, "all.env"), $"FROM_FILE={Secret}\n");
        const string Desired =
            "{ 'name': 'app', 'image': 'app:1', 'environmentFile': 'all.env', 'environment': { 'T': { 'file': 'token' }, 'P': { 'secret': "
                + "'pg' } } }";
        var plan = await _site.PlanContainersAsync(Desired);
        Assert.DoesNotContain(
            Secret,
            string.Join('\n', plan.Steps.SelectMany(step => step.Changes).Select(change => change.ToString())),
            StringComparison.Ordinal);
        _ = await _site.ApplyContainersAsync(Desired);
        var label = _site.Engine.Containers["app"].Specification.Labels[DockerSite.DesiredLabel];
        Assert.DoesNotContain(
            _site.Engine.Containers["app"].Specification.Labels.Values, value => value.Contains(Secret, StringComparison.Ordinal));

        _site.Secrets.Values["pg"] = "another";
        _ = await _site.ApplyContainersAsync(Desired, new ApplyOptions { AllowReplace = ApplyOptions.AnyKind });
        Assert.Equal("another", _site.Engine.Containers["app"].Specification.Environment["P"]);
        Assert.Equal(label, _site.Engine.Containers["app"].Specification.Labels[DockerSite.DesiredLabel]);

        await File.WriteAllTextAsync(Path.Combine(_site.Folder, "all.env"), $"BAD NAME={Secret}\n");
        var error = await Assert.ThrowsAnyAsync<ClusterException>(() => _site.PlanContainersAsync(Desired));
        Assert.Contains("line 1 of 'all.env' is not NAME=VALUE", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_environment_file_is_read_as_docker_reads_it_and_the_document_wins_over_it()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_site.Folder, "a.env"),
            "# comment\n\n  A=1\r\nB= x\nQ=\"quoted\"\nEMPTY=\nPATH\nNOT_SET_ANYWHERE\n");
        await File.WriteAllTextAsync(Path.Combine(_site.Folder, "b.env"), "B=2\nC=file\n");
        _ = await _site.ApplyContainersAsync(
            "{ 'name': 'app', 'image': 'app:1', 'environmentFile': [ 'a.env', 'b.env' ], 'environment': { 'C': 'document' } }");
        var environment = _site.Engine.Containers["app"].Specification.Environment;
        Assert.Equal(
            ("1", "2", "document", "\"quoted\"", string.Empty),
            (environment["A"], environment["B"], environment["C"], environment["Q"], environment["EMPTY"]));
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), environment["PATH"]);
        Assert.DoesNotContain("NOT_SET_ANYWHERE", environment.Keys);
    }

    [Fact]
    public async Task Everything_that_is_missing_is_told_at_once_before_anything_is_changed()
    {
        var error = await Assert.ThrowsAnyAsync<ClusterException>(() => _site.PlanContainersAsync(
            "{ 'name': 'app', 'image': 'app:1', 'environmentFile': 'no.env', 'environment': { 'T': { 'file': 'none' }, 'P': { 'secret': "
                + "'gone' } } }"));
        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        foreach (var part in (string[])["no.env", "'none', which is not there", "the secret 'gone', which is not there", "container 'app'"])
        {
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(_site.Engine.Changes);
    }
}
