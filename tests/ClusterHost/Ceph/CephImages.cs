using HedvigStorage.ClusterHost.Engines.Ceph;
using HedvigStorage.ClusterHost.Engines.Ceph.Native;

namespace HedvigStorage.ClusterHost.Tests.Ceph;

/// <summary>Images as another client of Ceph sees them, which a plugin host is.</summary>
internal sealed class CephImages(CephOptions options) : IDisposable
{
    private readonly RadosCluster _client = RadosCluster.Connect(options, new CephCalls());

    public void Dispose() => _client.Dispose();

    /// <summary>Opens an image, told as <c>pool/image</c>.</summary>
    public ImageHandle Open(string place)
    {
        var parts = place.Split('/');
        var pool = _client.OpenPool(parts[0]);
        Assert.Equal(0, RbdLibrary.Open(pool, parts[1], out var image, snapshot: null));
        return new ImageHandle(pool, image);
    }

    public void Create(string place, long size)
    {
        var parts = place.Split('/');
        new RbdPool(_client, parts[0]).Create(parts[1], size);
    }

    public long GetSize(string place)
    {
        using var image = Open(place);
        Assert.Equal(0, RbdLibrary.GetSize(image, out var size));
        return (long)size;
    }

    public long? FindSize(string pool, string image) => new RbdPool(_client, pool).FindSize(image);

    public unsafe byte Read(string place, long position)
    {
        using var image = Open(place);
        byte value;
        Assert.Equal(1, RbdLibrary.Read(image, (ulong)position, 1, &value));
        return value;
    }

    public unsafe void Write(string place, long position, byte value)
    {
        using var image = Open(place);
        Assert.Equal(1, RbdLibrary.Write(image, (ulong)position, 1, &value));
        Assert.Equal(0, RbdLibrary.Flush(image));
    }

    /// <summary>Writes all of an image.</summary>
    public unsafe void Fill(string place, long size)
    {
        using var image = Open(place);
        var bytes = new byte[size];
        Array.Fill(bytes, (byte)1);
        fixed (byte* first = bytes)
        {
            Assert.Equal((nint)size, RbdLibrary.Write(image, 0, (nuint)size, first));
        }

        Assert.Equal(0, RbdLibrary.Flush(image));
    }

    /// <summary>Lists what is in pools: images, their snapshots as <c>image@snapshot</c>, and what is in the trash as <c>trash:image</c>.</summary>
    public IEnumerable<string> List(IEnumerable<string> pools)
    {
        foreach (var name in pools)
        {
            var pool = new RbdPool(_client, name);
            foreach (var image in pool.List())
            {
                yield return image;
                foreach (var snapshot in ListSnapshots(pool, image))
                {
                    yield return $"{image}@{snapshot}";
                }
            }

            foreach (var (_, image, _) in pool.ListTrash())
            {
                yield return "trash:" + image;
            }
        }
    }

    private static List<string> ListSnapshots(RbdPool pool, string image)
    {
        try
        {
            return pool.ListSnapshots(image);
        }
        catch (CephException error) when (error.Error == CephException.NotThere)
        {
            // It was removed meanwhile.
            return [];
        }
    }
}
