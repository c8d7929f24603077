namespace HedvigStorage.HelpWriter.Cmdlets;

/// <summary>A cmdlet as its class declares it.</summary>
internal sealed record Cmdlet(
    string Verb, string Noun, string? DefaultParameterSet, IReadOnlyList<CmdletParameter> Parameters, IReadOnlyList<string> Outputs)
{
    public string Name => $"{Verb}-{Noun}";

    /// <summary>Gets the names of the parameter sets, the default one first; one without a name if there are none.</summary>
    public IReadOnlyList<string?> ParameterSets
    {
        get
        {
            var names = Parameters.SelectMany(parameter => parameter.Uses).Select(use => use.Set).Where(set => set is not null)
                .Distinct(StringComparer.Ordinal).ToArray();
            return names.Length == 0
                ? [null]
                : [.. names.OrderByDescending(name => string.Equals(name, DefaultParameterSet, StringComparison.Ordinal))];
        }
    }
}

/// <summary>A parameter of a cmdlet.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type's name, as people write it.</param>
/// <param name="Values">The words that it takes; empty if it takes more than words of a list.</param>
/// <param name="Aliases">Other names.</param>
/// <param name="Wildcards">Whether it takes wildcards.</param>
/// <param name="Default">What it is if it is not given, in words, or <see langword="null"/>.</param>
/// <param name="Uses">How each parameter set takes it.</param>
internal sealed record CmdletParameter(
    string Name,
    string Type,
    IReadOnlyList<string> Values,
    IReadOnlyList<string> Aliases,
    bool Wildcards,
    string? Default,
    IReadOnlyList<ParameterUse> Uses)
{
    public const string SwitchType = "SwitchParameter";

    public bool IsSwitch => string.Equals(Type, SwitchType, StringComparison.Ordinal);

    /// <summary>Finds how a parameter set takes it; <see langword="null"/> if it does not.</summary>
    public ParameterUse? UseIn(string? set) =>
        Uses.FirstOrDefault(use => use.Set is null || string.Equals(use.Set, set, StringComparison.Ordinal));
}

/// <summary>How a parameter set takes a parameter.</summary>
/// <param name="Set">The set, or <see langword="null"/> for all.</param>
/// <param name="Mandatory">Whether it has to be given.</param>
/// <param name="Position">The place among those that are given without a name, or <see langword="null"/>.</param>
/// <param name="ByValue">Whether objects of a pipeline are taken for it.</param>
/// <param name="ByPropertyName">Whether properties of objects of a pipeline are taken for it.</param>
internal sealed record ParameterUse(string? Set, bool Mandatory, int? Position, bool ByValue, bool ByPropertyName);
