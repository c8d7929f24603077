using System.Text.Json;
using HedvigStorage.Protocol;

namespace HedvigStorage.Client.Cluster;

/// <summary>Makes many volumes by few requests.</summary>
internal static class VolumeBatches
{
    private const int MostVolumes = 250;

    // A request has at most 1 MiB, of which a character outside ASCII takes eight bytes once it is escaped.
    private const int MostText = 80_000;

    /// <summary>Makes volumes, blank ones many by one request; a clone takes its time and has a request of its own.</summary>
    public static async Task<IReadOnlyList<VolumeCreation>> CreateAsync(
        ICluster cluster, HedvigSession session, IReadOnlyList<VolumeSpecification> specifications, CancellationToken cancellationToken)
    {
        var outcomes = new List<VolumeCreation>(specifications.Count);
        while (outcomes.Count < specifications.Count)
        {
            var batch = TakeBatch(specifications, outcomes.Count);
            outcomes.AddRange(batch.Count > 1
                ? await SendAsync(cluster, session, batch, cancellationToken).ConfigureAwait(false)
                : await cluster.CreateEachVolumeAsync(batch, cancellationToken).ConfigureAwait(false));
        }

        return outcomes;
    }

    private static List<VolumeSpecification> TakeBatch(IReadOnlyList<VolumeSpecification> specifications, int first)
    {
        var batch = new List<VolumeSpecification> { specifications[first] };
        var text = TextOf(batch[0]);
        foreach (var next in IsBlank(batch[0]) ? specifications.Skip(first + 1).Take(MostVolumes - 1).TakeWhile(IsBlank) : [])
        {
            text += TextOf(next);
            if (text > MostText)
            {
                break;
            }

            batch.Add(next);
        }

        return batch;
    }

    private static bool IsBlank(VolumeSpecification specification) => specification is { SourceVolume: null, Size: not null };

    private static int TextOf(VolumeSpecification specification) =>
        specification.Name.Length + (specification.Policy?.Length ?? 0) + (specification.Description?.Length ?? 0)
        + specification.Labels.Sum(label => label.Key.Length + label.Value.Length)
        + (specification.Attributes.DataCenters?.Sum(name => name.Length) ?? 0);

    private static async Task<IReadOnlyList<VolumeCreation>> SendAsync(
        ICluster cluster, HedvigSession session, List<VolumeSpecification> batch, CancellationToken cancellationToken)
    {
        var request = HedvigRequest.Extension(RequestTypes.AddVolumes, writer => Write(writer, batch));
        var answer = await session.AskAsync(request, cancellationToken).ConfigureAwait(false);
        if (answer.Result is { ValueKind: JsonValueKind.Array } result && result.GetArrayLength() == batch.Count)
        {
            return AnswerReader.ReadResult(request.Type, answer, ProtocolJson.Default.ListItemResult)
                .Select(item => Read(request.Type, item, answer)).ToArray();
        }

        // One that is malformed, such as by a name that is given twice, spoils the request: each by itself shows which.
        var failure = AnswerReader.IsOk(answer.Status)
            ? AnswerReader.Unreadable(request.Type, "the member 'result' has not one item for each volume")
            : AnswerReader.Failure(request.Type, answer);
        return failure.Code == ErrorCode.InvalidArgument
            ? await cluster.CreateEachVolumeAsync(batch, cancellationToken).ConfigureAwait(false)
            : throw failure;
    }

    private static void Write(Utf8JsonWriter writer, IReadOnlyList<VolumeSpecification> batch)
    {
        writer.WriteStartArray("volumes");
        foreach (var specification in batch)
        {
            writer.WriteStartObject();
            writer.WriteBlankVolume(specification);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static VolumeCreation Read(string type, ItemResult? item, ResponseEnvelope answer) => AnswerReader.IsOk(item?.Status)
        ? VolumeCreation.Made(AnswerReader.Required(type, "[].volume", item!.Volume).ToModel())
        : VolumeCreation.Failed(AnswerReader.Failure(type, AnswerReader.Required(type, "[]", item), answer));
}
