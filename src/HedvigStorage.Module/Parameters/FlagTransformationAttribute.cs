namespace HedvigStorage.Parameters;

/// <summary>Takes yes or no as <c>$true</c> and <c>$false</c>, or as the texts <c>true</c> and <c>false</c> that tables have.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FlagTransformationAttribute : ValueTransformationAttribute
{
    private protected override object? Read(object? value) => value switch
    {
        null or "" => null,
        bool flag => flag,
        System.Management.Automation.SwitchParameter given => given.IsPresent,
        1 => true,
        0 => false,
        string text when bool.TryParse(text, out var flag) => flag,
        _ => throw Refuse(value, "is neither $true nor $false."),
    };
}
