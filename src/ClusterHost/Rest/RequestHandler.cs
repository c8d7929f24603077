namespace HedvigStorage.ClusterHost.Rest;

/// <summary>How one request type is answered, and who may send it.</summary>
internal sealed record RequestHandler(string Type, UserRole Needs, Func<RequestContext, Task<Answer>> AnswerAsync)
{
    /// <summary>
    /// Gets whether <c>result</c> is an array of items even on failure: clients index it without looking at <c>status</c>.
    /// </summary>
    public bool AnswersItems { get; init; }

    /// <summary>
    /// Gets what gives a failure the other result that clients read without looking at <c>status</c>, or <see langword="null"/>.
    /// </summary>
    public Func<Answer, Answer>? CompleteFailure { get; init; }

    /// <summary>Gets whether it is answered without a session.</summary>
    public bool Anonymous { get; init; }

    /// <summary>Gets whether each request becomes an audit event, whatever its outcome.</summary>
    public bool Audited { get; init; }

    /// <summary>A request that changes nothing.</summary>
    public static RequestHandler Read(string type, Func<RequestContext, Task<Answer>> answerAsync) =>
        new(type, UserRole.ReadOnly, answerAsync);

    /// <summary>A request that changes something.</summary>
    public static RequestHandler Change(string type, Func<RequestContext, Task<Answer>> answerAsync) =>
        new(type, UserRole.Admin, answerAsync) { Audited = true };

    /// <summary>A request that changes who may do what.</summary>
    public static RequestHandler Govern(string type, Func<RequestContext, Task<Answer>> answerAsync) =>
        new(type, UserRole.SuperUser, answerAsync) { Audited = true };
}
