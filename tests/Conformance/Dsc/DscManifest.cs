using System.Diagnostics;
using System.Text.Json.Nodes;

namespace HedvigStorage.Conformance.Dsc;

/// <summary>
/// A resource as DSC knows it: by its manifest alone. Programs are started as DSC starts them, and what they print is checked as DSC checks
/// it.
/// </summary>
internal sealed class DscManifest
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private readonly IReadOnlyDictionary<string, string> _environment;
    private JsonNode? _schema;

    private DscManifest(JsonNode root, IReadOnlyDictionary<string, string> environment)
    {
        Root = root;
        _environment = environment;
    }

    public JsonNode Root { get; }

    public static IReadOnlyList<string> Files { get; } = Directory.GetFiles(Programs.Directory, "*.dsc.resource.json")
        .Order(StringComparer.Ordinal).ToArray();

    public static DscManifest Load(string type, IReadOnlyDictionary<string, string>? environment = null) => Files
        .Select(
            file =>
                new DscManifest(
                    JsonNode.Parse(File.ReadAllText(file))!, environment ?? new Dictionary<string, string>(StringComparer.Ordinal)))
        .Single(manifest => string.Equals(manifest.Root["type"]!.GetValue<string>(), type, StringComparison.Ordinal));

    public bool Has(string operation) => Root[operation] is not null;

    public async Task<JsonNode> SchemaAsync() =>
        _schema ??= Root["schema"]!["embedded"]
            ?? JsonNode.Parse((await RunAsync(Root["schema"]!["command"]!, input: string.Empty)).Output)!;

    /// <summary>
    /// Runs an operation that is to succeed. An instance that goes in or comes out must be as the resource's schema says.
    /// </summary>
    /// <returns>The lines of standard output.</returns>
    public async Task<IReadOnlyList<JsonNode>> InvokeAsync(string operation, string input)
    {
        if (input.Length > 0 && operation is not "export")
        {
            await VerifyAsync(JsonNode.Parse(input)!);
        }

        var method = Root[operation]!;
        var ended = (await RunAsync(method, input)).Expect(0);
        CheckTrace(ended.Errors);
        var lines = ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToArray();
        var differs = string.Equals(method["return"]?.GetValue<string>(), "stateAndDiff", StringComparison.Ordinal);
        Assert.True(!differs || lines.Length == 2, $"A state and its differences are two lines, not: {ended.Output}");
        await VerifyAsync(differs ? lines[..1] : lines);
        return lines;
    }

    /// <summary>Runs an operation that is to fail, and returns the error that DSC shows.</summary>
    public async Task<string> FailAsync(string operation, string input, int status)
    {
        var ended = (await RunAsync(Root[operation]!, input)).Expect(status);
        Assert.Equal(string.Empty, ended.Output);
        Assert.True(
            Root["exitCodes"]![status.ToString(System.Globalization.CultureInfo.InvariantCulture)] is not null,
            $"The manifest does not tell what {status} means.");
        return Assert.Single(CheckTrace(ended.Errors));
    }

    private async Task VerifyAsync(params JsonNode[] instances)
    {
        if (JsonSchemas.Missing is null && instances.Length > 0)
        {
            Assert.Equal(string.Empty, await JsonSchemas.ErrorsAsync(await SchemaAsync(), instances));
        }
    }

    // Each line says one thing at one level; the errors are returned.
    private static string[] CheckTrace(string errors)
    {
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject().Single())
            .ToArray();
        Assert.All(lines, line => Assert.Contains(line.Key, (string[])["error", "warn", "info"]));
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        return lines.Where(line => line.Key is "error").Select(line => line.Value!.GetValue<string>()).ToArray();
    }

    private async Task<Ended> RunAsync(JsonNode method, string input)
    {
        var start = new ProcessStartInfo(Programs.Path(method["executable"]!.GetValue<string>()), Arguments(method, input))
        {
            WorkingDirectory = Programs.Directory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in new[] { "HV_CLUSTER", "HV_CREDENTIAL_FILE", "HV_USER", "HV_PASSWORD" })
        {
            _ = start.Environment.Remove(name);
        }

        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            if (string.Equals(method["input"]?.GetValue<string>(), "stdin", StringComparison.Ordinal))
            {
                await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended without reading: its status says why.
        }

        await process.WaitForExitAsync(limit.Token);
        return new Ended(process.ExitCode, await output, await errors);
    }

    // As DSC makes them: a text as it is, the input behind the name of its argument.
    private static IEnumerable<string> Arguments(JsonNode method, string input)
    {
        foreach (var argument in method["args"]?.AsArray() ?? [])
        {
            if (argument is JsonValue text)
            {
                yield return text.GetValue<string>();
            }
            else if (argument!["jsonInputArg"] is { } name && (input.Length > 0 || argument["mandatory"]?.GetValue<bool>() == true))
            {
                yield return name.GetValue<string>();
                yield return input;
            }
        }
    }
}
