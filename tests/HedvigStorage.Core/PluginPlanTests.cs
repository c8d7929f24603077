using HedvigStorage.Hosting;
using HedvigStorage.Planning;
using HedvigStorage.Tests.Fakes;

namespace HedvigStorage.Tests;

public sealed class PluginPlanTests : IDisposable
{
    private const string Plain = "{ 'plugin': { } }";

    private readonly DockerSite _site = new();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task A_plugin_is_installed_as_the_document_says_and_then_nothing_is_left_to_do()
    {
        const string Desired =
            "{ 'plugin': { 'mode': 'Managed', 'version': '0.1.0', 'host': 'h1', 'stateDirectory': '/s', 'dataDirectory': '/d' } }";
        Assert.True((await _site.ApplyAsync(Desired)).Succeeded);
        Assert.Equal(
            (DockerPluginMode.Managed, "h1", "/s", "/d"),
            (
                _site.Installer.Status.Mode,
                _site.Installer.Status.Host,
                _site.Installer.Status.StateDirectory,
                _site.Installer.Status.DataDirectory));
        Assert.False((await _site.PlanAsync(Desired)).HasChanges);
    }

    [Theory]
    [InlineData("'host': 'h2'", "host")]
    [InlineData("'stateDirectory': '/other'", "stateDirectory")]
    [InlineData("'mountRoot': '/other'", "mountRoot")]
    public async Task Another_setting_is_a_difference_that_converges(string setting, string property)
    {
        _ = await _site.ApplyAsync(Plain);
        var desired = $"{{ 'plugin': {{ {setting} }} }}";
        var step = (await _site.PlanAsync(desired)).Changes.Single();
        Assert.Equal((StepAction.Update, property), (step.Action, step.Changes.Single().Property));
        Assert.True((await _site.ApplyAsync(desired)).Succeeded);
        Assert.False((await _site.PlanAsync(desired)).HasChanges);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_managed_plugin_is_made_again_with_the_right_to_grow_mounted_file_systems_or_without_it(bool wanted)
    {
        _ = await _site.ApplyAsync("{ 'plugin': { 'mode': 'Managed' } }");
        _site.Installer.Status = _site.Installer.Status with { OnlineGrowth = !wanted };
        var desired = $"{{ 'plugin': {{ 'mode': 'Managed', 'onlineGrowth': {(wanted ? "true" : "false")} }} }}";
        Assert.Equal("onlineGrowth", (await _site.PlanAsync(desired)).Changes.Single().Changes.Single().Property);
        Assert.True((await _site.ApplyAsync(desired)).Succeeded);
        Assert.Equal(wanted, _site.Installer.Status.OnlineGrowth);
        Assert.False((await _site.PlanAsync(desired)).HasChanges);
    }

    [Fact]
    public async Task A_document_that_does_not_name_the_right_to_grow_and_a_plugin_that_is_not_managed_have_no_difference_in_it()
    {
        _ = await _site.ApplyAsync("{ 'plugin': { 'mode': 'Managed' } }");
        _site.Installer.Status = _site.Installer.Status with { OnlineGrowth = true };
        Assert.False((await _site.PlanAsync("{ 'plugin': { 'mode': 'Managed' } }")).HasChanges);

        _site.Installer.Status = _site.Installer.Status with { Mode = DockerPluginMode.Process, OnlineGrowth = null };
        Assert.False((await _site.PlanAsync("{ 'plugin': { 'mode': 'Process', 'onlineGrowth': true } }")).HasChanges);
    }

    [Theory]
    [InlineData(DockerPluginMode.Managed, null)]
    [InlineData(DockerPluginMode.Process, null)]
    [InlineData(DockerPluginMode.Service, "inactive (dead), disabled")]
    public async Task A_plugin_that_was_stopped_is_found_as_drift_and_started(DockerPluginMode mode, string? service)
    {
        _ = await _site.ApplyAsync(Plain);
        _site.Installer.Status = _site.Installer.Status with
        {
            Mode = mode,
            Running = false,
            Cluster = null,
            Host = null,
            Service = service,
        };
        var step = (await _site.PlanAsync(Plain)).Changes.Single();
        Assert.Equal((StepAction.Update, ChangeCause.Drift), (step.Action, step.Cause));
        Assert.Contains(new PropertyChange("state", service ?? "stopped", "Running"), step.Changes);
        Assert.Contains($"installed in the mode {mode} and does not run", step.Reason, StringComparison.Ordinal);
        Assert.True((await _site.ApplyAsync(Plain)).Succeeded);
        Assert.False((await _site.PlanAsync(Plain)).HasChanges);
    }

    [Fact]
    public async Task Of_a_plugin_that_was_stopped_the_settings_that_it_still_has_are_not_difference_and_those_that_were_changed_are()
    {
        _ = await _site.ApplyAsync(Plain);
        _site.Installer.Status = _site.Installer.Status with { Mode = DockerPluginMode.Managed, Running = false };
        Assert.Equal(["state"], (await _site.PlanAsync(Plain)).Changes.Single().Changes.Select(change => change.Property));
        _site.Installer.Status = _site.Installer.Status with { Cluster = "http://elsewhere:7080" };
        var step = (await _site.PlanAsync(Plain)).Changes.Single();
        Assert.Equal(["cluster", "state"], step.Changes.Select(change => change.Property));
        Assert.Contains("refused while one is", step.Cost, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plugin_that_is_not_there_is_said_to_be_so()
    {
        var step = (await _site.PlanAsync(Plain)).Changes.Single();
        Assert.Equal((StepAction.Create, "It is not there."), (step.Action, step.Reason));
    }

    [Fact]
    public async Task A_service_that_runs_but_would_not_start_with_the_machine_is_a_difference()
    {
        _ = await _site.ApplyAsync("{ 'plugin': { 'mode': 'Service' } }");
        _site.Installer.Status = _site.Installer.Status with { Service = "active (running), disabled" };
        Assert.Equal(
            new PropertyChange("state", "active (running), disabled", "active (running), enabled"),
            (await _site.PlanAsync(Plain)).Changes.Single().Changes.Single());
    }

    [Fact]
    public async Task Another_mode_is_a_replacement_with_consent_and_is_refused_while_volumes_are_in_use()
    {
        const string Managed = "{ 'plugin': { 'mode': 'Managed' } }";
        _ = await _site.ApplyAsync("{ 'plugin': { 'mode': 'Process' } }");
        var options = new ApplyOptions { AllowReplace = [ResourceKind.Plugin] };
        Assert.Equal(ErrorCode.Refused, (await Assert.ThrowsAsync<ClusterException>(() => _site.ApplyAsync(Managed))).Code);
        _site.Installer.Status = _site.Installer.Status with { Volumes = ["data"] };
        Assert.Contains(
            "used by the container 'db'", DockerSite.ErrorOf(await _site.ApplyAsync(Managed, options: options)), StringComparison.Ordinal);
        _site.Installer.Status = _site.Installer.Status with { Volumes = [] };
        Assert.True((await _site.ApplyAsync(Managed, options: options)).Succeeded);
        Assert.Equal(["install Process", "uninstall", "install Managed"], _site.Installer.Changes);
    }

    [Fact]
    public async Task A_version_that_is_not_this_products_is_refused_naming_both()
    {
        var error = await Assert.ThrowsAsync<ClusterException>(() => _site.PlanAsync("{ 'plugin': { 'version': '9.9.9' } }"));
        Assert.Contains("version 9.9.9 of the plugin host, and this product is version 0.1.0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_plugin_host_is_put_up_to_date_only_where_the_document_names_the_version()
    {
        _ = await _site.ApplyAsync(Plain);
        _site.Installer.Status = _site.Installer.Status with { Version = "0.0.9" };
        Assert.False((await _site.PlanAsync(Plain)).HasChanges);
        const string Named = "{ 'plugin': { 'version': '0.1.0' } }";
        var step = (await _site.PlanAsync(Named)).Changes.Single();
        Assert.Contains("runs version 0.0.9, this is 0.1.0", step.Reason, StringComparison.Ordinal);
        Assert.True((await _site.ApplyAsync(Named)).Succeeded);
        Assert.Equal(FakePluginInstaller.ThisVersion, _site.Installer.Status.Version);
    }

    [Fact]
    public async Task Removing_a_plugin_whose_volumes_are_in_use_shows_the_refusal_and_one_that_is_stopped_is_removed()
    {
        const string Absent = "{ 'plugin': { 'ensure': 'Absent' } }";
        _ = await _site.ApplyAsync(Plain);
        _site.Installer.Status = _site.Installer.Status with { Volumes = ["data"] };
        Assert.Contains("used by the container 'db'", DockerSite.ErrorOf(await _site.ApplyAsync(Absent)), StringComparison.Ordinal);
        _site.Installer.Status = _site.Installer.Status with { Volumes = [], Running = false };
        Assert.True((await _site.ApplyAsync(Absent)).Succeeded);
        Assert.False((await _site.PlanAsync(Absent)).HasChanges);
    }

    [Fact]
    public async Task A_plugin_host_that_somebody_else_runs_is_not_removed()
    {
        _site.Installer.Status = new DockerPluginStatus
        {
            Name = "hedvig",
            Running = true,
            ProcessId = 42,
            Cluster = "http://cluster:7080",
        };
        var error = await Assert.ThrowsAsync<ClusterException>(() => _site.PlanAsync("{ 'plugin': { 'ensure': 'Absent' } }"));
        Assert.Contains("(process 42) was not installed by this product", error.Message, StringComparison.Ordinal);
    }
}
