namespace HedvigStorage.Planning;

/// <summary>What the cluster would refuse of a configuration.</summary>
/// <param name="Text">The place in the document, and why.</param>
/// <param name="Code">The code that the cluster's own refusal would have.</param>
internal sealed record Refusal(string Text, ErrorCode Code = ErrorCode.InvalidArgument);
