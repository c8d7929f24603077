using HedvigStorage.ClusterHost.Volumes;
using HedvigStorage.Properties;
using HedvigStorage.Protocol;
using VolumeProperty =
    HedvigStorage.Properties.ObjectProperty<HedvigStorage.VolumeSpecification, HedvigStorage.Volume, HedvigStorage.VolumeChange>;

namespace HedvigStorage.ClusterHost.Rest.Handlers;

/// <summary>Hedvig's requests for virtual disks, and the extension's for volumes.</summary>
internal sealed class VolumeHandlers(VolumeService volumes)
{
    private const int MostAtOnce = 1000;

    public IEnumerable<RequestHandler> All() =>
    [
        RequestHandler.Change(RequestTypes.AddVirtualDisk, AddAsync) with { AnswersItems = true },
        RequestHandler.Change(RequestTypes.AddVolumes, AddManyAsync) with { AnswersItems = true },
        RequestHandler.Read(RequestTypes.VirtualDiskDetails, DetailsAsync),
        RequestHandler.Change(RequestTypes.ResizeDisks, ResizeAsync) with { AnswersItems = true },
        RequestHandler.Change(RequestTypes.DeleteVDisk, DeleteAsync) with { AnswersItems = true },
        RequestHandler.Change(RequestTypes.RemoveVolume, RemoveAsync),
        RequestHandler.Change(RequestTypes.CloneVdisk, CloneAsync),
        RequestHandler.Read(RequestTypes.ListVolumes, ListAsync),
        RequestHandler.Change(RequestTypes.UpdateVolume, UpdateAsync),
        RequestHandler.Change(RequestTypes.RevertVolume, RevertAsync),
    ];

    private Task<Answer> AddAsync(RequestContext context)
    {
        var parameters = context.Parameters;
        DiskProperties.Check(parameters);
        var specification = ReadBlank(parameters);
        return ItemRunner.RunAsync(
            [specification.Name], async _ => new ItemResult { Volume = (await volumes.CreateAsync(specification)).ToMessage() });
    }

    private async Task<Answer> AddManyAsync(RequestContext context)
    {
        var wanted = context.Parameters.RequiredObjects("volumes", "name", MostAtOnce).Select(ReadBlank).ToArray();
        var outcomes = await volumes.CreateAsync(wanted);
        var items = wanted.Zip(outcomes, (specification, outcome) => outcome.Error is { } error
            ? ItemRunner.Failed(specification.Name, error)
            : new ItemResult { Name = specification.Name, Status = StatusWords.Ok, Volume = outcome.Volume!.ToMessage() }).ToList();
        return Answer.OfItems(items, outcomes.FirstOrDefault(outcome => outcome.Error is not null)?.Error!.Code);
    }

    private Task<Answer> DetailsAsync(RequestContext context)
    {
        var (volume, locations) = volumes.Get(context.Parameters.RequiredText("virtualDisk"));
        // Terraform takes the value as GB whatever the units say, and wants an integer.
        var gigabytes = (volume.Size + (1L << 30) - 1) >> 30;
        return Task.FromResult(Answer.Of(
            new VirtualDiskDetailsResult
            {
                VDiskName = volume.Name,
                Size = new ResponseSize("GB", gigabytes),
                DiskType = volume.Type == VolumeType.File ? MessageMapping.FileMaster : MessageMapping.Block,
                TargetLocations = locations,
                SizeBytes = volume.Size,
                Volume = volume.ToMessage(),
            },
            ProtocolJson.Default.VirtualDiskDetailsResult));
    }

    private Task<Answer> ResizeAsync(RequestContext context)
    {
        var names = context.Parameters.RequiredTexts("virtualDisks");
        var size = context.Parameters.RequiredSize("size");
        return ItemRunner.RunAsync(names, async name => new ItemResult { Volume = (await volumes.ResizeAsync(name, size)).ToMessage() });
    }

