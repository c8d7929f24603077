namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>Whatever goes wrong with a call for a subvolume.</summary>
[Collection(SecondCephCollection.Name)]
public sealed class CephFileFaultTests(CephFixture ceph) : CephFaultContract(ceph), IDisposable
{
    private readonly CephFiles _files = new(ceph.ConfigFile, ceph.User);

    public static TheoryData<string> Names => [.. AllNames.Where(name => name != "revert")];

    private protected override VolumeType Type => VolumeType.File;

    public void Dispose() => _files.Dispose();

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public Task Whichever_call_goes_wrong_asking_again_succeeds_and_nothing_is_left(string name) => RunAsync(name);

    private protected override string PutBeside(CephSite site, string place, string name) =>
        "cephfs:" + site.Subvolumes.Create(place.Split('/')[2], name);

    private protected override void Write(CephSite site, string place, byte value) => _files.Write(FileOf(place), 0, value);

    private protected override byte Read(CephSite site, string place) => _files.Read(FileOf(place), 0);

    private static string FileOf(string place) => place["cephfs:".Length..] + "/data";
}
