using System.Buffers;
using System.Buffers.Binary;

namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>Writes parts of a CRUSH map.</summary>
internal sealed class CrushWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public void Add(int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.GetSpan(sizeof(int)), number);
        _bytes.Advance(sizeof(int));
    }

    public void Add(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();
}
