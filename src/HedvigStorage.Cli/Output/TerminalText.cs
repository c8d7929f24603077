using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using HedvigStorage.Planning;
using Spectre.Console;

namespace HedvigStorage.Cli.Output;

/// <summary>For a person at a terminal: colour, and a line a step that moves while the step does.</summary>
internal sealed class TerminalText(IAnsiConsole console, TextWriter writer, TextWriter errors, TimeProvider time) : PlainText(writer, errors, time)
{
    protected override void Write(string line) => console.WriteLine(line);

    protected override void WritePlanLine(string line) => console.WriteLine(line, Colour(line));

    protected override Task<ApplyReport> ExecuteAsync(Plan plan, ApplyOptions options, CancellationToken cancellationToken) =>
        console.Progress()
            .AutoClear(enabled: false)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                var tasks = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
                return await Applier.ApplyAsync(plan, options, progress => Move(context, tasks, progress), cancellationToken);
            });

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
