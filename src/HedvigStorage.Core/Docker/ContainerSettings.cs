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
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> None { get; } = new Dictionary<string, IReadOnlyList<string>>(
        StringComparer.Ordinal);

    /// <summary>Gets the settings, in the order in which documents have them.</summary>
    public static IReadOnlyList<ContainerSetting> All { get; } =
    [
        // The engine's own least: a container with less does not start.
        new(Memory, ContainerSettingForm.Size) { Minimum = 6 << 20 },
        new(MemorySwap, ContainerSettingForm.Size)
        {
            Minimum = 6 << 20, CanBeUnlimited = true,
            Description = "Memory and swap together, or unlimited. Default: twice the memory.",
        },
        new(MemoryReservation, ContainerSettingForm.Size),
        new("resources.cpus", ContainerSettingForm.Number) { Description = "Processors, such as 1.5." },
        new("resources.cpuShares", ContainerSettingForm.WholeNumber) { Minimum = 2, Maximum = 262144 },
        new("resources.cpuset", ContainerSettingForm.Text)
        {
            NormaliseItem = ProcessorList.Normal,
            Description = "The processors that it runs on, such as 0-3.",
        },
        new("resources.pids", ContainerSettingForm.WholeNumber) { Description = "The most processes and threads." },
        new("shmSize", ContainerSettingForm.Size) { Default = ["67108864"], Description = "The size of /dev/shm. Default: 64MB." },
        new("ulimits", ContainerSettingForm.Map)
        {
            NormaliseItem = SettingText.Ulimit,
            JsonTypes = ["integer", "string"],
            Description = "Limits of processes by their names: one number, or SOFT:HARD.",
        },
        new("readOnly", ContainerSettingForm.Flag)
        {
            Default = ["false"],
            Description = "The container's own file system can only be read.",
        },
        new(Tmpfs, ContainerSettingForm.Map)
        {
            NormaliseItem = SettingText.Tmpfs,
            Description = "File systems in memory: their options, such as size=64m, by the path. An empty text is none.",
        },
        new("init", ContainerSettingForm.Flag) { Default = ["false"], Description = "An init process of the engine's runs first." },
        new("tty", ContainerSettingForm.Flag) { Default = ["false"] },
        new("stdinOpen", ContainerSettingForm.Flag) { Default = ["false"] },
        new("stopSignal", ContainerSettingForm.Text)
        {
            Default = ["SIGTERM"], NormaliseItem = SettingText.Signal,
            JsonTypes = ["string", "integer"],
            Description = "The signal that asks it to end, such as SIGINT. Default: the image's, or SIGTERM.",
        },
        new("privileged", ContainerSettingForm.Flag) { Default = ["false"] },
        new("capabilities.add", ContainerSettingForm.Set) { NormaliseItem = SettingText.Capability },
        new("capabilities.drop", ContainerSettingForm.Set) { NormaliseItem = SettingText.Capability },
        new("securityOptions", ContainerSettingForm.Set)
        {
            NormaliseItem = SettingText.SecurityOption,
            Description = "Such as no-new-privileges, or seccomp=unconfined.",
        },
        new("groups", ContainerSettingForm.Set)
        {
            JsonTypes = ["string", "integer"],
            Description = "Groups that its user belongs to besides.",
        },
        new("devices", ContainerSettingForm.Set)
        {
            NormaliseItem = SettingText.Device,
            Description = "HOST[:CONTAINER][:PERMISSIONS], such as /dev/fuse.",
        },
        new("sysctls", ContainerSettingForm.Map) { NormaliseItem = SettingText.Sysctl, JsonTypes = ["string", "integer"] },
        new("extraHosts", ContainerSettingForm.Set) { NormaliseItem = SettingText.ExtraHost, Description = "NAME:ADDRESS." },
        new("dns", ContainerSettingForm.List) { NormaliseItem = SettingText.NameServer },
        new("dnsSearch", ContainerSettingForm.List),
        new("dnsOptions", ContainerSettingForm.List),
        new("ipc", ContainerSettingForm.Text)
        {
            NormaliseItem = SettingText.IpcMode,
            Description = "The mode of its IPC namespace, such as host or private.",
        },
        new("pid", ContainerSettingForm.Text)
        {
            NormaliseItem = SettingText.PidMode,
            Description = "The mode of its process namespace, such as host.",
        },
        new("logging.driver", ContainerSettingForm.Text) { Default = ["json-file"], Description = "Default: json-file." },
        new("logging.options", ContainerSettingForm.Map)
        {
            Hidden = true,
            JsonTypes = ["string", "integer", "boolean"],
            Description = "Their values are shown nowhere.",
        },
    ];

    /// <summary>Tells what a schema says of the object that settings are members of.</summary>
    /// <param name="name">Its name, such as <c>resources</c>.</param>
    internal static string? DescriptionOf(string name) => name is "resources" ? "Limits. What is left out is not limited." : null;

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
        .Where(
            setting =>
                settings.TryGetValue(setting.Name, out var value) && !value.SequenceEqual(Of(inherited, setting), StringComparer.Ordinal)
                    && !value.SequenceEqual(DefaultOf(settings, setting), StringComparer.Ordinal))
        .ToDictionary(setting => setting.Name, setting => settings[setting.Name], StringComparer.Ordinal);

    // An engine gives as much swap as memory to a container with a limit of memory alone.
    private static IReadOnlyList<string> DefaultOf(IReadOnlyDictionary<string, IReadOnlyList<string>> settings, ContainerSetting setting) =>
        string.Equals(setting.Name, MemorySwap, StringComparison.Ordinal) && settings.TryGetValue(Memory, out var memory)
            ? [(2 * long.Parse(memory[0], CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture)]
            : setting.Default;
}
