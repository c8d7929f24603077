using HedvigStorage.Properties;

namespace HedvigStorage.Planning;

/// <summary>Compares what is asked for with what is there, property by property; what is not specified is not compared.</summary>
internal static class PropertyComparison
{
    /// <summary>Lists what is specified.</summary>
    public static IEnumerable<PropertyChange> Specified<TSpecification, TActual, TChange>(
        IEnumerable<ObjectProperty<TSpecification, TActual, TChange>> properties, TSpecification desired) =>
        from property in properties
        let value = property.Get(desired)
        where value is not null
        select new PropertyChange(property.Name, null, property.Form.Show(value));

    /// <summary>Lists what differs.</summary>
    public static IEnumerable<PropertyChange> Compare<TSpecification, TActual, TChange>(
        IEnumerable<ObjectProperty<TSpecification, TActual, TChange>> properties, TSpecification desired, TActual actual) =>
        from property in properties
        let value = property.Get(desired)
        where value is not null
        let before = property.Actual(actual) ?? property.Default
        where !AttributeTable.SameValue(value, before)
        select new PropertyChange(property.Name, before is null ? null : property.Form.Show(before), property.Form.Show(value));

    /// <summary>Makes the change in place that leads to what is specified.</summary>
    public static TChange Change<TSpecification, TActual, TChange>(
        IEnumerable<ObjectProperty<TSpecification,
        TActual,
        TChange>> properties,
        TSpecification desired,
        TChange start) => properties.Aggregate(
        start,
        (change, property) => property.InPlace is { } inPlace && property.Get(desired) is { } value ? inPlace.With(change, value) : change);
}
