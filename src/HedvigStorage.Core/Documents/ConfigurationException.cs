namespace HedvigStorage.Documents;

/// <summary>A document is not a configuration. All that is wrong with it is told at once.</summary>
public sealed class ConfigurationException : ClusterException
{
    /// <summary>Makes the error.</summary>
    /// <param name="source">The document's name.</param>
    /// <param name="errors">What is wrong, each with its place; one or more.</param>
    /// <param name="code">What kind of error it is.</param>
    public ConfigurationException(string source, IReadOnlyList<string> errors, ErrorCode code = ErrorCode.InvalidArgument)
        : base(code, errors.Count == 1
            ? $"{source}: {errors[0]}"
            : $"{source}: {errors.Count} errors:{string.Concat(Lines(errors))}") => Errors = errors;

    /// <summary>Gets what is wrong, each with its place.</summary>
    public IReadOnlyList<string> Errors { get; }

    private static IEnumerable<string> Lines(IReadOnlyList<string> errors)
    {
        foreach (var error in errors)
        {
            yield return Environment.NewLine + "  " + error;
        }
    }
}
