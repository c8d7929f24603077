using System;
using System.Threading.Tasks;

namespace HedvigStorage.ClusterHost.Rest;

/// <summary>How one request type is answered.</summary>
internal sealed record RequestHandler(string Type, Func<RequestContext, Task<Answer>> AnswerAsync)
{
    /// <summary>Gets whether <c>result</c> is an array of items even on failure: clients index it without looking at <c>status</c>.</summary>
    public bool AnswersItems { get; init; }

    /// <summary>Gets whether it is answered without a session.</summary>
    public bool Anonymous { get; init; }
}
