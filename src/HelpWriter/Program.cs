using HedvigStorage.HelpWriter.Cmdlets;
using HedvigStorage.HelpWriter.Output;
using HedvigStorage.HelpWriter.Pages;

namespace HedvigStorage.HelpWriter;

internal static class Program
{
    private const string Usage = "Usage: HelpWriter ASSEMBLY REFERENCES-FILE DOCS-FOLDER MODULE-FOLDER";

    /// <summary>
    /// Writes the help of an assembly's cmdlets and the topics, or says in the form of a compiler what is wrong with which page.
    /// </summary>
    private static int Main(string[] arguments)
    {
        if (arguments is not [var assembly, var references, var docs, var module])
        {
            Console.Error.WriteLine(Usage);
            return 64;
        }

        var problems = new Problems();
        var cmdlets = CmdletReader.Read(assembly, File.ReadAllLines(references));
        var library = PageLibrary.Read(Path.Combine(docs, "cmdlets"), problems);
        new PageCheck(library, problems).Check(cmdlets);
        var topics = AboutTopic.ReadAll(Path.Combine(docs, "about"), problems);
        if (problems.Count > 0)
        {
            problems.Write(Console.Out);
            return 1;
        }

        var help = MamlWriter.Write(cmdlets, library, new RelatedLinks(cmdlets, library, topics));

        // Sessions look beside the manifest and beside the assembly, according to their edition and to the manifest that was imported.
        foreach (var folder in (string[])[Path.Combine(module, "en-US"), Path.Combine(module, "bin", "en-US")])
        {
            HelpFile.Write(Path.Combine(folder, Path.GetFileName(assembly) + "-Help.xml"), help);
            foreach (var topic in topics)
            {
                HelpFile.Write(Path.Combine(folder, $"{topic.Name}.help.txt"), AboutWriter.Write(topic));
            }
        }

        Console.WriteLine($"{Path.GetFileName(assembly)}: help of {cmdlets.Count} cmdlets and {topics.Count} topics.");
        return 0;
    }
}
