namespace HedvigStorage.Errors;

/// <summary>Errors about the values of parameters, with the words and ids that PowerShell has for them: scripts ask for those.</summary>
internal static class BindingErrors
{
    public static ErrorRecord Transformation(string parameter, object? value, Exception cause) => Make(
        "ParameterArgumentTransformationError",
        ErrorCategory.InvalidData,
        value,
        $"Cannot process argument transformation on parameter '{parameter}'. {cause.Message}",
        cause);

    public static ErrorRecord Conversion(string parameter, object? value, Exception cause) => Make(
        "CannotConvertArgumentNoMessage",
        ErrorCategory.InvalidArgument,
        value,
        $"Cannot bind parameter '{parameter}'. {cause.Message}",
        cause);

    public static ErrorRecord Validation(string parameter, object? value, Exception cause) => Make(
        "ParameterArgumentValidationError",
        ErrorCategory.InvalidData,
        value,
        $"Cannot validate argument on parameter '{parameter}'. {cause.Message}",
        cause);

    public static ErrorRecord Missing(IEnumerable<string> parameters) => Make(
        "MissingMandatoryParameter",
        ErrorCategory.InvalidArgument,
        null,
        $"Cannot process command because of one or more missing mandatory parameters: {string.Join(" ", parameters)}.");

    /// <summary>Tells of parameters that the properties of an object could have filled.</summary>
    public static ErrorRecord MissingIn(object item, IEnumerable<string> parameters) => Make(
        "InputObjectMissingMandatory",
        ErrorCategory.InvalidArgument,
        item,
        "The input object cannot be bound because it did not contain the information required to bind all mandatory parameters:  "
            + string.Join(" ", parameters));

    /// <summary>Tells of a parameter that is given beside an object that is taken for it.</summary>
    public static ErrorRecord GivenTwice(object item, string parameter) => Make(
        "ParameterAlreadyBound",
        ErrorCategory.InvalidArgument,
        item,
        $"The object '{item}' is taken for the parameter '{parameter}', which is given too. Leave one of them out.");

    /// <summary>Tells of a value for which no position is left beside an object.</summary>
    /// <param name="value">The value.</param>
    /// <param name="taken">The parameter that the object is taken for.</param>
    /// <param name="left">The parameters that have the other positions.</param>
    public static ErrorRecord TooMany(object? value, string taken, IEnumerable<string> left)
    {
        var names = string.Join(", ", left);
        var rest = names.Length == 0 ? "nothing else" : $"only {names}";
        return Make(
            "PositionalParameterNotFound",
            ErrorCategory.InvalidArgument,
            value,
            $"No position is left for '{value}': the object is taken for the parameter '{taken}', "
                + $"and {rest} can be given without a name besides.");
    }

    private static ErrorRecord Make(string id, ErrorCategory category, object? target, string message, Exception? cause = null) =>
        new(new ParameterBindingException(message, cause), id, category, target);
}
