using System.Collections.Concurrent;
using System.Reflection;

namespace HedvigStorage.Commands;

/// <summary>What a cmdlet that takes an object declares of its parameters.</summary>
internal sealed class DeclaredParameters
{
    private static readonly ConcurrentDictionary<Type, DeclaredParameters> Known = new();

    private readonly string[][] _byProperty;

    private DeclaredParameters(Type command)
    {
        var parameters = command.GetProperties()
            .Select(property => (Property: property, Uses: property.GetCustomAttributes<ParameterAttribute>().ToArray()))
            .Where(known => known.Uses.Length > 0)
            .ToArray();
        Positions = parameters
            .Where(known => known.Uses.Any(use => use.Position >= 0))
            .Select(known => new PositionalParameter(known.Property))
            .OrderBy(position => position.Position)
            .ToArray();

        // Where an object came from is not by itself a reason to give it.
        _byProperty = parameters
            .Where(known => known.Uses.Any(use => use.ValueFromPipelineByPropertyName))
            .Where(known => known.Property.Name is not (nameof(ClusterCommand.ClusterOrigin) or nameof(ITakesInputObject.InputObject)))
            .Select(known => PositionalParameter.NamesOf(known.Property))
            .ToArray();
    }

    /// <summary>Gets the parameters that can be given without their names, in the order of their positions.</summary>
    public IReadOnlyList<PositionalParameter> Positions { get; }

    public static DeclaredParameters Of(object command) => Known.GetOrAdd(command.GetType(), type => new DeclaredParameters(type));

    /// <summary>Tells whether an object has a property that PowerShell takes for one of the parameters.</summary>
    /// <param name="item">The object.</param>
    /// <param name="counts">Tells of a parameter whether it counts.</param>
    public bool HasPropertyFor(PSObject item, Func<string, bool> counts) =>
        _byProperty.Any(names => counts(names[0]) && names.Any(name => item.Properties[name]?.Value is not null));
}
