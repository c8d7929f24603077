using HedvigStorage.Cli.Output;

namespace HedvigStorage.Cli.Dsc;

/// <summary>An instance as it is, its members in the order of the schema.</summary>
internal sealed class DscState
{
    private readonly OrderedDictionary<string, object?> _members = new(StringComparer.Ordinal);

    public static DscState Of(IEnumerable<KeyValuePair<string, object>> members)
    {
        var state = new DscState();
        foreach (var (name, value) in members)
        {
            state._members[name] = value;
        }

        return state;
    }

    /// <summary>Makes the state of an object that is not there.</summary>
    public static DscState Missing(IEnumerable<KeyValuePair<string, object?>> keys)
    {
        var state = new DscState().With(keys);
        _ = state._members.Remove("ensure");
        return state.With("_exist", value: false);
    }

    public IReadOnlyDictionary<string, object?> Members => _members;

    public DscState With(string name, object? value)
    {
        _members[name] = value;
        return this;
    }

    public DscState With(IEnumerable<KeyValuePair<string, object?>> members)
    {
        foreach (var (name, value) in members)
        {
            _members[name] = value;
        }

        return this;
    }

    public string ToJson() => DocumentJson.Write(_members, indented: false);
}
