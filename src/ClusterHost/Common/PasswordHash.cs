using System.Security.Cryptography;

namespace HedvigStorage.ClusterHost.Common;

/// <summary>A password as the catalog keeps it: PBKDF2 with SHA-256.</summary>
internal sealed record PasswordHash(byte[] Salt, byte[] Hash, int Iterations)
{
    // What OWASP's Password Storage Cheat Sheet asks of PBKDF2 with SHA-256.
    private const int CurrentIterations = 600_000;

    /// <summary>Gets whether it was made with fewer iterations than are made now.</summary>
    public bool Weak => Iterations < CurrentIterations;

    public static PasswordHash Make(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return new PasswordHash(salt, Derive(password, salt, CurrentIterations), CurrentIterations);
    }

    public bool Matches(string password) => CryptographicOperations.FixedTimeEquals(Hash, Derive(password, Salt, Iterations));

    private static byte[] Derive(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, 32);
}
