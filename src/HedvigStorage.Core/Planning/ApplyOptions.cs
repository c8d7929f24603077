namespace HedvigStorage.Planning;

/// <summary>How a plan is carried out.</summary>
public sealed record ApplyOptions
{
    /// <summary>Gets whether objects may be replaced whose data is lost by it.</summary>
    public bool AllowReplace { get; init; }

    /// <summary>Gets how many steps are carried out at once, 1 to 64; 10 unless told.</summary>
    public int MaximumParallel { get; init; } = 10;
}
