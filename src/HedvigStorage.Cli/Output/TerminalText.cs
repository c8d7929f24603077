using HedvigStorage.Planning;
using Spectre.Console;

namespace HedvigStorage.Cli.Output;

/// <summary>For a person at a terminal: colour, and a line a step that moves while the step does.</summary>
internal sealed class TerminalText(
    IAnsiConsole console, TextWriter writer, TextWriter errors, TimeProvider time) : PlainText(writer, errors, time)
{
    protected override void Write(string line) => console.WriteLine(line);

    protected override void WritePlanLine(string line) => console.WriteLine(line, Colour(line));

    // With more, those that have ended are taken away, so that the ones that go on are seen.
    private const int LinesThatStay = 20;

    protected override Task<ApplyReport> ExecuteAsync(Plan plan, ApplyOptions options, CancellationToken cancellationToken)
    {
        var counter = new StepCounter(plan);
        var many = counter.Total > LinesThatStay;
        return console.Progress()
            .AutoClear(enabled: false)
            .HideCompleted(many)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                var tasks = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);

                // It never completes, so that it stays.
                var all = many ? context.AddTask("all", maxValue: counter.Total + 1) : null;
                return await Applier.ApplyAsync(plan, options, progress => Move(progress), cancellationToken);

                void Move(StepProgress progress)
                {
                    _ = counter.Count(progress);
                    if (all is not null)
                    {
                        all.Description = string.Create(CultureInfo.InvariantCulture, $"{counter.Ended} of {counter.Total}");
                        all.Value = counter.Ended;
                    }

                    if (!many || progress.State == StepState.Running || tasks.ContainsKey(progress.Step.Id))
                    {
                        TerminalText.Move(context, tasks, progress);
                    }
                }
            });
    }

    private static void Move(ProgressContext context, Dictionary<string, ProgressTask> tasks, StepProgress progress)
    {
        var id = Markup.Escape(PrintableText.Line(progress.Step.Id));
        if (!tasks.TryGetValue(progress.Step.Id, out var task))
        {
            tasks[progress.Step.Id] = task = context.AddTask(id, maxValue: 1);
        }

        task.Description = progress.State switch
        {
            StepState.Succeeded => $"[green]{id}[/]",
            StepState.Failed => $"[red]{id} failed[/]",
            StepState.Skipped => $"[yellow]{id} left out[/]",
            _ => progress.Message.Length == 0 ? id : $"{id} [grey]{Markup.Escape(PrintableText.Line(progress.Message))}[/]",
        };
        if (progress.State != StepState.Running)
        {
            task.Value = 1;
            task.StopTask();
        }
    }

    private static Style Colour(string line) => line.Length == 0 ? Style.Plain : line[0] switch
    {
        '+' => new Style(Color.Green),
        '~' => new Style(Color.Yellow),
        '±' or '-' => new Style(Color.Red),
        '!' => new Style(Color.Aqua),
        _ => Style.Plain,
    };
}
