using System.Net.Sockets;

namespace HedvigStorage.Conformance;

/// <summary>A real database on a volume loses no write that it acknowledged.</summary>
[Collection(EngineCollection.Name)]
public sealed class DatabaseTests(EngineFixture engine)
{
    [SkippableTheory]
    [InlineData("\"ROUND\": \"1\"", "\"ROUND\": \"2\"")]
    [InlineData(TestImages.Redis, TestImages.RedisNext)]
    public async Task Redis_that_was_killed_and_recreated_by_apply_has_every_acknowledged_write(string before, string after)
    {
        Skip.If(engine.Missing is not null, engine.Missing);
        Skip.If(!Programs.Exists("redis-server"), "redis-server is not installed");
        await TestImages.EnsureRedisAsync(engine.DockerHost);
        await using var site = await Site.StartAsync(engine.DockerHost);
        var name = site.Driver + "-redis";
        var document = $$"""
            {
              "volumes": [ { "name": "redisdata", "size": "256MB" } ],
              "docker": {
                "plugin": { "name": "DRIVER", "host": "conformance" },
                "containers": [ {
                  "name": "{{name}}", "image": "{{TestImages.Redis}}", "network": "none", "environment": { "ROUND": "1" }, "recreate": true,
                  "command": [ "/usr/bin/redis-server", "--dir", "/data", "--appendonly", "yes", "--appendfsync", "always", "--port", "0", "--unixsocket", "/data/redis.sock" ],
                  "mounts": [ { "volume": "redisdata", "target": "/data" } ]
                } ]
              }
            }
            """;
        (await site.ApplyAsync(document)).Expect(0);
        var socket = Path.Combine(site.MountRoot, "redisdata", "redis.sock");
        var acknowledged = 0;
        var writer = WriteAsync(socket, count => Volatile.Write(ref acknowledged, count));
        await Wait.UntilAsync(
            "500 writes are acknowledged", () => Task.FromResult(Volatile.Read(ref acknowledged) >= 500 || writer.IsCompleted));
        (await site.DockerAsync("kill", "--signal", "KILL", name)).Expect(0);
        await writer;
        Assert.True(acknowledged >= 500, $"only {acknowledged} writes were acknowledged before the server was killed");

        (await site.ApplyAsync(document.Replace(before, after, StringComparison.Ordinal))).Expect(0);
        (await site.PlanAsync(document.Replace(before, after, StringComparison.Ordinal))).Expect(0);
        var missing = await MissingAsync(socket, acknowledged);
        Assert.True(
            missing.Count == 0, $"{missing.Count} of {acknowledged} acknowledged writes are missing, such as {string.Join(", ", missing)}");
        (await site.DockerAsync("rm", "-f", name)).Expect(0);
    }

    // Writes keys one after the other until the server is gone.
    private static async Task WriteAsync(string path, Action<int> acknowledged)
    {
        using var client = await RedisClient.ConnectAsync(path);
        try
        {
            for (var i = 0; ; i++)
            {
                if (!string.Equals(await client.AskAsync("SET", Key(i), Value(i)), "OK", StringComparison.Ordinal))
                {
                    return;
                }

                acknowledged(i + 1);
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The server was killed, as the test means it to be.
        }
    }

    private static async Task<List<string>> MissingAsync(string path, int count)
    {
        using var client = await RedisClient.ConnectAsync(path);
        await Wait.UntilAsync(
            "redis has read its log", async () => string.Equals(await client.AskAsync("PING"), "PONG", StringComparison.Ordinal));
        var missing = new List<string>();
        for (var i = 0; i < count; i++)
        {
            if (!string.Equals(await client.AskAsync("GET", Key(i)), Value(i), StringComparison.Ordinal))
            {
                missing.Add(Key(i));
            }
        }

        return missing;
    }

    private static string Key(int i) => string.Create(CultureInfo.InvariantCulture, $"key:{i}");

    private static string Value(int i) => string.Create(CultureInfo.InvariantCulture, $"value:{i * 7919}");

    /// <summary>The few words of Redis's protocol that the test needs.</summary>
    private sealed class RedisClient : IDisposable
    {
        private readonly NetworkStream _stream;
        private readonly StreamReader _reader;

        private RedisClient(Socket socket)
        {
            _stream = new NetworkStream(socket, ownsSocket: true);
            _reader = new StreamReader(_stream, Encoding.ASCII);
        }

        public static async Task<RedisClient> ConnectAsync(string path)
        {
            RedisClient? client = null;
            await Wait.UntilAsync($"redis listens on {path}", async () =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
                    client = new RedisClient(socket);
                    return true;
                }
                catch (SocketException)
                {
                    socket.Dispose();
                    return false;
                }
            });
            return client!;
        }

        public async Task<string?> AskAsync(params string[] words)
        {
            var request = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"*{words.Length}\r\n"));
            foreach (var word in words)
            {
                _ = request.Append(CultureInfo.InvariantCulture, $"${word.Length}\r\n{word}\r\n");
            }

            await _stream.WriteAsync(Encoding.ASCII.GetBytes(request.ToString()));
            var line = await _reader.ReadLineAsync() ?? throw new IOException("The connection was closed.");
            return line[0] == '$' && line is not "$-1" ? await _reader.ReadLineAsync() : line is "$-1" ? null : line[1..];
        }

        public void Dispose() => _reader.Dispose();
    }
}
