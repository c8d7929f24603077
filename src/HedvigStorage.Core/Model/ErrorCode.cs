namespace HedvigStorage;

/// <summary>What kind of failure an operation met, so that callers can decide without reading the message.</summary>
public enum ErrorCode
{
    /// <summary>Something failed inside the cluster, the engine or the host.</summary>
    Internal,

    /// <summary>A value is wrong; the message says which and what would be right.</summary>
    InvalidArgument,

    /// <summary>The object is not there; the cluster itself said so.</summary>
    NotFound,

    /// <summary>An object of that name is there and differs.</summary>
    Conflict,

    /// <summary>The object is in use or held by another; the message says by whom.</summary>
    Busy,

    /// <summary>A rule of the cluster refuses it: protection, overcommitment, a promise that the engine cannot keep.</summary>
    Refused,

    /// <summary>There is no room for it.</summary>
    NoSpace,

    /// <summary>The cluster or engine does not know the operation.</summary>
    Unsupported,

    /// <summary>The credential is missing, wrong or not enough.</summary>
    Unauthorized,

    /// <summary>
    /// The cluster or the Docker Engine could not be reached or did not answer in time; nothing is known about the outcome.
    /// </summary>
    Unreachable,

    /// <summary>The answer was not what the protocol says.</summary>
    Protocol,
}
