using System.Text.Json;
using HedvigStorage.Client.Compatibility;
using HedvigStorage.Protocol;

namespace HedvigStorage.Client.Cluster;

/// <summary>
/// Targets, LUNs, exports and access rules over the Hedvig protocol. What Hedvig's own requests can do works without the extension too.
/// </summary>
internal sealed class HedvigAccess(HedvigSession session, ExtensionRequests extension) : IClusterAccess
{
    public async Task<IReadOnlyList<Target>> ListTargetsAsync(string? computeHost, CancellationToken cancellationToken)
    {
        // Hedvig's own clients send no "params" at all where they name no host.
        var request = HedvigRequest.Disk(
            RequestTypes.ListTargets, computeHost is null ? null : writer => writer.WriteString("computeHost", computeHost));
        var targets = AnswerReader.ReadResult(
            request.Type,
            await session.SendAsync(request, cancellationToken).ConfigureAwait(false),
            ProtocolJson.Default.ListTargetMessage);
        return targets.Select(target => AnswerReader.Required(request.Type, "[]", target).ToModel()).OfType<Target>().ToArray();
    }

    public Task<Target> CreateTargetAsync(Target target, CancellationToken cancellationToken) =>
        SaveTargetAsync("Configuring a target", RequestTypes.AddTarget, writer =>
        {
            writer.WriteString("name", target.Name);
            writer.WriteString("protocol", target.Protocol.ToWord());
            writer.WriteOptionalStrings("computeHosts", target.ComputeHosts);
        }, cancellationToken);

    public Task<Target> UpdateTargetAsync(string name, IReadOnlyCollection<string> computeHosts, CancellationToken cancellationToken) =>
        SaveTargetAsync("Changing a target", RequestTypes.UpdateTarget, writer =>
        {
            writer.WriteString("name", name);
            writer.WriteOptionalStrings("computeHosts", computeHosts);
        }, cancellationToken);

