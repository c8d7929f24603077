namespace HedvigStorage.Parameters;

/// <summary>
/// An object whose name is not what a parameter wants: PowerShell takes what it shows where nothing else fits. That is then of the object's
/// cluster too.
/// </summary>
/// <param name="text">What the object shows, as a name that remembers where the object came from.</param>
internal sealed class ShownName(string text)
{
    public override string ToString() => text;
}
