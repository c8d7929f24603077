using HedvigStorage.Completers;
using HedvigStorage.Docker;
using HedvigStorage.Documents;
using HedvigStorage.Moving;

namespace HedvigStorage.Commands;

/// <summary>
/// Moves volumes with the containers that mount them from one Docker Engine to another. The containers are down meanwhile; a failure on the
/// way starts them at the source again. A volume that no container mounts needs no move: only a left-over attachment is ended.
/// </summary>
[Cmdlet(VerbsCommon.Move, "HvVolume", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High,
    DefaultParameterSetName = ParameterSets.Name)]
[OutputType(typeof(DockerContainer), typeof(Job))]
public sealed class MoveHvVolumeCommand : ClusterCommand, ITakesInputObject
{
    private const int ProgressActivity = 3;

    /// <summary>Gets or sets the names of the volumes.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = ParameterSets.Name)]
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNullOrEmpty]
    [VolumeNameTransformation(VolumesOnly = true)]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Gets or sets the Docker Engine that gets the containers, such as <c>tcp://db2:2376</c>.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ParameterSets.Name)]
    [Parameter(Position = 1, ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = string.Empty;

    /// <summary>
    /// Gets or sets the volume, as <c>Get-HvVolume</c> returns it, or its name; what is typed without a name fills the positions that
    /// it leaves.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true,
        ParameterSetName = ParameterSets.InputObject)]
    [ValidateNotNull]
    public PSObject? InputObject { get; set; }

    /// <summary>
    /// Gets or sets the Docker Engine whose containers mount the volumes. By default <c>DOCKER_HOST</c> or the platform tells.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? DockerHost { get; set; }

    /// <summary>Gets or sets the names of the volume drivers that are plugin hosts of the cluster; the default is <c>hedvig</c>.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Driver { get; set; } = ["hedvig"];

    /// <summary>
    /// Gets or sets whether containers with a health check must be healthy at the destination; if one is not, all goes back.
    /// </summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>
    /// Gets or sets how long the end of each attachment, and each health, is waited for, in seconds, 1 to 86,400; the default is 60.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 86400)]
    public int TimeoutSec { get; set; } = 60;

    /// <summary>Gets or sets whether to move without asking. It takes the place of no check.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Gets or sets whether to return the containers as they are at the destination.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Gets or sets whether to do it in a job of the session, and to return that.</summary>
    [Parameter]
    public SwitchParameter AsJob { get; set; }

    // A volume has one place.
    /// <inheritdoc/>
    private protected override bool TakesSeveralClusters => false;

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        if (Defer(AsJob, string.Join(", ", Name)))
        {
            return;
        }

        using var source = Need(Subjects.DockerEngine, DockerHost, () => Services.CreateDockerEngine(DockerHost));
        using var destination = Need(Subjects.DockerEngine, Destination, () => Services.CreateDockerEngine(Destination));
        foreach (var name in Name)
        {
            ForEach(Subjects.Volume, name, () => Move(source, destination, name));
        }
    }

    private void Move(IDockerEngine source, IDockerEngine destination, string name)
    {
        ObjectName.Check("volume", name);
        var move = Plan(source, destination, name);
        foreach (var note in move.Notes)
        {
            WriteWarning(note);
        }

        if (!Consent(move))
        {
            return;
        }

        Run(move);
        if (PassThru)
        {
            foreach (var container in move.Containers)
            {
                if (Await(token => destination.FindContainerAsync(container, token)) is { } moved)
                {
                    WriteObject(ContainerDescription.Show(moved, Driver, destination.Address));
                }
            }
        }
    }

    private VolumeMove Plan(IDockerEngine source, IDockerEngine destination, string name)
    {
        var client = Client;
        var options = new VolumeMoveOptions { Drivers = Driver, Limit = TimeSpan.FromSeconds(TimeoutSec), WaitHealthy = Wait };
        try
        {
            return Await(token => VolumeMove.PlanAsync(client, source, destination, name, options, token));
        }
        catch (ClusterException exception) when (exception.Code == ErrorCode.Unreachable)
        {
            // Who is away is named: it need not be the cluster.
            _ = Need(Subjects.DockerEngine, source.Address, () => Await(source.GetVersionAsync));
            _ = Need(Subjects.DockerEngine, destination.Address, () => Await(destination.GetVersionAsync));
            throw;
        }
    }

    // A preview tells every step; a question is asked once, because half a move is none.
    private bool Consent(VolumeMove move)
    {
        var steps = move.Steps;
        if (steps.Count == 0)
        {
            WriteVerbose($"{move.Volume}: nothing to do.");
            return false;
        }

        if (!IsPreview)
        {
            return ShouldProcess(move.Volume, string.Join("; ", steps.Select(step => $"{step.Target}: {step.Action}")), Force);
        }

        foreach (var step in steps)
        {
            _ = ShouldProcess(step.Target, step.Action);
        }

        return false;
    }

    private void Run(VolumeMove move)
    {
        var activity = $"Moving {move.Volume}";
        try
        {
            Await(token => move.RunAsync(line => Post(() => WriteProgress(new ProgressRecord(ProgressActivity, activity, line))), token));
        }
        finally
        {
            WriteProgress(new ProgressRecord(ProgressActivity, activity, "Done") { RecordType = ProgressRecordType.Completed });
        }
    }
}
