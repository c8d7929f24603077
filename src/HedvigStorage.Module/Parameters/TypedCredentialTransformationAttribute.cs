namespace HedvigStorage.Parameters;

/// <summary>
/// Takes a name for a credential without asking for the password, as PowerShell's own attribute would at once: after a pipe, what is typed
/// in the position of a credential is meant for the next one.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TypedCredentialTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        ObjectNames.Unwrap(inputData) is string { Length: > 0 } name ? TypedCredentials.Take(name) : inputData;
}
