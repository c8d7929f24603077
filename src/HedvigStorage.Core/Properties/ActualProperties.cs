namespace HedvigStorage.Properties;

/// <summary>Turns what is there into what would be asked for to have it.</summary>
internal static class ActualProperties
{
    /// <summary>Asks for all that an object has.</summary>
    /// <param name="properties">The properties of its kind.</param>
    /// <param name="actual">The object.</param>
    /// <param name="start">What is asked for besides.</param>
    /// <param name="wanted">Which properties to ask for; default: all.</param>
    public static TSpecification Specify<TSpecification, TActual, TChange>(
        IEnumerable<ObjectProperty<TSpecification, TActual, TChange>> properties,
        TActual actual,
        TSpecification start,
        Func<ObjectProperty<TSpecification, TActual, TChange>, object, bool>? wanted = null) => properties.Aggregate(
        start,
        (specification, property) =>
            property.Actual(actual) is { } value && wanted?.Invoke(property, value) != false
                ? property.With(specification, value)
                : specification);
}
