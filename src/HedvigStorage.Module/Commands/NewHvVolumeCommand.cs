using System.Collections;
using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>Makes a volume, or finds the same one. Another size, type or file system under that name is an error.</summary>
[Cmdlet(VerbsCommon.New, "HvVolume", SupportsShouldProcess = true, DefaultParameterSetName = ParameterSets.Name)]
[OutputType(typeof(Volume))]
public sealed class NewHvVolumeCommand : AttributeCommand, ITakesInputObject
{
    /// <summary>Gets or sets the name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = ParameterSets.Name)]
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNullOrEmpty]
    [ObjectNameTransformation]
    public string[] Name { get; set; } = [];

    /// <summary>Gets or sets the size, such as <c>10GB</c> or <c>"10GiB"</c>.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.Name)]
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.InputObject)]
    [SizeTransformation]
    public ByteSize Size { get; set; }

    /// <summary>
    /// Gets or sets the name, or an object with that and other properties that are parameters; what is typed without a name fills the
    /// positions that it leaves.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Gets or sets the type; the default is <c>Block</c>.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [WordTransformation(typeof(VolumeType), "type of volume")]
    public VolumeType? Type { get; set; }

    /// <summary>Gets or sets the policy; the default is none.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ObjectNameTransformation]
    [ArgumentCompleter(typeof(PolicyCompleter))]
    public string? Policy { get; set; }

    /// <summary>Gets or sets the file system that the first mount makes; the default is <c>Ext4</c>.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [WordTransformation(typeof(VolumeFileSystem), "file system")]
    public VolumeFileSystem? FileSystem { get; set; }

    /// <summary>Gets or sets the user id that is to own the root directory.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [WholeNumberTransformation("user id", 0, int.MaxValue)]
    public int? Uid { get; set; }

    /// <summary>Gets or sets the group id that is to own the root directory.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [WholeNumberTransformation("group id", 0, int.MaxValue)]
    public int? Gid { get; set; }

    /// <summary>Gets or sets the permission bits of the root directory, in octal, such as <c>0750</c>.</summary>
    // Not taken from a property: a volume's Mode is a number, and its digits would be read as octal.
    [Parameter]
    public string? Mode { get; set; }

    /// <summary>Gets or sets whether the cluster refuses to remove or restore it.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public SwitchParameter Protected { get; set; }

    /// <summary>
    /// Gets or sets whether another host may take the volume over from one that is sure to write it no longer; by default none may.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [WordTransformation(typeof(TakeoverPolicy), "take-over")]
    public TakeoverPolicy? Takeover { get; set; }

    /// <summary>Gets or sets the description.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? Description { get; set; }

    /// <summary>Gets or sets labels, as a table of names and values.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Label { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var name in Name)
        {
            Prepare(Subjects.Volume, name, () => Create(name));
        }
    }

    private void Create(string name)
    {
        ObjectName.Check("volume", name);
        var attributes = Attributes;
        attributes.Check();
        var mode = ReadMode();
        var labels = GivenLabels.Read(Label, Connection.Capabilities);
        var client = Client;
        if (!ShouldProcess(name, $"Create a volume of {Size}"))
        {
            return;
        }

        var specification = new VolumeSpecification
        {
            Name = name,
            Size = Size,
            Type = Type,
            Policy = string.IsNullOrEmpty(Policy) ? null : Policy,
            Attributes = attributes,
            FileSystem = FileSystem,
            Uid = Uid,
            Gid = Gid,
            Mode = mode,
            Protected = MyInvocation.BoundParameters.ContainsKey(nameof(Protected)) ? Protected.IsPresent : null,
            Takeover = Takeover,
            Description = PrintableText.Check("description", Description),
            Labels = labels,
        };
        Begin(Subjects.Volume, specification.Name, token => client.CreateVolumeAsync(specification, token), Tell);
    }

    private void Tell(Volume volume)
    {
        WarnOfDifference("volume", volume.Name, volume.Requested, volume.Effective);
        WriteObject(volume);
    }

    private int? ReadMode()
    {
        if (Mode is null)
        {
            return null;
        }

        return PermissionBits.TryParse(Mode, out var mode)
            ? mode
            : throw new ClusterException(
                ErrorCode.InvalidArgument, $"'{ObjectName.Printable(Mode)}' is not a valid file mode. {PermissionBits.Rule}");
    }
}
