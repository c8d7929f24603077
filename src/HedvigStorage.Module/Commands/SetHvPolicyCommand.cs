using System.Management.Automation;
using HedvigStorage.Completers;
using HedvigStorage.Errors;
using HedvigStorage.Parameters;

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
        if (Description is null && attributes.IsEmpty)
        {
            throw new ClusterException(ErrorCode.InvalidArgument, $"Nothing is to change of the policy '{name}'. Give -Description or an attribute.");
        }

        var client = Client;
        var change = new PolicyChange { Description = Description, Attributes = attributes };
        if (ShouldProcess(name, $"Change the policy ({attributes})"))
        {
            Begin(Subjects.Policy, name, token => client.UpdatePolicyAsync(name, change, token), policy => Tell(policy, attributes));
        }
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
