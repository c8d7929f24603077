using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using HedvigStorage.Docker;
using HedvigStorage.Hosting;
using HedvigStorage.Planning;

namespace HedvigStorage.Formatting;

/// <summary>
/// How deep objects are written into files and sent by jobs and remote sessions: as deep as the views look. With less, texts would stand in
/// the place of times and attributes. A session is told by its first cmdlet, before which it has no object: what tells it takes longer than
/// the import of the module. A types file would not do, for a session takes only one of a kind, and so only one copy of the module.
/// </summary>
internal static class SerializationDepths
{
    private const string Command = "Microsoft.PowerShell.Commands.UpdateTypeDataCommand";

    private static readonly ConditionalWeakTable<Runspace, TypeData[]> Told = new();

    /// <summary>Tells the session of the calling thread, once.</summary>
    public static void Tell()
    {
        if (Runspace.DefaultRunspace is { } session && !Told.TryGetValue(session, out _))
        {
            var types = Types();
            Told.Add(session, types);
            Tell(types);
        }
    }

    private static void Tell(TypeData[] types)
    {
        // By its class: its module need not be loaded for that, nor be found. Both editions have it in an assembly of the same version and
        // key as the engine's.
        var engine = typeof(PSObject).Assembly.GetName();
        var assembly = engine.FullName.Replace(engine.Name, "Microsoft.PowerShell.Commands.Utility");
        if (Type.GetType($"{Command}, {assembly}") is not { } type)
        {
            return;
        }

        try
        {
            using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
            shell.AddCommand(new CmdletInfo("Update-TypeData", type)).AddParameter("TypeData", types).AddParameter("Force");

            // What the session prefers is about what its user does.
            _ = shell.AddParameter("WhatIf", false).AddParameter("Confirm", false).Invoke();
        }
        catch (RuntimeException)
        {
            // A session whose types nobody may change: its objects are sent as deep as those of any module without types of its own.
        }
    }

    private static TypeData[] Types() =>
    [
        .. new[]
        {
            typeof(ClusterObject), typeof(ConnectedCluster), typeof(
                ClusterInformation), typeof(ClusterCheck), typeof(ConnectionProfile), typeof(DockerContainer),
            typeof(ClusterHostStatus), typeof(DockerPluginStatus), typeof(DockerPluginCheck), typeof(PlanStep),
        }.Select(type => new TypeData(type) { SerializationDepth = 3 }),
        new TypeData(typeof(StepOutcome)) { SerializationDepth = 4 },
    ];
}
