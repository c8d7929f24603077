namespace HedvigStorage.Docker;

/// <summary>The settings of containers that documents can name beyond those that have a member of their own.</summary>
public static class ContainerSettings
{
    /// <summary>The most memory.</summary>
    public const string Memory = "resources.memory";

    /// <summary>The most memory and swap together.</summary>
    public const string MemorySwap = "resources.memorySwap";

    /// <summary>The memory that is left to it where memory is short.</summary>
    public const string MemoryReservation = "resources.memoryReservation";

    /// <summary>The file systems in memory.</summary>
    public const string Tmpfs = "tmpfs";

    /// <summary>No settings.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> None { get; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>Gets the settings, in the order in which documents have them.</summary>
    public static IReadOnlyList<ContainerSetting> All { get; } =
    [
        // The engine's own least: a container with less does not start.
        new(Memory, ContainerSettingForm.Size) { Minimum = 6 << 20 },
        new(MemorySwap, ContainerSettingForm.Size) { Minimum = 6 << 20, CanBeUnlimited = true },
        new(MemoryReservation, ContainerSettingForm.Size),
        new("resources.cpus", ContainerSettingForm.Number),
        new("resources.cpuShares", ContainerSettingForm.WholeNumber) { Minimum = 2, Maximum = 262144 },
        new("resources.cpuset", ContainerSettingForm.Text) { NormaliseItem = ProcessorList.Normal },
        new("resources.pids", ContainerSettingForm.WholeNumber),
        new("shmSize", ContainerSettingForm.Size) { Default = ["67108864"] },
        new("ulimits", ContainerSettingForm.Map) { NormaliseItem = SettingText.Ulimit },
        new("readOnly", ContainerSettingForm.Flag) { Default = ["false"] },
        new(Tmpfs, ContainerSettingForm.Map) { NormaliseItem = SettingText.Tmpfs },
        new("init", ContainerSettingForm.Flag) { Default = ["false"] },
        new("tty", ContainerSettingForm.Flag) { Default = ["false"] },
        new("stdinOpen", ContainerSettingForm.Flag) { Default = ["false"] },
        new("stopSignal", ContainerSettingForm.Text) { Default = ["SIGTERM"], NormaliseItem = SettingText.Signal },
        new("privileged", ContainerSettingForm.Flag) { Default = ["false"] },
        new("capabilities.add", ContainerSettingForm.Set) { NormaliseItem = SettingText.Capability },
        new("capabilities.drop", ContainerSettingForm.Set) { NormaliseItem = SettingText.Capability },
        new("securityOptions", ContainerSettingForm.Set) { NormaliseItem = SettingText.SecurityOption },
        new("groups", ContainerSettingForm.Set),
        new("devices", ContainerSettingForm.Set) { NormaliseItem = SettingText.Device },
        new("sysctls", ContainerSettingForm.Map) { NormaliseItem = SettingText.Sysctl },
        new("extraHosts", ContainerSettingForm.Set) { NormaliseItem = SettingText.ExtraHost },
        new("dns", ContainerSettingForm.List) { NormaliseItem = SettingText.NameServer },
        new("dnsSearch", ContainerSettingForm.List),
        new("dnsOptions", ContainerSettingForm.List),
        new("ipc", ContainerSettingForm.Text) { NormaliseItem = SettingText.IpcMode },
        new("pid", ContainerSettingForm.Text) { NormaliseItem = SettingText.PidMode },
        new("logging.driver", ContainerSettingForm.Text) { Default = ["json-file"] },
        new("logging.options", ContainerSettingForm.Map) { Hidden = true },
    ];

    /// <summary>Finds what a container has of a setting: its own, else the default.</summary>
    /// <param name="settings">Its settings.</param>
    /// <param name="setting">The setting.</param>
    public static IReadOnlyList<string> Of(IReadOnlyDictionary<string, IReadOnlyList<string>> settings, ContainerSetting setting) =>
        settings.TryGetValue(setting.Name, out var value) ? value : DefaultOf(settings, setting);

    /// <summary>Takes away what is the default, and what the image sets itself.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="inherited">The image's.</param>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Beyond(
        IReadOnlyDictionary<string, IReadOnlyList<string>> settings, IReadOnlyDictionary<string, IReadOnlyList<string>> inherited) => All
        .Where(setting => settings.TryGetValue(setting.Name, out var value) && !value.SequenceEqual(Of(inherited, setting), StringComparer.Ordinal) && !value.SequenceEqual(DefaultOf(settings, setting), StringComparer.Ordinal))
        .ToDictionary(setting => setting.Name, setting => settings[setting.Name], StringComparer.Ordinal);

    // An engine gives as much swap as memory to a container with a limit of memory alone.
    private static IReadOnlyList<string> DefaultOf(IReadOnlyDictionary<string, IReadOnlyList<string>> settings, ContainerSetting setting) =>
        string.Equals(setting.Name, MemorySwap, StringComparison.Ordinal) && settings.TryGetValue(Memory, out var memory)
            ? [(2 * long.Parse(memory[0], CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture)]
            : setting.Default;
}
