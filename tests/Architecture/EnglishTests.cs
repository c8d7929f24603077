namespace HedvigStorage.Architecture;

/// <summary>Messages, help, comments and documents are in the plain English of the field.</summary>
public sealed class EnglishTests
{
    private static readonly string[] Kinds =
    [
        ".cs",
        ".md",
        ".ps1",
        ".psm1",
        ".psd1",
        ".ps1xml",
        ".json",
        ".service",
        ".socket",
        ".props",
        ".targets",
    ];

    [Fact]
    public void No_text_of_the_product_has_a_form_that_readers_stumble_over()
    {
        string[] found = [.. Texts().SelectMany(file => File.ReadLines(file).SelectMany((line, number) =>
            OldEnglish.In(line).Select(form => string.Create(CultureInfo.InvariantCulture, $"{Path.GetRelativePath(Repository.Root, file)}:{number + 1}: {form}"))))];
        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    [Theory]
    [InlineData("'x' is no size", "is no -> is not a")]
    [InlineData("public void What_is_no_number_is_a_word()", "is_no_ -> is not a")]
    [InlineData("it shall be there", "shall -> should, must, or the present tense")]
    [InlineData("it is made anew.", "anew -> again, re-")]
    [InlineData("10 unless told", "unless told -> default: …")]
    [InlineData("Unless told: ten", "Unless told -> default: …")]
    [InlineData("A volume is there already", "is there already -> already exists")]
    [InlineData("'a' is there twice", "is there twice -> is given twice")]
    [InlineData("The document has nothing more to do with it.", "nothing more to do with -> gives up ownership")]
    [InlineData("It goes by the name 'x'", "oes by the name -> is named")]
    [InlineData("passwords cross the network readable", "network readable -> in clear text")]
    public void An_old_form_is_found(string line, string expected) => Assert.Equal([expected], OldEnglish.In(line));

    [Theory]
    [InlineData("There is no volume 'x'.")]
    [InlineData("it is no longer mounted")]
    [InlineData("it is shallow")]
    [InlineData("the command is not a shell")]
    public void Plain_English_is_left_alone(string line) => Assert.Empty(OldEnglish.In(line));

    private static IEnumerable<string> Texts()
    {
        var folders = new[] { "src", "docs", "examples", "tests", ".ci", ".github" }.Select(
            folder => Path.Combine(Repository.Root, folder));
        return folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Repository.Root))
            .Where(file => Kinds.Contains(Path.GetExtension(file), StringComparer.Ordinal) && !IsExcepted(file));
    }

    // Licences are quoted, other people's schemas too, and these two files are about the forms.
    private static bool IsExcepted(string file)
    {
        var path = Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');
        return path.Contains("/licences/", StringComparison.Ordinal) || path.Contains("/Dsc/Schemas/", StringComparison.Ordinal)
            || path.Contains("/obj/", StringComparison.Ordinal) || path.Contains("/bin/", StringComparison.Ordinal)
            || path is "tests/Architecture/OldEnglish.cs" or "tests/Architecture/EnglishTests.cs";
    }
}
