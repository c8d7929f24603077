namespace HedvigStorage.ClusterHost.Tests.Races;

/// <summary>
/// The check of a race finds what it is there to find: histories written by hand, as <c>+</c> for asked, <c>-</c> for answered.
/// </summary>
public sealed class HistoryTests
{
    private const long Small = 16L << 20;
    private const long Large = 20L << 20;

    private static readonly Answer Ok = new((string?)null);
    private static readonly Answer Conflict = new("Conflict");
    private static readonly Answer NotFound = new("NotFound");

    private static readonly Operation Create = new(1, OperationKind.Create, "a", Small);
    private static readonly Operation CreateLarge = new(2, OperationKind.Create, "a", Large);
    private static readonly Operation Delete = new(3, OperationKind.Delete, "a");
    private static readonly Operation Look = new(4, OperationKind.Look, "a");
    private static readonly Operation Snapshot = new(5, OperationKind.Snapshot, "a", Snapshot: "s");
    private static readonly Operation Clone = new(6, OperationKind.Clone, "b", Snapshot: "s", Source: "a");
    private static readonly Operation Forget = new(7, OperationKind.Forget, "a", Snapshot: "s");
    private static readonly Operation Resize = new(8, OperationKind.Resize, "a", Large);

    private static readonly ClusterModel OfSmall = With(VolumeModel.New("id-1", Small));
    private static readonly ClusterModel OfLarge = With(VolumeModel.New("id-2", Large));

    [Fact]
    public void An_acknowledged_create_is_there() =>
        AssertPossible(ClusterModel.Empty, OfSmall, ("+", Create, null), ("-", Create, Made("id-1", Small)));

    [Fact]
    public void An_acknowledged_create_is_not_lost() =>
        AssertImpossible(ClusterModel.Empty, ClusterModel.Empty, ("+", Create, null), ("-", Create, Made("id-1", Small)));

    [Fact]
    public void A_create_of_another_size_cannot_succeed_too() =>
        AssertImpossible(
            ClusterModel.Empty,
            OfLarge,
            ("+", Create, null),
            ("+", CreateLarge, null),
            ("-", Create, Made("id-1", Small)),
            ("-", CreateLarge, Made("id-2", Large)));

    [Fact]
    public void A_create_of_another_size_can_succeed_after_a_delete_whose_answer_is_missing() => AssertPossible(
        ClusterModel.Empty,
        OfLarge,
        ("+", Create, null),
        ("-", Create, Made("id-1", Small)),
        ("+", Delete, null),
        ("+", CreateLarge, null),
        ("-", CreateLarge, Made("id-2", Large)));

    [Fact]
    public void A_volume_is_made_once_whatever_the_identity_that_is_told() =>
        AssertImpossible(
            ClusterModel.Empty,
            OfSmall,
            ("+", Create, null),
            ("+", Again(), null),
            ("-", Create, Made("id-1", Small)),
            ("-", Again(), Made("id-3", Small)));

    [Fact]
    public void A_conflict_needs_something_to_be_in_conflict_with()
    {
        AssertImpossible(ClusterModel.Empty, ClusterModel.Empty, ("+", Create, null), ("-", Create, Conflict));
        AssertPossible(OfLarge, OfLarge, ("+", Create, null), ("-", Create, Conflict));
    }

    [Fact]
    public void A_deleted_volume_does_not_come_back()
    {
        AssertImpossible(OfSmall, OfSmall, ("+", Delete, null), ("-", Delete, Ok));
        AssertPossible(OfSmall, ClusterModel.Empty, ("+", Delete, null), ("-", Delete, Ok));
    }

    [Fact]
    public void A_create_without_an_answer_can_have_happened_after_the_delete_or_never()
    {
        AssertPossible(OfSmall, With(VolumeModel.New("id-9", Large)), ("+", CreateLarge, null), ("+", Delete, null), ("-", Delete, Ok));
        AssertPossible(OfSmall, ClusterModel.Empty, ("+", CreateLarge, null), ("+", Delete, null), ("-", Delete, Ok));
    }

    [Fact]
    public void What_was_asked_later_is_not_seen_earlier() =>
        AssertImpossible(
            ClusterModel.Empty,
            OfSmall,
            ("+", Look, null),
            ("-", Look, Made("id-1", Small)),
            ("+", Create, null),
            ("-", Create, Made("id-1", Small)));

    [Fact]
    public void What_was_seen_is_not_unseen() =>
        AssertImpossible(
            ClusterModel.Empty,
            OfSmall,
            ("+", Create, null),
            ("+", Look, null),
            ("-", Look, Made("id-1", Small)),
            ("+", Again(Look), null),
            ("-", Again(Look), NotFound),
            ("-", Create, Made("id-1", Small)));

    [Fact]
    public void A_clone_needs_its_snapshot_at_one_moment()
    {
        var cloned = new Answer((string?)null) { Volume = VolumeModel.New("id-6", Small, "a@s") };
        var end = new ClusterModel(OfSmall.Volumes.Add("b", cloned.Volume));
        AssertPossible(
            OfSmall,
            end,
            ("+", Snapshot, null),
            ("+", Clone, null),
            ("-", Clone, cloned),
            ("-", Snapshot, Ok),
            ("+", Forget, null),
            ("-", Forget, Ok));
        AssertImpossible(
            OfSmall,
            end,
            ("+", Clone, null),
            ("-", Clone, cloned),
            ("+", Snapshot, null),
            ("-", Snapshot, Ok),
            ("+", Forget, null),
            ("-", Forget, Ok));
        AssertImpossible(OfSmall, end, ("+", Snapshot, null), ("-", Snapshot, Ok), ("+", Clone, null), ("-", Clone, cloned));
    }

    [Fact]
    public void A_resize_is_not_undone()
    {
        AssertPossible(OfSmall, With(VolumeModel.New("id-1", Large)), ("+", Resize, null), ("-", Resize, Made("id-1", Large)));
        AssertImpossible(OfSmall, OfSmall, ("+", Resize, null), ("-", Resize, Made("id-1", Large)));
        AssertImpossible(OfLarge, OfSmall, ("+", Resize, null));
    }

    private static ClusterModel With(VolumeModel volume) => new(ClusterModel.Empty.Volumes.Add("a", volume));

    private static Answer Made(string id, long size) => new((string?)null) { Volume = VolumeModel.New(id, size) };

    private static Operation Again(Operation? operation = null) => (operation ?? Create) with { Number = 100 };

    private static void AssertPossible(
        ClusterModel begin, ClusterModel end, params (string Sign, Operation Operation, Answer? Answer)[] happened) =>
        Assert.Null(Find(begin, end, happened));

    private static void AssertImpossible(
        ClusterModel begin, ClusterModel end, params (string Sign, Operation Operation, Answer? Answer)[] happened) =>
        Assert.NotNull(Find(begin, end, happened));

    private static string? Find(ClusterModel begin, ClusterModel end, (string Sign, Operation Operation, Answer? Answer)[] happened)
    {
        var history = new History(begin);
        var operations = happened.Select(item => item.Operation).DistinctBy(operation => operation.Number)
            .ToDictionary(operation => operation.Number, operation => operation with { Answer = null });
        foreach (var (sign, operation, answer) in happened)
        {
            if (string.Equals(sign, "+", StringComparison.Ordinal))
            {
                history.Ask(operations[operation.Number]);
            }
            else
            {
                history.Answer(operations[operation.Number], answer!);
            }
        }

        return history.FindContradiction(end);
    }
}
