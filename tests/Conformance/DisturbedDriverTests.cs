namespace HedvigStorage.Conformance;

/// <summary>
/// Every call of the driver with every part of the site disturbed: what is known is answered, what cannot be done is refused in words and
/// leaves nothing, and afterwards all is as before.
/// </summary>
public sealed class DisturbedDriverTests(DisturbedSite site) : IClassFixture<DisturbedSite>
{
    private const string NoSpace = "No space left on device";
    private const string ReadOnly = "Read-only file system";
    private const string NoCluster = "No cluster answers";
    private const string CatalogFull = "full";
    private const string NoVolume = "no such volume";

    // What a cell expects: nothing is success, a text is a refusal that has it, and this is a connection that ends without an answer, which
    // alone dockerd does not take for "not there".
    private const string Unanswered = "(unanswered)";

    private static readonly (string Name, string Call, string Body, string Full, string ReadOnly, string Gone, string Catalog)[] Table =
    [
        ("activate", "Activate", "", "", "", "", ""),
        ("capabilities", "Capabilities", "{}", "", "", "", ""),
        ("list", "List", "{}", "", "", "", ""),
        ("get a mounted volume", "Get", """{"Name":"held"}""", "", "", "", ""),
        ("get a volume", "Get", """{"Name":"free"}""", "", "", "", ""),
        ("get what is not there", "Get", """{"Name":"none"}""", NoVolume, NoVolume, Unanswered, NoVolume),
        ("path", "Path", """{"Name":"held"}""", "", "", "", ""),
        ("create", "Create", """{"Name":"new","Opts":{"size":"16MB"}}""", "", "", NoCluster, CatalogFull),
        ("create what is there", "Create", """{"Name":"free"}""", "", "", NoCluster, ""),
        ("mount", "Mount", """{"Name":"free","ID":"new"}""", NoSpace, ReadOnly, NoCluster, CatalogFull),
        ("mount once more", "Mount", """{"Name":"held","ID":"three"}""", NoSpace, ReadOnly, "", ""),
        ("unmount one use", "Unmount", """{"Name":"held","ID":"two"}""", "", "", "", ""),
        ("unmount", "Unmount", """{"Name":"held","ID":"one"}""", "", "", "", ""),
        ("unmount what is not mounted", "Unmount", """{"Name":"free","ID":"none"}""", "", "", "", ""),
        ("remove", "Remove", """{"Name":"spare"}""", "", "", NoCluster, CatalogFull),
    ];

    public static TheoryData<string, Disturbance> Cells()
    {
        var cells = new TheoryData<string, Disturbance>();
        foreach (var (row, disturbance) in Table.SelectMany(row => Enum.GetValues<Disturbance>().Select(disturbance => (row, disturbance))))
        {
            cells.Add(row.Name, disturbance);
        }

        return cells;
    }

    [SkippableTheory]
    [MemberData(nameof(Cells))]
    public async Task A_call_is_answered_or_refused_in_words_and_afterwards_all_is_as_before(string call, Disturbance disturbance)
    {
        Skip.If(site.Missing is not null, site.Missing);
        var row = Table.Single(candidate => candidate.Name == call);
        var expected = disturbance switch
        {
            Disturbance.StateFull => row.Full,
            Disturbance.StateReadOnly => row.ReadOnly,
            Disturbance.ClusterGone => row.Gone,
            _ => row.Catalog,
        };
        await using (await site.BeginAsync(disturbance))
        {
            var answer = await site.CallAsync(row.Call, row.Body);
            if (expected is Unanswered)
            {
                Assert.Equal(0, answer.Status);
            }
            else if (expected.Length == 0)
            {
                answer.ExpectSuccess();
            }
            else
            {
                Assert.Equal(500, answer.Status);
                Assert.Contains(expected, answer.Error, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
            }
        }

        await RestoreAsync(row.Name);
        await site.ExpectWellAsync();
    }

    // What a call has done is undone, so that each cell finds the same.
    private async Task RestoreAsync(string call)
    {
        var bodies = new Dictionary<string, (string Call, string Body)[]>(StringComparer.Ordinal)
        {
            ["create"] = [("Remove", """{"Name":"new"}""")],
            ["mount"] = [("Unmount", """{"Name":"free","ID":"new"}""")],
            ["mount once more"] = [("Unmount", """{"Name":"held","ID":"three"}""")],
            ["unmount one use"] = [("Mount", """{"Name":"held","ID":"two"}""")],
            ["unmount"] = [("Mount", """{"Name":"held","ID":"one"}""")],
            ["remove"] =
            [
                ("Create", """{"Name":"spare","Opts":{"size":"16MB"}}"""),
                ("Mount", """{"Name":"spare","ID":"new"}"""),
                ("Unmount", """{"Name":"spare","ID":"new"}"""),
            ],
        };
        foreach (var (name, body) in bodies.GetValueOrDefault(call, []))
        {
            await site.UntilSucceedsAsync(name, body);
        }
    }
}
