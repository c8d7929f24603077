namespace HedvigStorage.ClusterHost.Sessions;

/// <summary>A user and the password, as a credential file holds them.</summary>
internal sealed record StoredCredential(string UserName, string Password);
