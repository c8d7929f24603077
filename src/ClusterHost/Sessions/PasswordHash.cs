using System.Security.Cryptography;

namespace HedvigStorage.ClusterHost.Sessions;

/// <summary>A password as the catalog keeps it: PBKDF2 with SHA-256.</summary>
internal sealed record PasswordHash(byte[] Salt, byte[] Hash, int Iterations)
{
    private const int CurrentIterations = 210_000;

    public static PasswordHash Make(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        return new PasswordHash(salt, Derive(password, salt, CurrentIterations), CurrentIterations);
    }

    public bool Matches(string password) => CryptographicOperations.FixedTimeEquals(Hash, Derive(password, Salt, Iterations));

    private static byte[] Derive(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, 32);
}
