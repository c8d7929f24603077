using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace HedvigStorage.ClusterHost.Tests.Races;

/// <summary>Picks operations at random, carries them out, and reads the answers.</summary>
internal sealed class RaceClient(RestClient client, History history, Random random, Func<int> nextNumber)
{
    private static readonly string[] Names = ["a", "b", "c"];
    private static readonly string[] Snapshots = ["s", "t"];

    /// <summary>Does one operation.</summary>
    /// <returns>It, with its answer.</returns>
    public async Task<Operation> StepAsync()
    {
        var operation = Pick();
        var (type, parameters) = operation.ToRequest();
        history.Ask(operation);
        var answer = await client.CallAsync(type, parameters);
        history.Answer(operation, Read(operation, answer));
        return operation;
    }

    /// <summary>Reads all that is there; nothing else may happen meanwhile.</summary>
    public static async Task<ClusterModel> SeeAsync(RestClient client)
    {
        var volumes = (await client.ListVolumesAsync())
            .ToDictionary(volume => volume!["name"]!.GetValue<string>(), volume => ReadVolume(volume!), StringComparer.Ordinal);
        foreach (var snapshot in (await client.OkAsync("ListSnapshots"))!["snapshots"]!.AsArray())
        {
            var volume = snapshot!["volume"]!.GetValue<string>();
            volumes[volume] = volumes[volume] with
            {
                Snapshots = volumes[volume].Snapshots.Add(snapshot["name"]!.GetValue<string>(), snapshot["sizeBytes"]!.GetValue<long>()),
            };
        }

        return new ClusterModel(volumes.ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    private static VolumeModel ReadVolume(JsonNode volume)
    {
        var (source, snapshot) = (volume["sourceVolume"]?.GetValue<string>(), volume["sourceSnapshot"]?.GetValue<string>());
        return VolumeModel.New(
            volume["id"]!.GetValue<string>(), volume["sizeBytes"]!.GetValue<long>(), snapshot is null ? source : $"{source}@{snapshot}");
    }

    private static Answer Read(Operation operation, JsonObject answer)
    {
        if (answer["status"]!.GetValue<string>() is not "ok")
        {
            return new Answer(answer["code"]!.GetValue<string>() is var code && code is "Internal" ? answer.ToJsonString() : code);
        }

        var result = answer["result"];
        switch (operation.Kind)
        {
            case OperationKind.Create or OperationKind.Resize:
                return new Answer((string?)null) { Volume = ReadVolume(result![0]!["volume"]!) };
            case OperationKind.Clone:
                return new Answer((string?)null) { Volume = ReadVolume(result!["volume"]!) };
            case OperationKind.Look:
                return new Answer((string?)null) { Volume = ReadVolume(result!["volume"]!), SnapshotCount = Count(result["volume"]!) };
            case OperationKind.Snapshot:
                return new Answer((string?)null) { SnapshotSize = result![0]!["snapshot"]!["sizeBytes"]!.GetValue<long>() };
            case OperationKind.List:
                var listed = new Dictionary<string, (VolumeModel, int)>(StringComparer.Ordinal);
                foreach (var volume in result!["volumes"]!.AsArray())
                {
                    listed.Add(volume!["name"]!.GetValue<string>(), (ReadVolume(volume), Count(volume)));
                }

                return new Answer((string?)null) { Listed = listed };
            default:
                return new Answer((string?)null);
        }
    }

    private static int Count(JsonNode volume) => volume["snapshotCount"]?.GetValue<int>() ?? 0;

    private Operation Pick()
    {
        var (number, name, size, snapshot) = (nextNumber(), Pick(Names), (long)random.Next(16, 22) << 20, Pick(Snapshots));
        return random.Next(20) switch
        {
            < 4 => new Operation(number, OperationKind.Create, name, size),
            < 7 => new Operation(number, OperationKind.Delete, name),
            < 9 => new Operation(number, OperationKind.Resize, name, size),
            < 12 => new Operation(number, OperationKind.Snapshot, name, Snapshot: snapshot),
            < 13 => new Operation(number, OperationKind.Forget, name, Snapshot: snapshot),
            < 17 => new Operation(
                number,
                OperationKind.Clone,
                name,
                random.Next(3) == 0 ? 0 : size,
                random.Next(2) == 0 ? null : snapshot,
                Pick([.. Names.Where(other => other != name)])),
            < 19 => new Operation(number, OperationKind.Look, name),
            _ => new Operation(number, OperationKind.List, string.Empty),
        };
    }

    private T Pick<T>(T[] items) => items[random.Next(items.Length)];
}
