namespace HedvigStorage.Commands;

/// <summary>
/// A cmdlet that takes an object for one of its positions, so that what is typed without a name fills those that are left. It has a
/// parameter set <see cref="ParameterSets.InputObject"/> with the same positions as its default one, of which none is mandatory there and
/// none takes the object itself from the pipeline.
/// </summary>
internal interface ITakesInputObject
{
    /// <summary>Gets or sets the object.</summary>
    // Of this type, because PowerShell tries it before the properties of an object, which would settle the default set; and by property
    // name as well, because it does not give up a set whose mandatory parameters are taken so for one that has none.
    PSObject? InputObject { get; set; }
}
