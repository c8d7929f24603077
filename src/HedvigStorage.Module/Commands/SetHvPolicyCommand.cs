using System.Collections;
using HedvigStorage.Completers;

namespace HedvigStorage.Commands;

/// <summary>Changes those attributes of policies that are given, and so of all their volumes.</summary>
[Cmdlet(VerbsCommon.Set, "HvPolicy", SupportsShouldProcess = true)]
[OutputType(typeof(Policy))]
public sealed class SetHvPolicyCommand : AttributeCommand
{
    /// <summary>Gets or sets the names.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ObjectNameTransformation]
    [ArgumentCompleter(typeof(PolicyCompleter))]
    public string[] Name { get; set; } = [];

    /// <summary>Gets or sets the description to have.</summary>
    [Parameter]
    [AllowEmptyString]
    [ValidateNotNull]
    public string? Description { get; set; }

    /// <summary>Gets or sets the snapshot schedule to have; what it does not name is not taken.</summary>
    [Parameter]
    [SnapshotScheduleTransformation]
    public SnapshotSchedule? SnapshotSchedule { get; set; }

    /// <summary>Gets or sets labels to set, as a table of names and values; one with no value is taken away.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Label { get; set; }

    /// <summary>Gets or sets whether to return the policies as they are now.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var name in Name)
        {
            Prepare(Subjects.Policy, name, () => Update(name));
        }
    }

    private void Update(string name)
    {
        ObjectName.Check("policy", name);
        var attributes = Attributes;
        attributes.Check();
        var labels = GivenLabels.ReadChanges(Label, Connection.Capabilities);
        if (Description is null && SnapshotSchedule is null && labels.Count == 0 && attributes.IsEmpty)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                $"Nothing is to change of the policy '{name}'. Give -Description, -SnapshotSchedule, -Label or an attribute.");
        }

        var client = Client;
        var change = new PolicyChange { Description = Description, Attributes = attributes, SnapshotSchedule = SnapshotSchedule };
        if (ShouldProcess(name, $"Set properties of the policy ({attributes})"))
        {
            Begin(Subjects.Policy, name, token => ChangeAsync(client, name, change, labels, token), policy => Tell(policy, attributes));
        }
    }

    // The change goes last: it returns the policy, with its labels.
    private static async Task<Policy> ChangeAsync(
        ICluster client, string name, PolicyChange change, IReadOnlyDictionary<string, string?> labels, CancellationToken token)
    {
        if (labels.Count > 0)
        {
            await client.SetLabelsAsync(LabelledObject.Policy(name), labels, token).ConfigureAwait(false);
        }

        return await client.UpdatePolicyAsync(name, change, token).ConfigureAwait(false);
    }

    private void Tell(Policy policy, VolumeAttributes asked)
    {
        WarnOfDifference("policy", policy.Name, asked, policy.Effective);
        if (PassThru)
        {
            WriteObject(policy);
        }
    }
}
