namespace HedvigStorage.ClusterHost.Rest;

/// <summary>An answer, and what is known of the request.</summary>
/// <param name="Type">The request's type as it was given; <see langword="null"/> if it could not be read.</param>
/// <param name="UserName">Who asked, if somebody is logged in.</param>
/// <param name="Answer">The answer.</param>
internal sealed record RoutedAnswer(string? Type, string? UserName, Answer Answer);
