using System.Buffers.Binary;

namespace HedvigStorage.Client.Docker;

/// <summary>Reads a container's output. Without a terminal it comes in frames: a byte for the stream, three of zero, four of length, and the text.</summary>
internal static class DockerLogReader
{
    private const int HeaderLength = 8;

    public static string Read(byte[] content, bool terminal)
    {
        if (terminal)
        {
            return Encoding.UTF8.GetString(content);
        }

        // A character may be cut by a frame's end, so text is decoded only when all is together.
        using var text = new MemoryStream(content.Length);
        var position = 0;
        while (content.Length - position >= HeaderLength)
        {
            var length = (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(position + 4)), (uint)(content.Length - position - HeaderLength));
            text.Write(content, position + HeaderLength, length);
            position += HeaderLength + length;
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }
}
