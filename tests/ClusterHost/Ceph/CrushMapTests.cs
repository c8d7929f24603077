using HedvigStorage.ClusterHost.Engines.Ceph;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>CRUSH maps in their binary form, compared with what Ceph's own <c>crushtool</c> reads and writes.</summary>
[Collection(SecondCephCollection.Name)]
public sealed class CrushMapTests(CephFixture ceph) : IDisposable
{
    // Buckets of every algorithm, an empty slot between the rules, and weight sets.
    private const string Everything = """
        tunable choose_local_tries 0
        tunable choose_local_fallback_tries 0
        tunable choose_total_tries 50
        tunable chooseleaf_descend_once 1
        tunable chooseleaf_vary_r 1
        tunable chooseleaf_stable 1
        tunable straw_calc_version 1
        tunable allowed_bucket_algs 62
        device 0 osd.0 class ssd
        device 1 osd.1 class hdd
        device 2 osd.2 class ssd
        device 3 osd.3
        type 0 osd
        type 1 host
        type 2 datacenter
        type 3 root
        host uniform { id -1 alg uniform hash 0 item osd.0 weight 1.0 }
        host list { id -2 alg list hash 0 item osd.1 weight 2.0 }
        host tree { id -3 alg tree hash 0 item osd.2 weight 1.0 }
        host straw { id -4 alg straw hash 0 item osd.3 weight 1.5 }
        datacenter dc1 { id -5 alg straw2 hash 0 item uniform weight 1.0 item list weight 2.0 }
        datacenter dc2 { id -6 alg straw2 hash 0 item tree weight 1.0 item straw weight 1.5 }
        root default { id -7 alg straw2 hash 0 item dc1 weight 3.0 item dc2 weight 2.5 }
        rule zero { id 0 type replicated min_size 1 max_size 10 step take default step chooseleaf firstn 0 type host step emit }
        rule two { id 2 type erasure min_size 3 max_size 6 step set_chooseleaf_tries 5 step take dc1 step choose indep 0 type osd
            step emit }
        choose_args 0 { { bucket_id -7 weight_set [ [ 1.0 2.0 ] [ 3.0 4.0 ] ] ids [ -15 -16 ] } }
        choose_args 5 { { bucket_id -5 weight_set [ [ 1.0 2.0 ] ] } }
        """;

    private static readonly IReadOnlyList<CrushTake> Spread =
        [new CrushTake("dc2", null, 2, FailureDomain.Host), new CrushTake("dc1", null, 1, FailureDomain.Host)];

    private readonly TemporaryDirectory _directory = new();

    [SkippableFact]
    public void A_map_is_written_as_it_was_read()
    {
        foreach (var map in (byte[][])[ReadCluster(), Compile(Everything)])
        {
            Assert.Equal(map, CrushMap.Decode(map).Encode());
        }
    }

    [SkippableFact]
    public void A_rule_over_data_centers_is_what_crushtool_makes_of_its_text()
    {
        var original = ReadCluster();
        var text = Decompile(original);
        var map = CrushMap.Decode(original);
        map.AddRule("both", [new CrushTake("dc2", null, 2, FailureDomain.Host), new CrushTake("dc1", "ssd", 1, FailureDomain.Rack)]);

        var rule = "rule both { id 1 type replicated min_size 1 max_size 10 step take dc2 step chooseleaf firstn 2 type host step emit "
            + "step take dc1 class ssd step chooseleaf firstn 1 type rack step emit }";
        Assert.Equal(
            Decompile(Compile(text.Replace("\n# end crush map", "\n" + rule + "\n# end crush map", StringComparison.Ordinal))),
            Decompile(map.Encode()));
    }

    [SkippableFact]
    public void A_rule_takes_the_first_free_slot_and_leaves_everything_else_as_it_is()
    {
        var original = Compile(Everything);
        var map = CrushMap.Decode(original);
        map.AddRule("both", Spread);

        var lines = Decompile(map.Encode()).Split('\n');
        var start = Array.IndexOf(lines, "rule both {");
        Assert.Equal("\tid 1", lines[start + 1]);
        var end = Array.IndexOf(lines, "}", start);
        Assert.Equal(Decompile(original), string.Join('\n', lines[..start].Concat(lines[(end + 1)..])));
    }

    [SkippableFact]
    public void What_a_later_version_has_added_at_the_end_stays()
    {
        byte[] longer = [.. Compile(Everything), 1, 2, 3, 4, 5];

        var map = CrushMap.Decode(longer);
        map.AddRule("both", Spread);

        Assert.Equal([1, 2, 3, 4, 5], map.Encode()[^5..]);
    }

    [SkippableFact]
    public void A_map_that_ends_too_early_is_refused()
    {
        var map = Compile(Everything);

        // Versions before device classes end behind some of the tunables.
        var whole = Enumerable.Range(0, map.Length).Where(length =>
        {
            try
            {
                Assert.Equal(map[..length], CrushMap.Decode(map[..length]).Encode());
                return true;
            }
            catch (InvalidDataException)
            {
                return false;
            }
        });

        Assert.InRange(whole.Count(), 7, 9);
    }

    [SkippableFact]
    public void A_bucket_of_an_unknown_algorithm_is_refused()
    {
        var map = Compile(Everything);
        map[16] = 77;

        Assert.Contains("algorithm 77", Assert.Throws<InvalidDataException>(() => CrushMap.Decode(map)).Message, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("dc3")]
    [InlineData("dc1~ssd~x")]
    public void A_place_that_is_not_there_is_refused(string place)
    {
        var map = CrushMap.Decode(Compile(Everything));

        Assert.Throws<InvalidDataException>(() => map.AddRule("x", [new CrushTake(place, null, 1, FailureDomain.Host)]));
        Assert.Throws<InvalidDataException>(() => map.AddRule("two", Spread));
    }

    [SkippableFact]
    public void Damaged_bytes_are_refused_or_kept_and_never_anything_else()
    {
        var map = Compile(Everything);
        var random = new Random(1);
        for (var round = 0; round < 5000; round++)
        {
            var damaged = (byte[])map.Clone();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                Assert.Equal(damaged.Length, CrushMap.Decode(damaged).Encode().Length);
            }
            catch (InvalidDataException)
            {
                // Said so.
            }
        }
    }

    public void Dispose() => _directory.Dispose();

    private byte[] ReadCluster()
    {
        _ = ceph.RunCeph("osd", "getcrushmap", "-o", _directory["cluster"]);
        return File.ReadAllBytes(_directory["cluster"]);
    }

    private byte[] Compile(string text)
    {
        _ = ceph.ConfigFile;
        File.WriteAllText(_directory["text"], text);
        _ = Shell.Run("crushtool", "-c", _directory["text"], "-o", _directory["compiled"]);
        return File.ReadAllBytes(_directory["compiled"]);
    }

    private string Decompile(byte[] map)
    {
        File.WriteAllBytes(_directory["map"], map);
        return Shell.Run("crushtool", "-d", _directory["map"]);
    }
}
