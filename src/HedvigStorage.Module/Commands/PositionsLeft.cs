using System.Collections;

namespace HedvigStorage.Commands;

/// <summary>
/// Gives an object the position that it is for, and what was typed without a name those that are left. PowerShell fills positions before it
/// looks at the pipeline, and begins with the first: <c>Get-HvVolume db | Resize-HvVolume 20GB</c> comes with a volume called 20GB.
/// </summary>
internal sealed class PositionsLeft
{
    private readonly ClusterCommand _command;
    private readonly DeclaredParameters _declared;
    private readonly Dictionary<string, object> _bound;
    private readonly EngineIntrinsics _engine;
    private readonly PositionalParameter[] _typed;
    private readonly HashSet<string> _named;
    private readonly PositionalParameter[] _scripted;
    private readonly Dictionary<PositionalParameter, object?> _before;

    /// <summary>Takes note of what was given, before the first object is there.</summary>
    public PositionsLeft(ClusterCommand command)
    {
        _command = command;
        _declared = DeclaredParameters.Of(command);
        _bound = command.MyInvocation.BoundParameters;
        _engine = (EngineIntrinsics)command.SessionState.PSVariable.GetValue("ExecutionContext");
        _before = _declared.Positions.ToDictionary(position => position, position => position.Read(command));
        var typed = new HashSet<string>(BoundWithoutName(_bound), StringComparer.OrdinalIgnoreCase);
        _typed = _declared.Positions.Where(position => typed.Contains(position.Name)).ToArray();
        _named = new HashSet<string>(_bound.Keys.Where(name => !typed.Contains(name)), StringComparer.OrdinalIgnoreCase);

        // A script block that makes a value of each object has made none yet.
        _scripted = _declared.Positions
            .Where(position => _bound.TryGetValue(position.Name, out var value) && !position.Takes(value))
            .ToArray();
    }

    /// <summary>Fills the positions with an object and what was typed; what is wrong is an error.</summary>
    /// <param name="item">The object.</param>
    /// <param name="home">The parameter that it is for; <see langword="null"/> is the first one that has a position.</param>
    /// <param name="keeps">Whether the work is done with the object itself, and not with its name.</param>
    /// <param name="gives">Tells whether a property means the parameter that has its name.</param>
    /// <returns>Whether the cmdlet can go on with it.</returns>
    public bool Fill(PSObject item, string? home, bool keeps, Func<string, bool> gives)
    {
        var positions = _declared.Positions;
        var place = positions.First(position => home is null || IsName(position, home));
        foreach (var position in positions.Where(position => !gives(position.Name)))
        {
            position.Write(_command, _before[position]);
        }

        var byProperty = positions
            .Where(position => position != place && !IsBound(position) && gives(position.Name) && position.IsPropertyOf(item))
            .ToArray();
        var saysMore = _declared.HasPropertyFor(item, name => !IsName(place, name) && !_named.Contains(name) && gives(name));
        var isComplete = positions.All(position => !position.IsMandatory || IsBound(position) || byProperty.Contains(position));
        if (_scripted.Contains(place) || (isComplete && IsBound(place) && IsExtra(item, place, keeps, saysMore)))
        {
            return Release();
        }

        if (IsNamed(place))
        {
            return Refuse(BindingErrors.GivenTwice(item, place.Name));
        }

        var open = positions.Where(position => position != place && !IsNamed(position)).ToArray();
        var free = open.Except(byProperty).ToArray();
        if (_typed.Length > free.Length)
        {
            if (isComplete && saysMore)
            {
                return Release();
            }

            // What is typed is wanted, and not what the object says.
            free = open;
        }

        if (_typed.Length > free.Length)
        {
            var last = Show(_typed[_typed.Length - 1].Read(_command));
            return End(BindingErrors.TooMany(last, place.Name, open.Select(position => position.Name)));
        }

        var taken = free.Take(_typed.Length).ToArray();
        return Move(taken)
            && TakeProperties(item, byProperty.Except(taken))
            && (keeps ? Keep(place) : Take(item, place))
            && HasAll(item, [place, .. taken, .. byProperty]);
    }

