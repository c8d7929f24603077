namespace HedvigStorage.ClusterHost.Tests.Support;

/// <summary>A copy of the program where every user may run it.</summary>
internal sealed class OpenProgram : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public OpenProgram()
    {
        Shell.Run("cp", "-r", AppContext.BaseDirectory + ".", _directory.Path);
        Shell.Run("chmod", "-R", "a+rX", _directory.Path);
    }

    public string Path => System.IO.Path.Combine(_directory.Path, "hv-cluster");

    public void Dispose() => _directory.Dispose();
}
