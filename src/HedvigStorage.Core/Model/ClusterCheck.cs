namespace HedvigStorage;

/// <summary>One thing that was checked of a cluster.</summary>
/// <param name="Check">What, in a word: <c>answers</c>, <c>login</c> or <c>healthy</c>.</param>
/// <param name="Passed">Whether it is as it should be.</param>
/// <param name="Message">What was found, and what to do if it is not as it should be.</param>
public sealed record ClusterCheck(string Check, bool Passed, string Message);