    /// <summary>Leaves the parameters as PowerShell has bound them, for the next object.</summary>
    public void PutBack()
    {
        foreach (var position in _declared.Positions)
        {
            position.Write(_command, _before[position]);
        }
    }

    // PowerShell tells it to proxies, which bind once more in the same way; it has no other word for it.
    private static IEnumerable<string> BoundWithoutName(Dictionary<string, object> bound) =>
        bound.GetType().GetProperty("BoundPositionally")?.GetValue(bound) as IEnumerable<string> ?? [];

    private static string Show(object? value) =>
        value is IEnumerable items and not string ? string.Join(", ", items.Cast<object?>()) : $"{value}";

    private static bool IsName(PositionalParameter position, string name) => string.Equals(position.Name, name, StringComparison.Ordinal);

    private bool IsNamed(PositionalParameter position) => _named.Contains(position.Name);

    private bool IsBound(PositionalParameter position) => IsNamed(position) || _typed.Contains(position);

    // What is worked on was given, and the object is there for its other properties, or for the cluster that it came from.
    private bool IsExtra(PSObject item, PositionalParameter place, bool keeps, bool saysMore) => keeps || place.Fits(item, _engine)
        ? saysMore && IsNamed(place)
        : saysMore || ObjectNames.OriginOf((object)item) is not null;

    private bool Move(PositionalParameter[] taken)
    {
        // All are read before one is written: one's new position is another's old one.
        var values = _typed.Select(position => position.Read(_command)).ToArray();
        for (var index = 0; index < values.Length; index++)
        {
            var value = values[index];
            if (taken[index] != _typed[index] && taken[index].TryConvert(value, _engine, out value) is { } wrong)
            {
                return End(wrong);
            }

            Write(taken[index], value);
        }

        return true;
    }

    private bool TakeProperties(PSObject item, IEnumerable<PositionalParameter> positions)
    {
        // PowerShell has taken them where the object came down the pipeline.
        foreach (var position in positions.Where(position => Equals(position.Read(_command), _before[position])))
        {
            if (position.TryTakeProperty(item, _engine, out var value) is { } wrong)
            {
                return Refuse(wrong);
            }

            Write(position, value);
        }

        return true;
    }

    private bool Take(PSObject item, PositionalParameter place)
    {
        if (IsBound(place) || Equals(place.Read(_command), _before[place]))
        {
            if (place.TryTake(item, _engine, out var value) is { } wrong)
            {
                return Refuse(wrong);
            }

            Write(place, value);
        }

        return Release();
    }

    // What was typed in the object's position is in another one by now.
    private bool Keep(PositionalParameter place)
    {
        _ = _bound.Remove(place.Name);
        return true;
    }

    private bool HasAll(PSObject item, PositionalParameter[] filled)
    {
        var missing = _declared.Positions
            .Where(position => position.IsMandatory && !IsNamed(position) && !filled.Contains(position))
            .ToArray();
        if (missing.Length == 0)
        {
            return true;
        }

        var names = missing.Select(position => position.Name);
        return missing.All(position => position.TakesProperty)
            ? Refuse(BindingErrors.MissingIn(item, names))
            : End(BindingErrors.Missing(names));
    }

    private void Write(PositionalParameter position, object? value)
    {
        position.Write(_command, value);

        // A job is given what is bound.
        _bound[position.Name] = value!;
    }

    // What the object says is in the other parameters.
    private bool Release()
    {
        _ = _bound.Remove(nameof(ITakesInputObject.InputObject));
        return true;
    }

    // An error about one object; the next ones are worked on.
    private bool Refuse(ErrorRecord error)
    {
        _command.WriteError(error);
        return false;
    }

    // What was typed is the same for all objects.
    private bool End(ErrorRecord error)
    {
        _command.ThrowTerminatingError(error);
        return false;
    }
}
