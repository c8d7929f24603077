namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>A call of Ceph's libraries that waits until it is let go on.</summary>
/// <param name="name">Its name.</param>
internal sealed class HeldCall(string name) : IDisposable
{
    private readonly ManualResetEventSlim _goesOn = new();

    public string Name => name;

    /// <summary>Gets whether it has come.</summary>
    public bool HasCome { get; private set; }

    public void Wait()
    {
        HasCome = true;
        _goesOn.Wait();
    }

    /// <summary>Lets it go on.</summary>
    public void Dispose() => _goesOn.Set();
}
