namespace HedvigStorage.ClusterHost.Tests.Requests;

/// <summary>Makes wrong requests, and some that are right, out of right ones.</summary>
internal sealed class RequestMutator(Random random)
{
    /// <summary>What the password of every right request is.</summary>
    public const string Secret = "hunter2hunter2";

    private static readonly string[] Requests =
    [
        $"{{'type': 'Login', 'category': 'UserManagement', 'params': {{'userName': 'HedvigAdmin', 'password': '{Secret}', 'cluster': "
            + $"'hedvig'}}}}",
        "{'type': 'AddVirtualDisk', 'category': 'VirtualDiskManagement', 'params': {'name': 'volume-1', 'blockSize': 4096, 'size': "
            + "{'unit': 'GB', 'value': 2.0}, 'description': 'p\\n\"it\\'s\"\\nd\\x1f\\u200b\\U0001f600', 'residence': 'HDD', "
            + "'deduplication': False, 'dataCenters': ['a', ' b'], 'cloudProvider': 0, 'none': None}, 'sessionId': '0123456789abcdef'}",
        "{type:AddVirtualDisk, category:VirtualDiskManagement, params:{name:'tf', size:{unit:'GB', value:2}, diskType:BLOCK, "
            + "blockSize:4096, encryption:false, description:''}, sessionId: '0123456789abcdef'}",
        "{type:DeleteVDisk, category:VirtualDiskManagement, params:{virtualDisks:['tf']}, sessionId:'0123456789abcdef'}}",
        "{\"type\":\"ListVolumes\",\"category\":\"HedvigStorage\",\"params\":{\"pattern\":\"a*\",\"names\":[\"x\",\"\\u00e9\\ud83d\\ude00\"],\"pageSize\":1000},\"sessionId\":\"0123456789abcdef\"}",
        $"{{type:AddUser, category:UserManagement, params:{{displayName:'Grüße 日本 😀', password:'{Secret}', isLdapUser:'false'}}, "
            + $"sessionId:'x'}}}}",
        "{'a': '\\xc3\\xa9\\xff\\x80', 'b': [1, -2.5e-7, [[], {}, {'c': []}]], 'd': True, 'e': [None, None,], }",
    ];

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", ":", ",", "'", "\"", "\\", "\\x", "\\xc3\\xa9", "\\xff", "\\u", "\\ud800", "\\udc00\\ud800", "\\U0010ffff",
        "\\Uffffffff", "\\\\", "\\'", "\\/", "\\q",
        "\0", "\u001b", "\u0085", "\u00a0", "\u2028", "\ufeff", "\ufffd", "\ud83d", "\ude00", "😀", " ", "\t", "\r\n", "None", "True",
        "null", "nan", "-inf", "1e400", "u'x'", "b'x'", "1_0", "--1", "'': ''", "{:}", "[,]", "/*x*/", "#",
    ];

    public string Next()
    {
        var text = new StringBuilder(Pick(Requests));
        for (var count = random.Next(0, 9); count > 0; count--)
        {
            Mutate(text);
        }

        return random.Next(4) == 0 ? FlipBytes(text.ToString()) : text.ToString();
    }

    private void Mutate(StringBuilder text)
    {
        var at = random.Next(text.Length + 1);
        var length = Math.Min(random.Next(1, 40), text.Length - at);
        _ = random.Next(100) switch
        {
            < 25 => text.Insert(at, Pick(Pieces)),
            < 35 when length > 0 => text.Remove(at, 1).Insert(at, (char)random.Next(random.Next(2) == 0 ? 0x80 : 0x10000)),
            < 50 => text.Remove(at, length),
            < 55 => text.Remove(at, text.Length - at),
            < 60 => text.Remove(0, Math.Min(at, 20)),
            < 70 => text.Insert(random.Next(text.Length + 1), text.ToString(at, length)),
            < 78 => text.Insert(at, string.Concat(Enumerable.Repeat(text.ToString(at, length), random.Next(2, 50)))),
            < 88 => Splice(text, at),
            < 92 => Nest(text, at),
            < 94 => text.Insert(at, string.Concat(Enumerable.Repeat(Pick(Pieces), random.Next(1, 300)))),
            < 95 => text.Insert(at, Huge()),
            _ => text.Replace(Pick(Pieces), Pick(Pieces)),
        };
    }

    private StringBuilder Splice(StringBuilder text, int at)
    {
        var other = Pick(Requests);
        var from = random.Next(other.Length);
        return text.Remove(at, text.Length - at).Append(other, from, other.Length - from);
    }

    private StringBuilder Nest(StringBuilder text, int at)
    {
        var depth = random.Next(1, random.Next(2) == 0 ? 70 : 2000);
        var (open, close) = random.Next(3) switch { 0 => ("[", "]"), 1 => ("{a:", "}"), _ => ("{'x': [", "]}") };
        return text.Insert(
            at,
            string.Concat(Enumerable.Repeat(open, depth)) + "1"
                + string.Concat(Enumerable.Repeat(close, random.Next(4) == 0 ? random.Next(depth) : depth)));
    }

    private string Huge()
    {
        var piece =
            random.Next(6) switch { 0 => "9", 1 => "w", 2 => " ", 3 => "\\x80a", 4 => "'k" + random.Next(1000).ToString(
                CultureInfo.InvariantCulture) + "':1,", _ => Pick(Pieces) };
        return string.Concat(Enumerable.Repeat(piece, random.Next(1000, 100_000) / piece.Length));
    }

    // As on the wire, where what is not UTF-8 becomes U+FFFD.
    private string FlipBytes(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var count = random.Next(1, 5); count > 0 && bytes.Length > 0; count--)
        {
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        }

        return Encoding.UTF8.GetString(bytes);
    }

    private T Pick<T>(T[] items) => items[random.Next(items.Length)];
}
