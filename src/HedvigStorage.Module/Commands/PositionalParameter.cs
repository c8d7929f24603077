using System.Reflection;

namespace HedvigStorage.Commands;

/// <summary>A parameter that can be given without its name, and how a value becomes its own: as when PowerShell binds it.</summary>
internal sealed class PositionalParameter
{
    private static readonly MethodInfo Validate =
        typeof(ValidateArgumentsAttribute).GetMethod("Validate", BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly PropertyInfo _property;
    private readonly string[] _names;
    private readonly ArgumentTransformationAttribute[] _transformations;
    private readonly ValidateArgumentsAttribute[] _validations;

    public PositionalParameter(PropertyInfo property)
    {
        _property = property;
        _names = NamesOf(property);
        var uses = property.GetCustomAttributes<ParameterAttribute>().ToArray();
        Position = uses.Max(use => use.Position);
        IsMandatory = uses.Any(use => use.Mandatory);
        TakesProperty = uses.Any(use => use.ValueFromPipelineByPropertyName);

        // PowerShell's own for credentials asks for the password of whatever it is given.
        _transformations = property.GetCustomAttributes<ArgumentTransformationAttribute>()
            .Where(transformation => transformation is not CredentialAttribute)
            .ToArray();
        _validations = property.GetCustomAttributes<ValidateArgumentsAttribute>().ToArray();
    }

    public string Name => _property.Name;

    public int Position { get; }

    /// <summary>Gets whether it has to be given where no object is.</summary>
    public bool IsMandatory { get; }

    /// <summary>Gets whether PowerShell takes it from a property of objects.</summary>
    public bool TakesProperty { get; }

    /// <summary>Lists the names by which a property is taken for a parameter: its own first, then its aliases.</summary>
    public static string[] NamesOf(PropertyInfo property) =>
        [property.Name, .. property.GetCustomAttributes<AliasAttribute>().SelectMany(alias => alias.AliasNames)];

    public object? Read(object command) => _property.GetValue(command);

    public void Write(object command, object? value) => _property.SetValue(command, value);

    /// <summary>Tells whether a value is one of its own.</summary>
    public bool Takes(object? value) => value is null || _property.PropertyType.IsInstanceOfType(value);

    /// <summary>Tells whether PowerShell takes a property of an object for it.</summary>
    public bool IsPropertyOf(PSObject item) => PropertyOf(item) is not null;

    /// <summary>Tells whether an object is taken for it as it is, or has a property that is; any other for what it shows.</summary>
    public bool Fits(PSObject item, EngineIntrinsics engine)
    {
        if (IsPropertyOf(item) || item.BaseObject is ValueType)
        {
            return true;
        }

        try
        {
            var value = Transform(item, engine);
            return IsWhole(value) || Takes(ObjectNames.Unwrap(value));
        }
        catch (ArgumentTransformationMetadataException)
        {
            // It is refused for a reason, and that is worth more than what else could be made of it.
            return true;
        }
    }

    /// <summary>Makes a value of an object: of itself where that says what it is, else of its property, else of what it shows.</summary>
    /// <returns>What is wrong with it, or <see langword="null"/>.</returns>
    public ErrorRecord? TryTake(PSObject item, EngineIntrinsics engine, out object? value)
    {
        value = null;
        try
        {
            var isProperty = IsPropertyOf(item) && !IsWhole(Transform(item, engine));
            return isProperty ? TryTakeProperty(item, engine, out value) : TryConvert(item, engine, out value);
        }
        catch (ArgumentTransformationMetadataException exception)
        {
            return BindingErrors.Transformation(Name, item, exception);
        }
    }

    /// <summary>Makes a value of the property of an object.</summary>
    /// <returns>What is wrong with it, or <see langword="null"/>.</returns>
    public ErrorRecord? TryTakeProperty(PSObject item, EngineIntrinsics engine, out object? value) =>
        TryConvert(PropertyOf(item), engine, out value);

    /// <summary>Makes a value of what was typed for another parameter.</summary>
    /// <returns>What is wrong with it, or <see langword="null"/>.</returns>
    public ErrorRecord? TryConvert(object? given, EngineIntrinsics engine, out object? value)
    {
        // A parameter that takes several has made a list of what was one, and one that takes credentials has made one of a name.
        value = given is string[] { Length: 1 } one && !_property.PropertyType.IsArray ? one[0] : TypedCredentials.NameOf(given) ?? given;
        try
        {
            value = Transform(value, engine);
            if (value is string[] && !_property.PropertyType.IsArray)
            {
                var types = $"'{value.GetType()}' to the type '{_property.PropertyType}'";
                throw new PSInvalidCastException($"Cannot convert {types}. Give one value.");
            }

            value = LanguagePrimitives.ConvertTo(value, _property.PropertyType, CultureInfo.InvariantCulture);
        }
        catch (ArgumentTransformationMetadataException exception)
        {
            return BindingErrors.Transformation(Name, given, exception);
        }
        catch (PSInvalidCastException exception)
        {
            return BindingErrors.Conversion(Name, given, exception);
        }

        return WhatIsWrong(value, engine) is { } wrong ? BindingErrors.Validation(Name, given, wrong) : null;
    }

    private static bool IsWhole(object? value) => value is string or string[] or PSObject { BaseObject: string or string[] };

    private object? PropertyOf(PSObject item) =>
        TakesProperty ? _names.Select(name => item.Properties[name]?.Value).FirstOrDefault(value => value is not null) : null;

    private object? Transform(object? value, EngineIntrinsics engine) => _transformations
        .Aggregate(value, (current, transformation) => current is null ? null : transformation.Transform(engine, current));

    // What checks a value is open to PowerShell alone.
    private ValidationMetadataException? WhatIsWrong(object? value, EngineIntrinsics engine)
    {
        foreach (var validation in _validations)
        {
            try
            {
                _ = Validate.Invoke(validation, [value, engine]);
            }
            catch (TargetInvocationException exception) when (exception.InnerException is ValidationMetadataException wrong)
            {
                return wrong;
            }
        }

        return null;
    }
}
