using System.Collections;

namespace HedvigStorage.Commands;

/// <summary>Makes a policy, or finds the same one. Other attributes under that name are an error.</summary>
[Cmdlet(VerbsCommon.New, "HvPolicy", SupportsShouldProcess = true)]
[OutputType(typeof(Policy))]
public sealed class NewHvPolicyCommand : AttributeCommand
{
    /// <summary>Gets or sets the name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ObjectNameTransformation]
    public string[] Name { get; set; } = [];

    /// <summary>Gets or sets the description.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string? Description { get; set; }

    /// <summary>Gets or sets when snapshots of its volumes are taken, and how many are kept; by default none are.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [SnapshotScheduleTransformation]
    public SnapshotSchedule? SnapshotSchedule { get; set; }

    /// <summary>Gets or sets labels, as a table of names and values.</summary>
    [Parameter]
    [ValidateNotNull]
    public IDictionary? Label { get; set; }

    /// <inheritdoc/>
    private protected override void ProcessObjects()
    {
        foreach (var name in Name)
        {
            Prepare(Subjects.Policy, name, () => Create(name));
        }
    }

    private void Create(string name)
    {
        ObjectName.Check("policy", name);
        var attributes = Attributes;
        attributes.Check();
        var client = Client;
        var specification = new PolicySpecification
        {
            Name = name,
            Description = Description,
            Attributes = attributes,
            SnapshotSchedule = SnapshotSchedule,
            Labels = GivenLabels.Read(Label, Connection.Capabilities),
        };
        if (ShouldProcess(name, $"Create a policy ({attributes})"))
        {
            Begin(Subjects.Policy, name, token => client.CreatePolicyAsync(specification, token), Tell);
        }
    }

    private void Tell(Policy policy)
    {
        WarnOfDifference("policy", policy.Name, policy.Requested, policy.Effective);
        WriteObject(policy);
    }
}