    private Task<Answer> DeleteAsync(
        RequestContext context) => ItemRunner.RunAsync(context.Parameters.RequiredTexts("virtualDisks"), async name =>
    {
        await volumes.DeleteAsync(name);
        return new ItemResult();
    });

    private async Task<Answer> RemoveAsync(RequestContext context)
    {
        var parameters = context.Parameters;
        await volumes.DeleteAsync(parameters.RequiredText("virtualDisk"), new RemovalCondition
        {
            IfLabelled = LabelRules.Apply(ObjectLabels.None, parameters.Labels("ifLabelled")),
            UnlessLabelled = parameters.Texts("unlessLabelled") ?? [],
        });
        return Answer.Done;
    }

    private async Task<Answer> CloneAsync(RequestContext context)
    {
        var parameters = context.Parameters;
        var specification = ReadSpecification(parameters, parameters.RequiredText("cloneVolName")) with
        {
            Size = parameters.Size("size"),
            SourceVolume = parameters.RequiredText("srcVolName"),
            SourceSnapshot = parameters.Text("snapshotName"),
        };
        return OfVolume(await volumes.CloneAsync(specification, parameters.Text("openstackSID")));
    }

    private Task<Answer> ListAsync(RequestContext context)
    {
        var parameters = context.Parameters;
        var page = volumes.List(new VolumeQuery
        {
            Pattern = parameters.Text("pattern"),
            Names = parameters.Texts("names"),
            PageSize = parameters.PageSize(),
            PageToken = parameters.Text("pageToken"),
        });
        return Task.FromResult(Answer.Of(
            new VolumesResult(page.Items.Select(volume => volume.ToMessage()).ToArray(), page.NextPageToken),
            ProtocolJson.Default.VolumesResult));
    }

    private async Task<Answer> UpdateAsync(RequestContext context)
    {
        var parameters = context.Parameters;
        var change = ReadProperties(parameters, new VolumeChange(), property => property.InPlace?.With);
        _ = PrintableText.Check("description", change.Description);
        return OfVolume(
            await volumes.UpdateAsync(parameters.RequiredText("virtualDisk"), change with { Attributes = parameters.Attributes() }));
    }

    private async Task<Answer> RevertAsync(RequestContext context) =>
        OfVolume(
            await volumes.RevertAsync(context.Parameters.RequiredText("virtualDisk"), context.Parameters.RequiredText("snapshotName")));

    private static Answer OfVolume(Volume volume) => Answer.Of(new VolumeResult(volume.ToMessage()), ProtocolJson.Default.VolumeResult);

    private static VolumeSpecification ReadBlank(Parameters parameters) =>
        ReadSpecification(parameters, parameters.RequiredText("name")) with { Size = parameters.RequiredSize("size") };

    // The description as it is: Hedvig's own clients hand on what their users wrote. Ours refuse what is unsafe before they send it.
    private static VolumeSpecification ReadSpecification(Parameters parameters, string name)
    {
        var specification = new VolumeSpecification
        {
            Name = name,
            Type = MessageMapping.ToVolumeType(parameters.OneOf("diskType", MessageMapping.Block, MessageMapping.File)),
            FileSystem = MessageMapping.ToFileSystem(parameters.OneOf("fileSystem", "ext4", "xfs")),
            Labels = LabelRules.Apply(ObjectLabels.None, parameters.Labels()),
        };
        return ReadProperties(parameters, specification, property => property.With) with { Attributes = parameters.Attributes() };
    }

    // Attributes are read on their own: what must hold between them is checked there.
    private static T ReadProperties<T>(Parameters parameters, T start, Func<VolumeProperty, Func<T, object, T>?> with) =>
        VolumeProperties.All
        .Where(property => property is { WireName: not null, Attribute: null })
        .Aggregate(
            start,
            (read, property) =>
                with(property) is { } set && parameters.Property(property.WireName!, property.Form) is { } value ? set(read, value) : read);
}
