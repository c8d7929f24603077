namespace HedvigStorage.Files;

/// <summary>A file that is written beside the one whose name it takes at the end. One that is not completed is removed.</summary>
internal sealed class UnfinishedFile : IDisposable
{
    private readonly string _path;
    private bool _completed;

    /// <summary>Makes the file.</summary>
    /// <param name="path">Its path until it is completed.</param>
    /// <param name="create">Makes it there.</param>
    public UnfinishedFile(string path, Func<string, FileStream> create)
    {
        _path = path;
        try
        {
            Content = create(path);
        }
        catch
        {
            TryDelete();
            throw;
        }
    }

    /// <summary>Gets what is written to.</summary>
    public FileStream Content { get; }

    /// <summary>Makes what was written durable, and gives the file its name.</summary>
    /// <param name="path">The name.</param>
    /// <param name="rename">Gives the first the name of the second in the place of what bears it.</param>
    public void Complete(string path, Action<string, string> rename)
    {
        Content.Flush(flushToDisk: true);
        Content.Dispose();
        rename(_path, path);
        _completed = true;
    }

    public void Dispose()
    {
        try
        {
            Content.Dispose();
        }
        finally
        {
            if (!_completed)
            {
                TryDelete();
            }
        }
    }

    private void TryDelete()
    {
        try
        {
            File.Delete(_path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is told is why the write failed. The next one removes it.
        }
    }
}
