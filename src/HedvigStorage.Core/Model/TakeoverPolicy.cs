namespace HedvigStorage;

/// <summary>Whether another host may take over a volume whose holder has not given its lease back.</summary>
public enum TakeoverPolicy
{
    /// <summary>Never; the lease ends when its holder gives it back, or somebody ends it.</summary>
    Never,

    /// <summary>As soon as the engine has made sure that the holder cannot write the volume any longer, and not otherwise.</summary>
    Fenced,
}
