using System.Collections;

namespace HedvigStorage.Jobs;

/// <summary>
/// The calls of a cmdlet with <c>-AsJob</c>, one for each object of the pipeline, as they are to be made by the job, each on its own
/// cluster.
/// </summary>
/// <param name="cmdlet">The cmdlet.</param>
internal sealed class DeferredCalls(PSCmdlet cmdlet)
{
    // What means this session's variables or this call's own course says nothing to the job.
    private static readonly HashSet<string> Left = new(StringComparer.OrdinalIgnoreCase)
    {
        "AsJob", "WhatIf", "Confirm", "Cluster", "ClusterOrigin", "OutVariable", "OutBuffer", "ErrorVariable", "WarningVariable",
        "InformationVariable", "PipelineVariable",
    };

    private readonly List<Hashtable> _calls = [];
    private readonly List<string> _subjects = [];

    /// <summary>Gets what the calls are about, for people.</summary>
    public string Subjects => string.Join(", ", _subjects);

    public int Count => _calls.Count;

    /// <summary>Takes the parameters of the call as they are bound now, and the cluster that its objects are of.</summary>
    public void Add(string subject, ClusterReference cluster)
    {
        var call = new Hashtable(StringComparer.OrdinalIgnoreCase);
        foreach (var bound in cmdlet.MyInvocation.BoundParameters.Where(bound => !Left.Contains(bound.Key)))
        {
            // The value of the property: what came by a script block or was transformed is in it alone.
            var property = cmdlet.GetType().GetProperty(bound.Key);
            call[bound.Key] = property is null ? bound.Value : property.GetValue(cmdlet);
        }

        call["Cluster"] = cluster;

        // It was asked for before, in the session.
        call["Confirm"] = false;
        _calls.Add(call);
        _subjects.Add(subject);
    }

    /// <summary>Begins the job, and has the session list it.</summary>
    public Job Start()
    {
        var job = CommandJob.Start(
            cmdlet.MyInvocation.MyCommand.Name, _calls, cmdlet.SessionState.Path.CurrentFileSystemLocation.ProviderPath);
        cmdlet.JobRepository.Add(job);
        return job;
    }
}
