namespace HedvigStorage.Docker;

/// <summary>
/// The names that the kernel, and engines in their own checks, know: a container with another one is not made, or does not start.
/// </summary>
internal static class KernelNames
{
    // Signals by their numbers, as Linux has them on x86 and ARM.
    public static readonly string[] Signals =
    [
        "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT",
        "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    public static readonly Dictionary<string, string> SignalsOfTwoNames = new(StringComparer.Ordinal)
    {
        ["IOT"] = "ABRT",
        ["CLD"] = "CHLD",
        ["POLL"] = "IO",
    };

    // setrlimit(2).
    public static readonly HashSet<string> Ulimits = new(
        [
            "as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime",
            "sigpending", "stack",
        ],
        StringComparer.Ordinal);

    // capabilities(7).
    public static readonly HashSet<string> Capabilities = new(
        [
            "ALL", "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE", "CHOWN", "DAC_OVERRIDE",
            "DAC_READ_SEARCH", "FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL",
            "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE", "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW",
            "PERFMON", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYSLOG",
            "SYS_ADMIN", "SYS_BOOT", "SYS_CHROOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE",
            "SYS_TIME", "SYS_TTY_CONFIG", "WAKE_ALARM",
        ],
        StringComparer.Ordinal);

    // What moby takes of an option without a value (MergeTmpfsOptions), and of those with one.
    public static readonly HashSet<string> TmpfsFlags = new(
        [
            "async", "atime", "bind", "defaults", "dev", "diratime", "dirsync", "exec", "loud", "mand", "noatime", "nodev", "nodiratime",
            "noexec", "nomand", "norelatime", "nostrictatime", "nosuid",
            "private", "rbind", "relatime", "remount", "ro", "rprivate", "rshared", "rslave", "runbindable", "rw", "shared", "silent",
            "slave", "strictatime", "suid", "sync", "tmpcopyup", "notmpcopyup",
            "unbindable", "rro",
        ],
        StringComparer.Ordinal);

    public static readonly HashSet<string> TmpfsValues = new(
        ["size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol"], StringComparer.Ordinal);

    // Those that a container can have of its own: of the kernel's namespaces for IPC, names and networks.
    public static readonly HashSet<string> IpcSysctls = new(
        [
            "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax", "kernel.shmmni",
            "kernel.shm_rmid_forced", "kernel.domainname",
        ],
        StringComparer.Ordinal);

    // moby's own (parseSecurityOpt), those of Windows, and Podman's.
    public static readonly HashSet<string> SecurityOptions = new(
        [
            "apparmor", "credentialspec", "label", "mask", "no-new-privileges", "proc-opts", "seccomp", "systempaths", "unmask",
            "writable-cgroups",
        ],
        StringComparer.Ordinal);
}
