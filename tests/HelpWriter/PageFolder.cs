namespace HedvigStorage.HelpWriter.Tests;

/// <summary>A folder of pages that ends with the test.</summary>
internal sealed class PageFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("help-writer-");

    public string Path => _folder.FullName;

    /// <summary>Adds a page.</summary>
    /// <returns>Its path.</returns>
    public string Add(string name, string text)
    {
        var file = System.IO.Path.Combine(Path, name);
        File.WriteAllText(file, text);
        return file;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
