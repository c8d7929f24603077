using HedvigStorage.PluginHost.Mounts;

namespace HedvigStorage.PluginHost.Tests;

public sealed class MountTableTests : IDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("hv-plugin-tests-").FullName;

    private string Journal => Path.Combine(_state, "mounts.journal");

    [Fact]
    public void The_last_record_of_a_volume_counts_after_a_start()
    {
        using (var table = MountTable.Load(_state))
        {
            table.Save(Record("a", 1));
            table.Save(Record("b", 1));
            table.Save(Record("a", 2).WithUse("id", engine: null));
            table.Remove("b");
            table.Save(Record("c", 1));
        }

        Assert.Equal(["a 2 1", "c 1 0"], Read());
    }

    [Fact]
    public void A_removal_outlives_the_process_without_a_sync()
    {
        using var table = MountTable.Load(_state);
        table.Save(Record("a", 1));
        table.Remove("a");

        Assert.Empty(Read());
    }

    [Theory]
    [InlineData("half a rec")]
    [InlineData("0000abcd {\"removed\":\"a\"}\n")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0")]
    public void What_a_crash_left_at_the_end_is_not_counted_and_nothing_is_added_to_it(string end)
    {
        using (var table = MountTable.Load(_state))
        {
            table.Save(Record("a", 1));
        }

        File.AppendAllText(Journal, end);
        using (var table = MountTable.Load(_state))
        {
            table.Save(Record("b", 1));
        }

        Assert.Equal(["a 1 0", "b 1 0"], Read());
    }

    [Fact]
    public void Every_shorter_file_is_an_earlier_table()
    {
        using (var table = MountTable.Load(_state))
        {
            table.Save(Record("a", 1));
            table.Save(Record("a", 2));
        }

        var whole = File.ReadAllBytes(Journal);
        var begin = Array.IndexOf(whole, (byte)'\n') + 1;
        for (var length = begin; length < whole.Length; length++)
        {
            File.WriteAllBytes(Journal, whole[..length]);
            Assert.DoesNotContain("a 2 0", Read());
        }
    }

    [Fact]
    public void A_damaged_line_before_a_whole_one_is_refused_and_left_as_it_is()
    {
        using (var table = MountTable.Load(_state))
        {
            table.Save(Record("a", 1));
            table.Save(Record("b", 1));
        }

        var damaged = File.ReadAllText(Journal).Replace("\"volume\":\"a\"", "\"volume\":\"x\"", StringComparison.Ordinal);
        File.WriteAllText(Journal, damaged);

        Assert.Contains(
            "line 2 is damaged", Assert.Throws<ClusterException>(() => MountTable.Load(_state)).Message, StringComparison.Ordinal);
        Assert.Equal(damaged, File.ReadAllText(Journal));
    }

    [Fact]
    public void A_table_of_the_version_before_is_read_and_goes_on_in_the_present_one()
    {
        File.WriteAllBytes(Journal, [
            .. JournalLine.Write("""{"version":1}"""u8),
            .. JournalLine.Write("""{"record":{"volume":"a","generation":3,"bootId":"boot","image":"/image","phase":"Mounted","uses":{"one":2,"two":1}}}"""u8)]);
        using (var table = MountTable.Load(_state))
        {
            Assert.Equal([new UseCount("one", 2, Engine: null), new UseCount("two", 1, Engine: null)], table.Find("a")!.Uses);
            table.Save(Record("b", 1));
        }

        Assert.Equal(["a 3 3", "b 1 0"], Read());
    }

    [Fact]
    public void A_table_of_another_version_or_without_one_is_not_read_over()
    {
        File.WriteAllBytes(Journal, JournalLine.Write(new JournalEntry { Version = 3 }));
        Assert.Contains("version 3", Assert.Throws<ClusterException>(() => MountTable.Load(_state)).Message, StringComparison.Ordinal);

        File.WriteAllText(Journal, string.Empty);
        Assert.Contains("cannot be read", Assert.Throws<ClusterException>(() => MountTable.Load(_state)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_at_the_same_time_are_all_there_and_the_file_stays_small()
    {
        const int Volumes = 8;
        const int Changes = 200;
        using (var table = MountTable.Load(_state))
        {
            await Task.WhenAll(Enumerable.Range(0, Volumes).Select(volume => Task.Run(() =>
            {
                var name = volume.ToString(CultureInfo.InvariantCulture);
                for (var change = 1; change <= Changes; change++)
                {
                    table.Remove(name);
                    table.Save(Record(name, change));
                }
            })));
        }

        Assert.Equal(
            Enumerable.Range(0, Volumes).Select(volume => string.Create(CultureInfo.InvariantCulture, $"{volume} {Changes} 0")), Read());
        Assert.InRange(File.ReadAllLines(Journal).Length, Volumes, Volumes * Changes / 2);
    }

    public void Dispose() => Directory.Delete(_state, recursive: true);

    private List<string> Read()
    {
        using var table = MountTable.Load(_state);
        return [.. table.All.Select(record => string.Create(CultureInfo.InvariantCulture, $"{record.Volume} {record.Generation} "
            + $"{record.CountUses()}"))];
    }

    private static MountRecord Record(string volume, long generation) =>
        new() { Volume = volume, Generation = generation, BootId = "boot", Image = "/image", Phase = MountPhase.Mounted };
}
