using HedvigStorage.Completers;
using HedvigStorage.Connections;

namespace HedvigStorage.Commands;

/// <summary>
/// Lists the saved connection profiles of this user. A literal name that is not there is an error; a pattern that matches nothing is not.
/// </summary>
[Cmdlet(VerbsCommon.Get, "HvClusterProfile")]
[OutputType(typeof(ConnectionProfile))]
public sealed class GetHvClusterProfileCommand : ConnectingCommand
{
    /// <summary>Gets or sets names in any letter case, or patterns with wildcards; by default all profiles are listed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ProfileCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            var filter = new NameFilter(name);
            ForEach(Subjects.Profile, name, () => WriteObject(
                filter.IsPattern
                    ? ProfileStore.Read().Where(profile => filter.Matches(profile.Name)).ToArray()
                    : [FindProfile(filter.Name)],
                enumerateCollection: true));
        }
    }
}
