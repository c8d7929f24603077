namespace HedvigStorage.ClusterHost.Images;

/// <summary>Who else uses images on this machine, and copies of what may be in use.</summary>
internal interface IImageUsers
{
    /// <summary>
    /// Tells whether surely nobody has an image open for writing, in a few microseconds. What cannot be told counts as no.
    /// </summary>
    bool IsOpenNowhere(string image);

    /// <summary>Tells who uses an image, in words, or <see langword="null"/>.</summary>
    string? Find(string image);

    /// <summary>Copies an image that may be in use, so that the copy is clean.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Refused"/> or <see cref="ErrorCode.Busy"/>: it is in use, and no clean
    /// copy can be made of it.</exception>
    void Copy(string source, string target, long? size);

    /// <summary>Copies an image that nobody should be using, in the place of one that nobody should be using.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Busy"/>: somebody uses one of the two.</exception>
    void CopyUnused(string source, string target, long? size);

    /// <summary>Takes back what a copy that was not finished has left in an image.</summary>
    void Release(string image);
}
