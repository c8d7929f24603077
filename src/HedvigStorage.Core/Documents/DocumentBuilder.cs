using System.Collections;
using System.Collections.Specialized;

namespace HedvigStorage.Documents;

/// <summary>
/// Puts an object of a document together, in the order in which its members are added; what is <see langword="null"/> or empty is left out.
/// </summary>
internal sealed class DocumentBuilder
{
    private readonly OrderedMembers _members = new();

    public IReadOnlyDictionary<string, object> Build() => _members;

    public void Add(string name, object? value)
    {
        if (value is not null)
        {
            _members.Add(name, value);
        }
    }

    // A plain dictionary promises no order, and the ordered one of netstandard2.0 is not a typed one. The reader takes any IDictionary.
    private sealed class OrderedMembers : OrderedDictionary, IReadOnlyDictionary<string, object>
    {
        public OrderedMembers()
            : base(StringComparer.Ordinal)
        {
        }

        IEnumerable<string> IReadOnlyDictionary<string, object>.Keys => Keys.Cast<string>();

        IEnumerable<object> IReadOnlyDictionary<string, object>.Values => Values.Cast<object>();

        public object this[string key] => this[(object)key] ?? throw new KeyNotFoundException();

        public bool ContainsKey(string key) => Contains(key);

        public bool TryGetValue(string key, out object value)
        {
            value = this[(object)key]!;
            return Contains(key);
        }

        IEnumerator<KeyValuePair<string, object>> IEnumerable<KeyValuePair<string, object>>.GetEnumerator() =>
            ((IEnumerable)Keys).Cast<string>().Select(key => new KeyValuePair<string, object>(key, this[key])).GetEnumerator();
    }
}
