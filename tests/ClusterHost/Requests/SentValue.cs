using System.Numerics;
using HedvigStorage.ClusterHost.Rest;

namespace HedvigStorage.ClusterHost.Tests.Requests;

/// <summary>A value that a client has and writes into a request.</summary>
internal abstract record SentValue
{
    /// <summary>Asserts that this is what was read.</summary>
    public abstract void AssertReadAs(RequestValue read);

    internal sealed record Text(string Value) : SentValue
    {
        public override void AssertReadAs(RequestValue read) => AssertScalar(RequestValueKind.Text, Value, read);
    }

    internal sealed record Integer(BigInteger Value) : SentValue
    {
        public string Spelling => Value.ToString(CultureInfo.InvariantCulture);

        public override void AssertReadAs(RequestValue read) => AssertScalar(RequestValueKind.Number, Spelling, read);
    }

    internal sealed record Real(double Value) : SentValue
    {
        /// <summary>Gets what Python writes: the shortest digits that mean the same number, plain from 1e-4 to below 1e16.</summary>
        public string Spelling => double.IsNaN(Value) ? "nan" : double.IsInfinity(Value) ? (Value > 0 ? "inf" : "-inf") : Finite(Value);

        public override void AssertReadAs(RequestValue read) =>
            AssertScalar(double.IsFinite(Value) ? RequestValueKind.Number : RequestValueKind.Text, Spelling, read);

        private static string Finite(double value)
        {
            var scientific = value.ToString("E16", CultureInfo.InvariantCulture);
            for (var precision = 0; precision < 17; precision++)
            {
                var shorter = value.ToString("E" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
                if (double.Parse(shorter, CultureInfo.InvariantCulture).Equals(value))
                {
                    scientific = shorter;
                    break;
                }
            }

            var sign = scientific[0] == '-' ? "-" : string.Empty;
            var parts = scientific.TrimStart('-').Split('E');
            var digits = parts[0].Replace(".", string.Empty, System.StringComparison.Ordinal);
            var exponent = int.Parse(parts[1], CultureInfo.InvariantCulture);
            return sign + exponent switch
            {
                < -4 or >= 16 => $"{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : string.Empty)}e{(exponent < 0 ? "-" : "+")}{System.Math.Abs(exponent):00}",
                < 0 => "0." + new string('0', -exponent - 1) + digits,
                _ when digits.Length <= exponent + 1 => digits.PadRight(exponent + 1, '0') + ".0",
                _ => digits[..(exponent + 1)] + "." + digits[(exponent + 1)..],
            };
        }
    }

    internal sealed record Flag(bool Value) : SentValue
    {
        public override void AssertReadAs(RequestValue read) => AssertScalar(RequestValueKind.Boolean, Value ? "true" : "false", read);
    }

    internal sealed record Nothing : SentValue
    {
        public override void AssertReadAs(RequestValue read) => Assert.Equal(RequestValueKind.Null, read.Kind);
    }

    internal sealed record Sequence(IReadOnlyList<SentValue> Items) : SentValue
    {
        public override void AssertReadAs(RequestValue read)
        {
            Assert.Equal(RequestValueKind.List, read.Kind);
            Assert.Equal(Items.Count, read.Items.Count);
            foreach (var (item, index) in Items.Select((item, index) => (item, index)))
            {
                item.AssertReadAs(read.Items[index]);
            }
        }
    }

    /// <summary>Members in the order in which they are written; each name once.</summary>
    internal sealed record Mapping(IReadOnlyList<(string Name, SentValue Value)> Members) : SentValue
    {
        public override void AssertReadAs(RequestValue read)
        {
            Assert.Equal(RequestValueKind.Object, read.Kind);
            Assert.Equal(Members.Count, read.Members.Count);
            foreach (var (name, value) in Members)
            {
                Assert.True(read.Members.TryGetValue(name, out var found), $"the member '{name}' is not there");
                value.AssertReadAs(found);
            }
        }
    }

    private static void AssertScalar(RequestValueKind kind, string text, RequestValue read)
    {
        Assert.Equal(kind, read.Kind);
        Assert.Equal(text, read.Text);
    }
}
