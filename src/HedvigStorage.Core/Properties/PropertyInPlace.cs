namespace HedvigStorage.Properties;

/// <summary>How a property is changed in place.</summary>
/// <typeparam name="TChange">What to change of an object.</typeparam>
/// <param name="Get">Reads the value to have; <see langword="null"/> leaves it as it is.</param>
/// <param name="With">Sets the value to have.</param>
public sealed record PropertyInPlace<TChange>(Func<TChange, object?> Get, Func<TChange, object, TChange> With);
