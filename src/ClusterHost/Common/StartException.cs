namespace HedvigStorage.ClusterHost.Common;

/// <summary>Why the host cannot start, in one line for people.</summary>
internal sealed class StartException(string message, Exception? innerException = null) : Exception(message, innerException);
