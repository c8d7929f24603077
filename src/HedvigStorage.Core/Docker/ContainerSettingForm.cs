namespace HedvigStorage.Docker;

/// <summary>How a setting of a container is written.</summary>
public enum ContainerSettingForm
{
    /// <summary>A size, such as <c>2GB</c>; kept in bytes.</summary>
    Size,

    /// <summary>A decimal number.</summary>
    Number,

    /// <summary>A whole number.</summary>
    WholeNumber,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>One text.</summary>
    Text,

    /// <summary>Texts whose order counts.</summary>
    List,

    /// <summary>Texts whose order does not count.</summary>
    Set,

    /// <summary>Names and values; kept as <c>name=value</c>.</summary>
    Map,
}
