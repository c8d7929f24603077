using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using HedvigStorage.ClusterHost.Rest;
using Xunit.Abstractions;

namespace HedvigStorage.ClusterHost.Tests.Requests;

/// <summary>
/// Texts that no client means. <c>HV_FUZZ_INPUTS</c> says how many (20,000), <c>HV_FUZZ_SECONDS</c> for how long at the least (0), and
/// <c>HV_FUZZ_SEED</c> where to begin: with the seed of a failure the first input is that one.
/// </summary>
public sealed partial class RequestFuzzTests(ITestOutputHelper output)
{
    private long _accepted;
    private long _rejected;
    private double _slowest;
    private (int Length, long Seed) _slowestInput;
    private int _longest;

    [Fact]
    public void Every_text_is_read_or_refused_with_its_place_in_linear_time()
    {
        var inputs = Setting("HV_FUZZ_INPUTS", 20_000);
        var seconds = Setting("HV_FUZZ_SECONDS", 0);
        var seed = Setting("HV_FUZZ_SEED", Environment.TickCount);
        var watch = Stopwatch.StartNew();
        long count = 0;
        for (; count < inputs || watch.Elapsed.TotalSeconds < seconds; count++)
        {
            var text = new RequestMutator(new Random(unchecked((int)(seed + count)))).Next();
            try
            {
                Check(text, seed + count);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException(
                    $"HV_FUZZ_SEED={seed + count} HV_FUZZ_INPUTS=1: {JsonSerializer.Serialize(Start(text))} ({text.Length} characters): "
                        + $"{error.Message}",
                    error);
            }
        }

        output.WriteLine(
            $"seed {seed}: {count} inputs in {watch.Elapsed.TotalSeconds:0} s, {_accepted} accepted, {_rejected} rejected, "
                + $"longest {_longest} characters, slowest {_slowest:0} µs for {_slowestInput.Length} characters (seed "
                + $"{_slowestInput.Seed})");
        Assert.True(inputs < 1000 || (_accepted > 0 && _rejected > 0), "the inputs are all of one kind");
    }

    [GeneratedRegex(
        @"^The request cannot be read (at character [1-9]\d*|at its end): .+\.$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Place();

    private static long Setting(string name, long otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private static string Start(string text) => text.Length > 2000 ? text[..2000] : text;

    private void Check(string text, long seed)
    {
        // Generous, and asked again before it counts: only what is slow each time is slow.
        var budget = 20_000 + (2.0 * text.Length);
        var took = Read(text, out var value, out var refusal);
        for (var attempt = 0; attempt < 5 && took > budget; attempt++)
        {
            took = Math.Min(took, Read(text, out _, out _));
        }

        Assert.True(took <= budget, $"took {took:0} µs");
        (_slowest, _slowestInput) = took > _slowest ? (took, (text.Length, seed)) : (_slowest, _slowestInput);
        _longest = Math.Max(_longest, text.Length);
        if (refusal is null)
        {
            _accepted++;
            AssertWhole(value!);
            return;
        }

        _rejected++;
        Assert.Equal(ErrorCode.InvalidArgument, refusal.Code);
        Assert.DoesNotContain(RequestMutator.Secret[..7], refusal.Message, StringComparison.Ordinal);
        Assert.True(text.Length > RequestParser.MaximumLength || Place().IsMatch(refusal.Message), refusal.Message);
    }

    private static double Read(string text, out RequestValue? value, out ClusterException? refusal)
    {
        (value, refusal) = (null, null);
        var watch = Stopwatch.StartNew();
        try
        {
            value = RequestParser.Parse(text);
        }
        catch (ClusterException error)
        {
            refusal = error;
        }

        return watch.Elapsed.TotalMicroseconds;
    }

    // What was read can be stored and answered.
    private static void AssertWhole(RequestValue value)
    {
        Assert.True(Enum.IsDefined(value.Kind));
        AssertText(value.Text);
        foreach (var item in value.Items)
        {
            AssertWhole(item);
        }

        foreach (var (name, member) in value.Members)
        {
            AssertText(name);
            AssertWhole(member);
        }
    }

    private static void AssertText(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            Assert.True(
                rune != Rune.ReplacementChar || text.Contains('\ufffd', StringComparison.Ordinal), "half of a surrogate pair was read");
        }
    }
}
