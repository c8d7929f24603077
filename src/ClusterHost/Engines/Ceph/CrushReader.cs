using System.Buffers.Binary;

namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>Goes through a CRUSH map, part by part. What it does not know is an <see cref="InvalidDataException"/>.</summary>
internal sealed class CrushReader(byte[] map)
{
    /// <summary>Where the number of rules stands: behind the magic number and the number of buckets.</summary>
    public const int RuleCountOffset = 2 * sizeof(uint);

    private const uint Magic = 0x00010000;

    // More than any map has; less than what a count read from the wrong place might make a host do.
    private const int MostEntries = 1 << 20;

    private const int Uniform = 1;
    private const int List = 2;
    private const int Tree = 3;
    private const int Straw = 4;
    private const int Straw2 = 5;

    public int Position { get; private set; }

    private bool AtEnd => Position == map.Length;

    /// <summary>Reads the magic number and how many slots there are.</summary>
    public void Header(out int buckets, out int rules)
    {
        if (Number() != unchecked((int)Magic))
        {
            throw new InvalidDataException("It does not begin as a CRUSH map does.");
        }

        buckets = Count();
        rules = Count();
        _ = Count();
    }

    /// <summary>Passes the slot of a bucket.</summary>
    public void Bucket()
    {
        var algorithm = Number();
        if (algorithm == 0)
        {
            return;
        }

        // Number, type, algorithm, hash and weight.
        Skip(sizeof(int) + sizeof(ushort) + (2 * sizeof(byte)) + sizeof(uint));
        var items = Count();
        Skip(items * sizeof(int));
        Skip(sizeof(uint) * algorithm switch
        {
            Uniform => 1,
            List or Straw => 2 * items,
            Tree => Byte(),
            Straw2 => items,
            _ => throw new InvalidDataException($"It has a bucket of the unknown algorithm {algorithm}."),
        });
    }

    /// <summary>Reads the slot of a rule.</summary>
    /// <param name="slot">Its number.</param>
    /// <returns>The rule without the flag that says that there is one; or <see langword="null"/>.</returns>
    public byte[]? Rule(int slot)
    {
        if (Number() == 0)
        {
            return null;
        }

        var start = Position;
        var steps = Count();
        Skip(sizeof(uint));
        if (map[Position - sizeof(uint)] != slot)
        {
            throw new InvalidDataException($"Its rule {slot} is of a rule set with another number.");
        }

        Skip(steps * 3 * sizeof(int));
        return map[start..Position];
    }

    /// <summary>Reads names and what has them.</summary>
    public CrushNames Names()
    {
        var entries = new List<(int, string, byte[])>();
        var count = Count();
        while (entries.Count < count)
        {
            var start = Position;
            var id = Number();
            var length = Count();
            if (length == 0)
            {
                // Old versions wrote the number with 64 bits; names are never empty.
                length = Count();
            }

            Skip(length);
            var name = Encoding.UTF8.GetString(map, Position - length, length);
            entries.Add((id, name, map[start..Position]));
        }

        return new CrushNames(entries);
    }

    /// <summary>Passes what comes after the names. What later versions have added at the end is not looked at.</summary>
    public void Rest()
    {
        Tunables();
        if (!AtEnd)
        {
            Classes();
        }

        if (!AtEnd)
        {
            WeightSets();
        }
    }

    private void Tunables()
    {
        // Three numbers, a number, two bytes, a number, a byte: each version had more of them.
        foreach (var size in (ReadOnlySpan<int>)[3 * sizeof(uint), sizeof(uint), 1, 1, sizeof(uint), 1])
        {
            if (!AtEnd)
            {
                Skip(size);
            }
        }
    }

    private void Classes()
    {
        Skip(Count() * 2 * sizeof(int));
        _ = Names();
        for (var left = Count(); left > 0; left--)
        {
            _ = Number();
            Skip(Count() * 2 * sizeof(int));
        }
    }

    private void WeightSets()
    {
        for (var sets = Count(); sets > 0; sets--)
        {
            Skip(sizeof(long));
            for (var buckets = Count(); buckets > 0; buckets--)
            {
                _ = Number();
                for (var positions = Count(); positions > 0; positions--)
                {
                    Skip(Count() * sizeof(uint));
                }

                Skip(Count() * sizeof(int));
            }
        }
    }

    private int Number()
    {
        var at = Position;
        Skip(sizeof(int));
        return BinaryPrimitives.ReadInt32LittleEndian(map.AsSpan(at));
    }

    private int Byte()
    {
        Skip(1);
        return map[Position - 1];
    }

    private int Count()
    {
        var count = Number();
        return count is >= 0 and <= MostEntries ? count : throw new InvalidDataException($"It has an impossible count at byte {Position}.");
    }

    private void Skip(int bytes)
    {
        if (bytes > map.Length - Position)
        {
            throw new InvalidDataException("It ends too early.");
        }

        Position += bytes;
    }
}
