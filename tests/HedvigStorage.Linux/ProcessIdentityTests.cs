using System.Diagnostics;

namespace HedvigStorage.Linux.Tests;

public sealed class ProcessIdentityTests
{
    [SkippableFact]
    public async Task A_process_is_known_while_it_runs_and_when_it_has_ended_though_its_parent_has_not_noticed()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Processes are told apart by /proc.");
        using var process = Process.Start("sleep", "infinity");
        var identity = ProcessIdentity.Of(process.Id)!;
        Assert.False(identity.HasEnded());
        Assert.Equal(identity, ProcessIdentity.Parse(identity.ToString()));
        process.Kill();
        await process.WaitForExitAsync();
        Assert.True(identity.HasEnded());
        Assert.Null(ProcessIdentity.Of(process.Id));
    }

    [SkippableFact]
    public void A_later_process_with_the_same_id_is_another_one()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Processes are told apart by /proc.");
        var own = ProcessIdentity.Of(Environment.ProcessId)!;
        Assert.True((own with { Start = own.Start - 1 }).HasEnded());
        Assert.True(ProcessIdentity.Parse(ProcessIdentity.OfEnded(Environment.ProcessId).ToString())!.HasEnded());
    }

    [SkippableFact]
    public void Of_a_process_of_another_namespace_nothing_is_known()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Processes are told apart by /proc.");
        Assert.Null((ProcessIdentity.Of(Environment.ProcessId)! with { Namespace = "pid:[1]" }).HasEnded());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("12")]
    [InlineData("a/b/c")]
    [InlineData("1/2/3/4")]
    public void What_is_not_an_identity_is_none(string? text) => Assert.Null(ProcessIdentity.Parse(text));
}
