namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>Every call of Ceph's libraries goes through here.</summary>
internal class CephCalls
{
    /// <summary>Makes a call and throws what it answers as an error.</summary>
    /// <param name="name">The call, for messages.</param>
    /// <param name="call">Makes it; a negative number is an error.</param>
    /// <returns>What it answered.</returns>
    /// <exception cref="CephException">It has failed.</exception>
    public int Check(string name, Func<int> call)
    {
        var result = Try(name, call);
        return result < 0 ? throw new CephException(name, -result) : result;
    }

    /// <summary>Makes a call.</summary>
    /// <returns>What it answered; a negative number is an error.</returns>
    public virtual int Try(string name, Func<int> call) => call();
}
