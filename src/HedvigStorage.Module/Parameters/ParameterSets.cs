namespace HedvigStorage.Parameters;

/// <summary>The names of the parameter sets of cmdlets that take an object for one of their positions.</summary>
internal static class ParameterSets
{
    /// <summary>The objects are named, or come down the pipeline for the parameter <c>-Name</c>.</summary>
    public const string Name = "Name";

    /// <summary>The volumes are named, or come down the pipeline for the parameter <c>-Volume</c>.</summary>
    public const string Volume = "Volume";

    /// <summary>An object is taken as it is; what is typed without a name fills the positions that it leaves.</summary>
    public const string InputObject = "InputObject";
}
