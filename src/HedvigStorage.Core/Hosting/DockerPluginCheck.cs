namespace HedvigStorage.Hosting;

/// <summary>One thing that was checked of a plugin host.</summary>
/// <param name="Check">What, in a few words.</param>
/// <param name="Passed">Whether it is as it should be.</param>
/// <param name="Message">What was found, and what to do if it is not as it should be.</param>
public sealed record DockerPluginCheck(string Check, bool Passed, string Message);
