namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>
/// Ceph's CRUSH map as its monitors give and take it (<c>osd getcrushmap</c>, <c>osd setcrushmap</c>). A rule that spreads copies over
/// several data centers can be made in no other way. Whatever is in the map stays, byte for byte.
/// </summary>
/// <remarks>
/// The form is that of <c>CrushWrapper::encode</c> since Ceph 12: numbers are little-endian, buckets and rules lie in slots of which some
/// are empty, then come the names, the tunables, the device classes, the weight sets, and what later versions add.
/// </remarks>
internal sealed class CrushMap
{
    private const int Take = 1;
    private const int ChooseLeafFirstN = 6;
    private const int Emit = 4;
    private const byte Replicated = 1;

    // Versions before 17 refuse pools with more copies than the rule's greatest number.
    private const byte LeastCopies = 1;
    private const byte MostCopies = 10;

    // A slot's number is one byte of the rule.
    private const int MostRules = 256;

    private readonly byte[] _beforeRuleCount;
    private readonly byte[] _buckets;
    private readonly List<byte[]?> _rules;
    private readonly CrushNames _types;
    private readonly CrushNames _items;
    private readonly CrushNames _ruleNames;
    private readonly byte[] _rest;

    private CrushMap(
        byte[] beforeRuleCount, byte[] buckets, List<byte[]?> rules, CrushNames types, CrushNames items, CrushNames ruleNames, byte[] rest)
    {
        _beforeRuleCount = beforeRuleCount;
        _buckets = buckets;
        _rules = rules;
        _types = types;
        _items = items;
        _ruleNames = ruleNames;
        _rest = rest;
    }

    /// <summary>Reads a map.</summary>
    /// <exception cref="InvalidDataException">It has a part that is not known.</exception>
    public static CrushMap Decode(byte[] map)
    {
        var reader = new CrushReader(map);
        reader.Header(out var bucketCount, out var ruleCount);
        var beforeRuleCount = map[..CrushReader.RuleCountOffset];
        for (var slot = 0; slot < bucketCount; slot++)
        {
            reader.Bucket();
        }

        var buckets = map[(CrushReader.RuleCountOffset + sizeof(uint))..reader.Position];
        var rules = new List<byte[]?>();
        for (var slot = 0; slot < ruleCount; slot++)
        {
            rules.Add(reader.Rule(slot));
        }

        var (types, items, ruleNames) = (reader.Names(), reader.Names(), reader.Names());
        var rest = map[reader.Position..];
        reader.Rest();
        return new(beforeRuleCount, buckets, rules, types, items, ruleNames, rest);
    }

    /// <summary>Gets whether there is a rule of a name.</summary>
    public bool HasRule(string name) => _ruleNames.Find(name) is not null;

    /// <summary>Adds a rule for pools of copies, in the first slot that is free.</summary>
    /// <param name="name">Its name, which no other rule has.</param>
    /// <param name="takes">What it does.</param>
    /// <exception cref="InvalidDataException">The map lacks a place that the rule names, has such a rule, or is full.</exception>
    public void AddRule(string name, IReadOnlyList<CrushTake> takes)
    {
        if (HasRule(name))
        {
            throw new InvalidDataException($"The CRUSH map's rule '{name}' already exists.");
        }

        var slot = _rules.IndexOf(null);
        if (slot < 0)
        {
            slot = _rules.Count;
            if (slot == MostRules)
            {
                throw new InvalidDataException($"The CRUSH map is full: it has {MostRules} rules.");
            }

            _rules.Add(null);
        }

        var rule = new CrushWriter();
        rule.Add(3 * takes.Count);
        rule.Add([(byte)slot, Replicated, LeastCopies, MostCopies]);
        foreach (var take in takes)
        {
            Step(Take, Require(_items, take.Item), 0);
            Step(ChooseLeafFirstN, take.Copies, Require(_types, CrushWords.Of(take.Domain)));
            Step(Emit, 0, 0);
        }

        _rules[slot] = rule.ToArray();
        _ruleNames.Add(slot, name);

        void Step(int operation, int first, int second)
        {
            rule.Add(operation);
            rule.Add(first);
            rule.Add(second);
        }
    }

    /// <summary>Writes the map.</summary>
    public byte[] Encode()
    {
        var writer = new CrushWriter();
        writer.Add(_beforeRuleCount);
        writer.Add(_rules.Count);
        writer.Add(_buckets);
        foreach (var rule in _rules)
        {
            writer.Add(rule is null ? 0 : 1);
            writer.Add(rule);
        }

        writer.Add(_types.Encode());
        writer.Add(_items.Encode());
        writer.Add(_ruleNames.Encode());
        writer.Add(_rest);
        return writer.ToArray();
    }

    private static int Require(CrushNames names, string name) =>
        names.Find(name) ?? throw new InvalidDataException($"The CRUSH map has no '{name}'.");
}
