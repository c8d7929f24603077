using System.Security.Cryptography;

namespace HedvigStorage.Planning;

/// <summary>Digests of texts.</summary>
internal static class Sha256Text
{
    /// <summary>Makes the SHA-256 of a text in hexadecimal digits.</summary>
    public static string Of(string text)
    {
        using var hash = SHA256.Create();
        return string.Concat(
            hash.ComputeHash(Encoding.UTF8.GetBytes(text)).Select(value => value.ToString("x2", CultureInfo.InvariantCulture)));
    }
}
