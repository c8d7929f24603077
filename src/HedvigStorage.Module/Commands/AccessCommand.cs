using System;
using HedvigStorage.Errors;

namespace HedvigStorage.Commands;

/// <summary>What the cmdlets have in common that are about how volumes are reached through targets.</summary>
public abstract class AccessCommand : ClusterCommand
{
    private protected AccessCommand()
    {
    }

    /// <summary>Gets what error ids begin with.</summary>
    private protected abstract string Subject { get; }

    /// <summary>Does something for one volume. What is not found then is the volume: a target that is not configured is a wrong value.</summary>
    private protected void ForVolume(string volume, Action action) => ForEach(Subject, volume, () =>
    {
        try
        {
            action();
        }
        catch (ClusterException exception) when (exception.Code == ErrorCode.NotFound)
        {
            WriteError(Describe(exception, Subjects.Volume, volume));
        }
    });
}
