using HedvigStorage.Tests.Shared;

namespace HedvigStorage.Benchmarks;

/// <summary>
/// <c>Import-Module</c> of the module in a fresh <c>pwsh</c>, beside a binary module with one empty cmdlet. Needs the module as a build for
/// release leaves it.
/// </summary>
internal static class ImportBenchmark
{
    private const int Rounds = 9;

    public static async Task RunAsync(string work, string module)
    {
        var empty = Path.Combine(work, "Empty.dll");
        _ = await PowerShellAsync(
            work,
            $"Add-Type -OutputAssembly '{empty}' -TypeDefinition 'using System.Management.Automation; [Cmdlet(\"Get\", "
                + $"\"Empty\")] public class GetEmptyCommand : PSCmdlet {{ }}'");
        var bare = new List<double>();
        var own = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            bare.Add(await ImportAsync(work, empty));
            own.Add(await ImportAsync(work, module));
        }

        Figures.Title("Import-Module");
        Figures.Head("module", "ms, median", "against the empty one");
        Figures.Row(
            "HedvigStorage", Figures.Show(Figures.Median(own)), Figures.Show(Figures.Median(own.Zip(bare, (one, other) => one / other))));
        Figures.Row("a binary module with one empty cmdlet", Figures.Show(Figures.Median(bare)), "1.00");
    }

    private static async Task<double> ImportAsync(string work, string module) => double.Parse(
        await PowerShellAsync(
            work,
            $"$watch = [Diagnostics.Stopwatch]::StartNew(); Import-Module '{module}'; "
                + "$watch.Elapsed.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)"),
        CultureInfo.InvariantCulture);

    private static Task<string> PowerShellAsync(string work, string command) =>
        Processes.RunAsync(PowerShellProgram.Describe("-Command", command), work);
}
