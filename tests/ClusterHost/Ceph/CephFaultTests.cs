namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>Whatever goes wrong with a call for an image.</summary>
[Collection(CephCollection.Name)]
public sealed class CephFaultTests(CephFixture ceph) : CephFaultContract(ceph)
{
    public static TheoryData<string> Names => [.. AllNames];

    private protected override VolumeType Type => VolumeType.Block;

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public Task Whichever_call_goes_wrong_asking_again_succeeds_and_nothing_is_left(string name) => RunAsync(name);

    private protected override string PutBeside(CephSite site, string place, string name)
    {
        var other = $"{place.Split('/')[0]}/{name}";
        site.Images.Create(other, 1 << 20);
        return other;
    }

    private protected override void Write(CephSite site, string place, byte value) => site.Images.Write(place, 0, value);

    private protected override byte Read(CephSite site, string place) => site.Images.Read(place, 0);
}
