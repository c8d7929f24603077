using HedvigStorage.Protocol;

namespace HedvigStorage.ClusterHost.Rest.Handlers;

/// <summary>Answers requests that name several objects: one item each, whatever becomes of the others.</summary>
internal static class ItemRunner
{
    public static async Task<Answer> RunAsync(IReadOnlyList<string> names, Func<string, Task<ItemResult>> run)
    {
        var items = new List<ItemResult>(names.Count);
        ErrorCode? code = null;
        foreach (var name in names)
        {
            try
            {
                items.Add((await run(name)) with { Name = name, Status = StatusWords.Ok });
            }
            catch (ClusterException error)
            {
                code ??= error.Code;
                items.Add(Failed(name, error));
            }
        }

        return Answer.OfItems(items, code);
    }

    public static ItemResult Failed(string name, ClusterException error) =>
        new() { Name = name, Status = Answer.StatusOf(error.Code), Message = error.Message, Code = error.Code.ToString() };
}
