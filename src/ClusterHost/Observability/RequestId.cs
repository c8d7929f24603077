using System.Buffers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace HedvigStorage.ClusterHost.Observability;

/// <summary>
/// The identity of a request: the client's own if it sent a good one, else one that no other request of this or another run has.
/// </summary>
internal static class RequestId
{
    /// <summary>The header in which clients give theirs.</summary>
    public const string Header = "X-Request-Id";

    private const int Longest = 64;
    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");
    private static readonly AsyncLocal<string?> s_current = new();
    private static readonly string s_run = RandomNumberGenerator.GetHexString(8, lowercase: true);
    private static long s_count;

    /// <summary>Gets or sets the request that the code is working for; log lines carry it.</summary>
    public static string? Current
    {
        get => s_current.Value;
        set => s_current.Value = value;
    }

    public static string Of(HttpRequest request) =>
        request.Headers[Header] is [{ Length: > 0 and <= Longest } given] && !System.MemoryExtensions.ContainsAnyExcept(given, Allowed)
            ? given
            : Make();

    private static string Make() => string.Create(CultureInfo.InvariantCulture, $"{s_run}-{Interlocked.Increment(ref s_count):x}");
}
