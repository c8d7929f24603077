namespace HedvigStorage;

/// <summary>What kind of object carries labels.</summary>
public enum LabelledKind
{
    /// <summary>A policy.</summary>
    Policy,

    /// <summary>A volume.</summary>
    Volume,

    /// <summary>A snapshot.</summary>
    Snapshot,

    /// <summary>An access rule.</summary>
    AccessRule,
}

/// <summary>Names an object that carries labels.</summary>
public sealed record LabelledObject
{
    private LabelledObject(LabelledKind kind, string name)
    {
        Kind = kind;
        Name = name;
    }

    /// <summary>Gets the kind.</summary>
    public LabelledKind Kind { get; }

    /// <summary>Gets the name: of a policy, a volume or a snapshot, or the address of an access rule.</summary>
    public string Name { get; }

    /// <summary>Gets the volume of a snapshot or an access rule.</summary>
    public string? Volume { get; private init; }

    /// <summary>Gets the target of an access rule.</summary>
    public string? Target { get; private init; }

    /// <summary>Names a policy.</summary>
    /// <param name="name">Its name.</param>
    public static LabelledObject Policy(string name) => new(LabelledKind.Policy, name);

    /// <summary>Names a volume.</summary>
    /// <param name="name">Its name.</param>
    public static LabelledObject OfVolume(string name) => new(LabelledKind.Volume, name);

    /// <summary>Names a snapshot.</summary>
    /// <param name="volume">Its volume.</param>
    /// <param name="name">Its name.</param>
    public static LabelledObject Snapshot(string volume, string name) => new(LabelledKind.Snapshot, name) { Volume = volume };

    /// <summary>Names an access rule.</summary>
    /// <param name="rule">The rule.</param>
    public static LabelledObject AccessRule(AccessRule rule) =>
        new(LabelledKind.AccessRule, rule.Address) { Volume = rule.Volume, Target = rule.Target };

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        LabelledKind.Policy => $"the policy '{Name}'",
        LabelledKind.Volume => $"the volume '{Name}'",
        LabelledKind.Snapshot => $"the snapshot '{Volume}@{Name}'",
        _ => $"the access of '{Name}' to '{Volume}' through '{Target}'",
    };
}
