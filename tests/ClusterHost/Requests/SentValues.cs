using System.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace HedvigStorage.ClusterHost.Tests.Requests;

/// <summary>Random values, nested, with text of all of Unicode.</summary>
internal static class SentValues
{
    private static readonly Gen<int> Characters = Gen.Frequency(
        (4, Gen.Choose(0x20, 0x7e)),
        (2, Gen.Elements("'\"\\$xuU{}[],:\n\r\t".Select(character => (int)character).ToArray())),
        (1, Gen.Choose(0, 0x1f)),
        (3, Gen.Choose(0x7f, 0xff)),
        (2, Gen.Choose(0x100, 0xd7ff)),
        (1, Gen.Choose(0xe000, 0xffff)),
        (2, Gen.Choose(0x10000, 0x10ffff)));

    public static Gen<string> Texts { get; } =
        Gen.Select(Gen.ListOf(Characters), codes => string.Concat(codes.Select(code => new Rune(code).ToString())));

    public static Gen<SentValue> Scalars { get; } = Gen.Frequency(
        (5, Gen.Select(Texts, text => (SentValue)new SentValue.Text(text))),
        (2, Gen.Select(Gen.Elements("0", "1", "-1", "4096", "9223372036854775808", "-1" + new string('0', 60)), Whole)),
        (1, Gen.Select(Gen.Choose(int.MinValue, int.MaxValue), number => (SentValue)new SentValue.Integer(number))),
        (
            2,
            Gen.Select(
                Gen.Elements(
                    2.0,
                    0.1,
                    -0.0,
                    1e16,
                    123456789012345680.0,
                    1e-4,
                    1e-5,
                    1e300,
                    5e-324,
                    double.NaN,
                    double.PositiveInfinity,
                    double.NegativeInfinity),
                number => (SentValue)new SentValue.Real(number))),
        (1, Gen.Select(Gen.Choose(int.MinValue, int.MaxValue), number => (SentValue)new SentValue.Real(number / 1024.0))),
        (1, Gen.Elements<SentValue>(new SentValue.Flag(true), new SentValue.Flag(false))),
        (1, Gen.Constant<SentValue>(new SentValue.Nothing())));

    /// <summary>Gets mappings, as a request is one.</summary>
    public static Gen<SentValue> Requests { get; } = Mappings(Texts, Nested(Texts, Scalars, 4));

    /// <summary>Gets what strict JSON can say.</summary>
    public static Gen<SentValue> JsonRequests { get; } =
        Mappings(Texts, Nested(Texts, Gen.Where(Scalars, value => value is not SentValue.Real real || double.IsFinite(real.Value)), 4));

    /// <summary>Gets what Terraform can say without breaking its own quotes.</summary>
    public static Gen<SentValue> TerraformRequests { get; } = TerraformMappings();

    private static Gen<SentValue> TerraformMappings()
    {
        var names = Gen.Elements("type", "category", "params", "name", "sessionId", "blockSize", "size_1");
        var texts = Gen.OneOf(
            Gen.Select(Texts, text => string.Concat(text.Where(character => character is not ('\'' or '\\')))),
            Gen.Elements("BLOCK", "NFS", "HDD", "AGNOSTIC"));
        var scalars = Gen.Frequency(
            (4, Gen.Select(texts, text => (SentValue)new SentValue.Text(text))),
            (1, Gen.Select(Gen.Choose(0, int.MaxValue), number => (SentValue)new SentValue.Integer(number))),
            (1, Gen.Elements<SentValue>(new SentValue.Flag(true), new SentValue.Flag(false))));
        return Mappings(names, Nested(names, scalars, 3));
    }

    private static Gen<SentValue> Nested(Gen<string> names, Gen<SentValue> scalars, int depth) => depth == 0 ? scalars : Gen.Frequency(
        (4, scalars),
        (1, Gen.Select(Few(Nested(names, scalars, depth - 1)), items => (SentValue)new SentValue.Sequence(items))),
        (1, Mappings(names, Nested(names, scalars, depth - 1))));

    private static Gen<SentValue> Mappings(Gen<string> names, Gen<SentValue> values) => Gen.Select(
        Few(names.Zip(values)),
        members => (SentValue)new SentValue.Mapping(members.DistinctBy(member => member.Item1).ToArray()));

    private static Gen<T[]> Few<T>(Gen<T> items) => Gen.Choose(0, 4).SelectMany(count => Gen.ArrayOf(items, count));

    private static SentValue Whole(string text) => new SentValue.Integer(BigInteger.Parse(text, CultureInfo.InvariantCulture));
}