    public async Task DeleteTargetAsync(string name, CancellationToken cancellationToken)
    {
        await extension.NeedAsync("Removing a target", cancellationToken).ConfigureAwait(false);
        await RemoveAsync(HedvigRequest.Extension(RequestTypes.DeleteTarget, writer => writer.WriteString("name", name)), cancellationToken)
            .ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<Lun>> ListLunsAsync(string volume, CancellationToken cancellationToken)
    {
        var request = HedvigRequest.Disk(RequestTypes.VirtualDiskDetails, writer => writer.WriteString("virtualDisk", volume));
        var details = AnswerReader.ReadResult(
            request.Type,
            await session.SendAsync(request, cancellationToken).ConfigureAwait(false),
            ProtocolJson.Default.VirtualDiskDetailsResult);
        var luns = new List<Lun>();
        if (MessageMapping.ToVolumeType(details.DiskType) == VolumeType.File)
        {
            return luns;
        }

        foreach (var location in details.TargetLocations ?? [])
        {
            // All that is known of a location is that it begins with the target: what follows, ":lun" here, may be another thing elsewhere.
            var target = AnswerReader.Required(request.Type, "targetLocations", location).Split(':')[0];
            if (luns.TrueForAll(known => !Same(known.Target, target))
                && await FindLunAsync(volume, target, cancellationToken).ConfigureAwait(false) is { } lun)
            {
                luns.Add(lun);
            }
        }

        return luns;
    }

    public async Task<Lun?> FindLunAsync(string volume, string target, CancellationToken cancellationToken)
    {
        var request = HedvigRequest.Disk(RequestTypes.GetLun, writer => WriteMapping(writer, volume, target));
        var answer = await session.AskAsync(request, cancellationToken).ConfigureAwait(false);
        if (!AnswerReader.IsOk(answer.Status))
        {
            // How a plain Hedvig says that there is none is not known, but Cinder takes it for a warning.
            var failure = AnswerReader.Failure(request.Type, answer);
            return IsNotMapped(answer)
                || (answer.Code is null && failure.Code != ErrorCode.NotFound && Same(answer.Status, StatusWords.Warning))
                ? null
                : throw failure;
        }

        var found = AnswerReader.ReadResult(request.Type, answer, ProtocolJson.Default.LunResult);
        var number = found.Lun ?? throw AnswerReader.Unreadable(request.Type, "the member 'result.lun' is missing");
        return number < 0 ? null : new Lun { Volume = volume, Target = target, Number = number, ReadOnly = found.Readonly };
    }

    public async Task<Lun> AddLunAsync(string volume, string target, bool readOnly, CancellationToken cancellationToken)
    {
        // What a plain Hedvig does with a second request for the same LUN is not known: its own clients ask first.
        var known = await extension.IsKnownAsync(cancellationToken).ConfigureAwait(false);
        if (!known && await FindLunAsync(volume, target, cancellationToken).ConfigureAwait(false) is { } existing)
        {
            return existing;
        }

        var request = HedvigRequest.Disk(RequestTypes.AddLun, writer =>
        {
            writer.WriteOptionalStrings("virtualDisks", [volume]);
            writer.WriteOptionalStrings("targets", [target]);
            writer.WriteBoolean("readonly", readOnly);
        }) with { Repeatable = known };
        var answer = await session.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var item = AnswerReader.ReadItem(request.Type, answer);
        var outcome = AnswerReader.Required(request.Type, "[0].targets[0]", item.Targets is { Count: > 0 } targets ? targets[0] : null);
        AnswerReader.CheckStatus(request.Type, outcome.Status, outcome.Message, answer);
        return outcome.Lun is { } number
            ? new Lun { Volume = volume, Target = outcome.Name ?? target, Number = number, ReadOnly = outcome.Readonly }
            : await FindLunAsync(volume, target, cancellationToken).ConfigureAwait(false)
                ?? throw AnswerReader.Unreadable(
                    request.Type,
                    $"the volume '{ObjectName.Printable(volume)}' has no LUN on the target '{ObjectName.Printable(target)}' after it");
    }

    public async Task RemoveLunAsync(string volume, string target, CancellationToken cancellationToken)
    {
        var request = HedvigRequest.Disk(RequestTypes.UnmapLun, writer => WriteMapping(writer, volume, target));
        var answer = await session.AskAsync(request, cancellationToken).ConfigureAwait(false);
        if (!IsNotMapped(answer))
        {
            CheckRemoved(request.Type, answer);
        }
    }

    public async Task<IReadOnlyList<Export>> ListExportsAsync(string volume, CancellationToken cancellationToken)
    {
        var request = HedvigRequest.Disk(RequestTypes.ListExportedTargets, writer => writer.WriteString("virtualDisk", volume));
        var targets = AnswerReader.ReadResult(
            request.Type, await session.SendAsync(request, cancellationToken).ConfigureAwait(false), ProtocolJson.Default.ListString);
        return targets.Select(target => new Export { Volume = volume, Target = AnswerReader.Required(request.Type, "[]", target) })
            .ToArray();
    }

    public async Task<Export> AddExportAsync(string volume, string target, CancellationToken cancellationToken)
    {
        var known = await extension.IsKnownAsync(cancellationToken).ConfigureAwait(false);
        if (!known
            && (await ListExportsAsync(volume, cancellationToken).ConfigureAwait(false))
                .FirstOrDefault(export => Same(export.Target, target)) is { } existing)
        {
            return existing;
        }

        var request = HedvigRequest.Disk(RequestTypes.Mount, writer => WriteExport(writer, volume, target)) with { Repeatable = known };
        var answer = await session.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var exports = AnswerReader.ReadResult(request.Type, answer, ProtocolJson.Default.MountResult).ExportInfo;
        var outcome = AnswerReader.Required(request.Type, "exportInfo[0]", exports is { Count: > 0 } ? exports[0] : null);
        AnswerReader.CheckStatus(request.Type, outcome.Status, outcome.Message, answer);
        return new Export { Volume = volume, Target = outcome.Target ?? target };
    }

    public Task RemoveExportAsync(string volume, string target, CancellationToken cancellationToken) =>
        RemoveAsync(HedvigRequest.Disk(RequestTypes.Unmount, writer => WriteExport(writer, volume, target)), cancellationToken);

    public async Task<IReadOnlyList<AccessRule>> ListRulesAsync(string volume, CancellationToken cancellationToken)
    {
        var request = HedvigRequest.Disk(RequestTypes.GetACLInformation, writer => writer.WriteString("virtualDisk", volume));
        var targets = AnswerReader.ReadResult(
            request.Type,
            await session.SendAsync(request, cancellationToken).ConfigureAwait(false),
            ProtocolJson.Default.ListTargetAccessMessage);
        return targets.SelectMany(target => AnswerReader.Required(request.Type, "[]", target).ToModel(volume)).ToArray();
    }

    public async Task<AccessList> ListAllAsync(CancellationToken cancellationToken) =>
        (
            await extension.AskAsync(
                "Listing the access to all volumes",
                RequestTypes.ListAccess,
                ProtocolJson.Default.AccessListResult,
                cancellationToken).ConfigureAwait(false)).ToModel();

    public async Task AddRuleAsync(AccessRule rule, CancellationToken cancellationToken)
    {
        var request = HedvigRequest.Disk(RequestTypes.PersistACLAccess, writer =>
        {
            writer.WriteOptionalStrings("virtualDisks", [rule.Volume]);
            writer.WriteString("host", rule.Target);
            writer.WriteString("type", rule.Type.ToWord());
            writer.WriteString("address", rule.Address);
        });
        _ = AnswerReader.ReadItem(request.Type, await session.SendAsync(request, cancellationToken).ConfigureAwait(false));
    }

    public Task RemoveRuleAsync(string volume, string target, string address, CancellationToken cancellationToken) => RemoveAsync(
        HedvigRequest.Disk(RequestTypes.RemoveACLAccess, writer =>
        {
            writer.WriteString("virtualDisk", volume);
            writer.WriteString("host", target);
            writer.WriteOptionalStrings("address", [address]);
        }),
        cancellationToken);

    public async Task<IReadOnlyList<HostInitiator>> ListInitiatorsAsync(CancellationToken cancellationToken)
    {
        await extension.NeedAsync("Listing initiators", cancellationToken).ConfigureAwait(false);
        var request = HedvigRequest.Extension(RequestTypes.ListIqns);
        var result = AnswerReader.ReadResult(
            request.Type, await session.SendAsync(request, cancellationToken).ConfigureAwait(false), ProtocolJson.Default.InitiatorsResult);
        return AnswerReader.Required(request.Type, "initiators", result.Initiators)
            .Select(initiator => AnswerReader.Required(request.Type, "initiators", initiator).ToModel()).ToArray();
    }

    public async Task<HostInitiator?> FindInitiatorAsync(string host, CancellationToken cancellationToken)
    {
        var request = HedvigRequest.Disk(RequestTypes.GetIqn, writer => writer.WriteString("host", host));
        var answer = await session.AskAsync(request, cancellationToken).ConfigureAwait(false);
        if (AnswerReader.IsOk(answer.Status))
        {
            var found = AnswerReader.ReadResult(request.Type, answer, ProtocolJson.Default.InitiatorMessage);
            return (found with { Host = found.Host ?? host }).ToModel();
        }

        return answer.Message?.ContainsIgnoreCase(AccessMapping.IqnNotFound) == true
            ? null
            : throw AnswerReader.Failure(request.Type, answer);
    }

    public async Task<HostInitiator> RegisterInitiatorAsync(HostInitiator initiator, CancellationToken cancellationToken)
    {
        await extension.NeedAsync("Registering an initiator", cancellationToken).ConfigureAwait(false);
        var request = HedvigRequest.Extension(RequestTypes.RegisterIqn, writer =>
        {
            writer.WriteString("host", initiator.Host);
            writer.WriteString("iqn", initiator.Iqn);
        });
        return AnswerReader.ReadResult(
            request.Type,
            await session.SendAsync(request, cancellationToken).ConfigureAwait(false),
            ProtocolJson.Default.InitiatorMessage).ToModel();
    }

    public async Task UnregisterInitiatorAsync(string host, CancellationToken cancellationToken)
    {
        await extension.NeedAsync("Removing an initiator from the registry", cancellationToken).ConfigureAwait(false);
        await RemoveAsync(
            HedvigRequest.Extension(RequestTypes.UnregisterIqn, writer => writer.WriteString("host", host)),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<Target> SaveTargetAsync(string doing, string type, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        await extension.NeedAsync(doing, cancellationToken).ConfigureAwait(false);
        var answer = await session.SendAsync(HedvigRequest.Extension(type, write), cancellationToken).ConfigureAwait(false);
        var target = AnswerReader.Required(type, "target", AnswerReader.ReadResult(type, answer, ProtocolJson.Default.TargetResult).Target);
        return target.ToModel() ?? throw MessageMapping.Unreadable("target.protocol", target.Protocol);
    }

    private async Task RemoveAsync(HedvigRequest request, CancellationToken cancellationToken) =>
        CheckRemoved(request.Type, await session.AskAsync(request, cancellationToken).ConfigureAwait(false));

    // What is gone is removed, and so is all that a volume had when it is gone itself.
    private static void CheckRemoved(string type, ResponseEnvelope answer)
    {
        try
        {
            AnswerReader.CheckStatus(type, answer.Status, answer.Message, answer);
            AnswerReader.CheckItem(type, answer);
        }
        catch (ClusterException exception) when (exception.Code == ErrorCode.NotFound)
        {
            return;
        }
    }

    private static bool IsNotMapped(ResponseEnvelope answer) =>
        !AnswerReader.IsOk(answer.Status) && answer.Message?.ContainsIgnoreCase(AccessMapping.NotMapped) == true;

    private static bool Same(string? left, string? right) => string.Equals(left, right, StringComparison.Ordinal);

    private static void WriteMapping(Utf8JsonWriter writer, string volume, string target)
    {
        writer.WriteString("virtualDisk", volume);
        writer.WriteString("target", target);
    }

    private static void WriteExport(Utf8JsonWriter writer, string volume, string target)
    {
        writer.WriteString("virtualDisk", volume);
        writer.WriteOptionalStrings("targets", [target]);
    }
}
