namespace HedvigStorage.ClusterHost.Rest;

/// <summary>An answer, and what is known of the request.</summary>
/// <param name="Type">The request's type as it was given; <see langword="null"/> if it could not be read.</param>
/// <param name="Handler">How requests of that type are answered; <see langword="null"/> if it is none that is known.</param>
/// <param name="UserName">Who asked, if somebody is logged in.</param>
/// <param name="Answer">The answer.</param>
internal sealed record RoutedAnswer(string? Type, RequestHandler? Handler, string? UserName, Answer Answer);
