using System.Diagnostics;
using System.Text.Json.Nodes;

namespace HedvigStorage.Conformance.Dsc;

/// <summary>Checks instances by JSON Schema 2020-12, by another's implementation.</summary>
internal static class JsonSchemas
{
    private const string Python = "/usr/bin/python3";

    /// <summary>Gets what is not there, or <see langword="null"/>.</summary>
    public static string? Missing { get; } = Find();

    /// <summary>Gets Microsoft's own schema of manifests.</summary>
    public static JsonNode Manifest =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Dsc", "Schemas", "manifest.json")))!;

    /// <summary>Tells what is wrong with instances, one line an error, or nothing.</summary>
    public static async Task<string> ErrorsAsync(JsonNode schema, params JsonNode[] instances)
    {
        var asked = new JsonObject
        {
            ["schema"] = schema.DeepClone(),
            ["instances"] = new JsonArray([.. Array.ConvertAll(instances, instance => instance.DeepClone())]),
        };
        var start = new ProcessStartInfo(Python, [Path.Combine(AppContext.BaseDirectory, "Dsc", "validate.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(asked.ToJsonString());
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return new Ended(process.ExitCode, await output, await errors).Expect(0).Output;
    }

    private static string? Find()
    {
        const string Hint = "Debian's package is python3-jsonschema.";
        if (!File.Exists(Python))
        {
            return $"{Python} is not there. {Hint}";
        }

        using var process = Process.Start(
            new ProcessStartInfo(
                Python, ["-c", "from jsonschema import Draft202012Validator"]) { RedirectStandardError = true, UseShellExecute = false })!;
        _ = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"'{Python} -c \"import jsonschema\"' fails. {Hint}";
    }
}
