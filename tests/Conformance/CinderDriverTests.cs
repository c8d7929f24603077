namespace HedvigStorage.Conformance;

/// <summary>Cinder's driver against a cluster host with its embedded engine.</summary>
public sealed class CinderDriverTests(CinderFixture cinder) : CinderDriverContract(cinder), IClassFixture<CinderFixture>;
