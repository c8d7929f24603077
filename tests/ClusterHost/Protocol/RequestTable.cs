namespace HedvigStorage.ClusterHost.Tests.Protocol;

/// <summary>
/// Every request type, with what clients send and read. Source: Hedvig's Cinder driver and Terraform provider; the extension's are
/// docs/protocol-extension.md's. What good parameters ask for can be given by a Ceph cluster of six hosts, three of them in dc1.
/// </summary>
internal static class RequestTable
{
    private const string Disk = "VirtualDiskManagement";
    private const string Snapshots = "SnapshotManagement";
    private const string Users = "UserManagement";
    private const string Extension = "HedvigStorage";

    private static readonly string[] Item = ["result[0].status:string"];
    private static readonly string[] FailedItem = ["result[0].status:string", "result[0].message:string"];
    private static readonly (string, string) NewVolume = ("AddVirtualDisk", """{"name":"NAME","size":"1GB","diskType":"BLOCK"}""");
    private static readonly (string, string) NewPolicy = ("AddPolicy", """{"name":"NAME","replicationPolicy":"Agnostic"}""");
    private static readonly (string, string) NewUser = ("AddUser", """{"userName":"NAME","role":"Admin","password":"table password"}""");
    private static readonly (string, string) NewSnapshot = ("MakeSnapshot", """{"virtualDisks":["VOLUME"],"snapshotName":"NAME"}""");
    private static readonly (string, string) Attached = (
        "Attach", """{"virtualDisk":"NAME","host":"h1","bootId":"BOOT","machineId":"BOOT"}""");
    private static readonly (string, string) NewTarget = ("AddTarget", """{"name":"NAME","protocol":"block"}""");
    private static readonly (string, string) Mapped = (
        "AddLun", """{"virtualDisks":["NAME"],"targets":["block.example"],"readonly":false}""");
    private static readonly (string, string) Allowed = (
        "PersistACLAccess", """{"virtualDisks":["NAME"],"host":"block.example","type":"iqn","address":"iqn.2026-11.example:NAME"}""");
    private static readonly (string, string) NewFile = ("AddVirtualDisk", """{"name":"NAME","size":"1GB","diskType":"NFS"}""");
    private static readonly (string, string) Exported = ("Mount", """{"virtualDisk":"NAME","targets":["nfs.example"]}""");
    private static readonly (string, string) Registered = ("RegisterIqn", """{"host":"NAME","iqn":"iqn.2026-11.example:NAME"}""");
    private static readonly Parameter Iqn = Parameter.Text(
        "iqn",
        good: ["\"iqn.1993-08.org.debian:01:NAME\"", "\"eui.0123456789ABCDEF\"", "\"naa.0123456789ABCDEF\""],
        bad: ["\"iqn\"", "\"\"", "\"iqn.2026-11.example:a b\"", "\"eui.1\""]);
    private static readonly Parameter PageSize = Parameter.Number("pageSize", 1, 1000);
    private static readonly Parameter DataCenterAware = Parameter.Word("replicationPolicy", "DataCenterAware");
    private static readonly Parameter Policy = Parameter.Text("policy", required: false, good: ["\"\""], bad: ["\"no such policy\""]);
    private static readonly Parameter Labels = new(
        "labels",
        Required: false,
        ["{}", """{"a":"b"}""", """{"docs.example/owner":"","n":"7"}""", $$"""{"{{new string('l', 128)}}":"{{new string('v', 512)}}"}"""],
        ["[]", "\"a\"", """{"a b":"x"}""", """{"":"x"}""", """{"a":[]}""", """{"a":"\u0001"}""", $$"""{"{{new string('l', 129)}}":"x"}""", $$"""{"a":"{{new string('v', 513)}}"}""", $"{{{string.Join(',', Enumerable.Range(0, 33).Select(number => $"\"l{number}\":\"\""))}}}"]);
    private static readonly Parameter Schedule = new(
        "snapshotSchedule",
        Required: false,
        ["{}", """{"hourly":168,"daily":366,"weekly":520}""", """{"daily":"0"}""", """{"hourly":null}"""],
        ["[]", "7", """{"hourly":169}""", """{"daily":367}""", """{"weekly":521}""", """{"hourly":-1}""", """{"hourly":1.5}""", """{"hourly":[]}""", """{"monthly":1}"""]);
    private static readonly Parameter Role = Parameter.Word("role", "ReadOnly", "Admin", "SuperUser");

    public static IReadOnlyList<RequestCase> All { get; } =
    [
        new(
            "Login",
            Users,
            """{"userName":"HedvigAdmin","password":"PASSWORD","cluster":""}""",
            [Parameter.Text("userName"), Parameter.Text("password"), Parameter.Text("cluster", required: false)],
            ["result.sessionId:string", "result.userName:string", "result.displayName:string", "result.primaryTenant:string", "result.roles.Hedvig:string", "result.datacenters:array", "result.dualdc:boolean"]),
        new(
            "AddUser",
            Users,
            """{"displayName":"D","userName":"NAME","tenant":"Hedvig","role":"SuperUser","email":"e","mobile":"1","password":"table password","isGeneratedPassword":"false","isLdapUser":"false"}""",
            [
                Parameter.Text("userName", good: ["\"NAME.b+c@example.com\""], bad: ["\"a b\"", "\"\"", $"\"{new string('u', 256)}\""]),
                Parameter.Text("displayName", required: false),
                Parameter.Text("tenant", required: false, good: ["\"hedvig\""], bad: []),
                Role with { Required = true, Good = ["\"SuperUser\""] },
                Parameter.Text("email", required: false),
                Parameter.Text("mobile", required: false),
                Parameter.Text(
                    "password", good: ["\"12345678\"", $"\"{new string('p', 256)}\""], bad: ["\"1234567\"", $"\"{new string('p', 257)}\""]),
                Parameter.Flag("isGeneratedPassword"),
                new("isLdapUser", Required: false, ["false", "\"False\""], ["\"maybe\"", "[]"]),
            ],
            ["result.isLdapUser:boolean", "result.tenant:string", "result.userName:string"]),
        new(
            "SaveUserProfile",
            Users,
            """{"userName":"NAME","displayName":"D","email":"e","mobile":"1"}""",
            [Parameter.Text("userName", required: false), Parameter.Text(
                "displayName", required: false), Parameter.Text("email", required: false), Parameter.Text("mobile", required: false), Role],
            ["result.user.userName:string", "result.user.role:string"]) { Before = [NewUser] },
        new("ListClusterNodes", Disk, "{}", [], ["result:strings", "result[0]:string"]),
        new(
            "ClusterInformation",
            "ClusterWatch",
            "{}",
            [],
            ["result.capacity.total.value:number", "result.capacity.total.units:string", "result.capacity.used.value:number", "result.capacity.used.units:string"]),
        // Without a residence: the most copies need all hosts, whatever disks they have.
        new(
            "AddVirtualDisk",
            Disk,
            """
            {"name":"NAME","size":{"unit":"GB","value":1},"diskType":"BLOCK","blockSize":4096,"exportedBlockSize":4096,"replicationFactor":3,
            "replicationPolicy":"Agnostic","dataCenters":["dc1"],"deduplication":false,"compressed":false,"cacheEnabled":false,"encryption":false,"clusteredFileSystem":false,
            "scsi3pr":false,"description":"d","createdBy":"OpenStack","immutable":false,"cloudEnabled":false,"cloudProvider":0,"isClone":false,"consistency":"STRONG"}
            """,
            [
                Parameter.ObjectName("name"),
                Parameter.Size("size"),
                Parameter.Word("diskType", "BLOCK", "NFS"),
                new("blockSize", Required: false, ["512", "4096", "65536", "\"4096\""], ["0", "1024", "65537", "\"4k\"", "[]", "true"]),
                new("exportedBlockSize", Required: false, ["512", "4096"], ["1", "[]"]),
                .. Parameter.Attributes,
                DataCenterAware,
                new("deduplication", Required: false, ["false"], ["true", "\"maybe\"", "[]"]),
                new("encryption", Required: false, ["false", "\"False\""], ["\"maybe\"", "[]"]),
                Parameter.Flag("clusteredFileSystem"),
                Parameter.Flag("scsi3pr"),
                Parameter.Flag("isClone"),
                new("immutable", Required: false, ["false"], ["\"maybe\"", "{}"]),
                new("cloudEnabled", Required: false, ["false"], ["\"maybe\"", "{}"]),
                Parameter.Number("cloudProvider", 0, int.MaxValue),
                Parameter.Word("consistency", "STRONG", "WEAK"),
                Parameter.Text("createdBy", required: false),
                Parameter.Text("description", required: false, good: ["\"\"", "\"it's \\\"q\\\" \\\\ é \\n\""]),
                Parameter.Word("fileSystem", "ext4", "xfs"),
                Parameter.Number("uid", 0, int.MaxValue),
                Parameter.Number("gid", 0, int.MaxValue),
                Parameter.Number("mode", 0, 4095),
                Parameter.Flag("protected"),
                Policy,
                Labels,
            ],
            [.. Item, "result[0].name:string"]) { ReadsOfFailure = FailedItem },
        new(
            "VirtualDiskDetails",
            Disk,
            """{"virtualDisk":"VOLUME"}""",
            [Parameter.Text("virtualDisk")],
            ["result.vDiskName:string", "result.size.units:string", "result.size.value:integer", "result.diskType:string", "result.targetLocations:strings"]),
        new(
            "ResizeDisks",
            Disk,
            """{"virtualDisks":["NAME"],"size":{"unit":"GB","value":2}}""",
            [Parameter.List("virtualDisks", "\"NAME\""), Parameter.Size("size")],
            [.. Item, "result[0].name:string"]) { Before = [NewVolume], ReadsOfFailure = FailedItem },
        new(
            "RemoveVolume",
            Extension,
            """{"virtualDisk":"NAME","ifLabelled":{},"unlessLabelled":["none"]}""",
            [
                Parameter.Text("virtualDisk"),
                new("ifLabelled", Required: false, ["{}"], ["1", "[]"]),
                Parameter.List("unlessLabelled", "\"none\"", required: false),
            ],
            []) { Before = [NewVolume] },
        new(
            "DeleteVDisk",
            Disk,
            """{"virtualDisks":["NAME"]}""",
            [Parameter.List("virtualDisks", "\"NAME\"")],
            Item) { Before = [NewVolume], ReadsOfFailure = FailedItem },
        new(
            "MakeSnapshot",
            Snapshots,
            """{"virtualDisks":["VOLUME"],"openstackSID":"NAME"}""",
            [Parameter.List("virtualDisks", "\"VOLUME\""), Parameter.Text(
                "openstackSID", required: false), Parameter.ObjectName("snapshotName", required: false), Labels],
            [.. Item, "result[0].snapshotName:string"]) { ReadsOfFailure = FailedItem },
        new(
            "CloneVdisk",
            Snapshots,
            """{"srcVolName":"VOLUME","cloneVolName":"NAME","size":1073741824}""",
            [Parameter.Text("srcVolName"), Parameter.ObjectName("cloneVolName"), Parameter.Size("size", required: false), Parameter.Flag(
                "protected"), Parameter.Word("takeover", "Never", "Fenced"), Parameter.Flag("cacheEnabled"), Labels],
            []),
        new(
            "DeleteSnapshot",
            Snapshots,
            """{"snapshotName":"NAME","openstackVolName":"VOLUME"}""",
            [Parameter.Text("snapshotName"), Parameter.Text("openstackVolName"), Parameter.Text("openstackSID", required: false)],
            []) { Before = [NewSnapshot] },

        new(
            "ListTargets",
            Disk,
            """{"computeHost":"compute.example"}""",
            [Parameter.Text("computeHost", required: false)],
            ["result:array", "result[0].target:string", "result[0].protocol:string"]),
        new(
            "GetLun",
            Disk,
            """{"virtualDisk":"NAME","target":"block.example"}""",
            [Parameter.Text("virtualDisk"), Parameter.Text("target")],
            ["result.lun:integer"]) { Before = [NewVolume, Mapped] },
        new(
            "AddLun",
            Disk,
            """{"virtualDisks":["NAME"],"targets":["block.example"],"readonly":false}""",
            [Parameter.List("virtualDisks", "\"NAME\""), Parameter.List("targets", "\"block.example\""), Parameter.Flag("readonly")],
            [.. Item, "result[0].targets[0].status:string"]) { Before = [NewVolume], ReadsOfFailure = [.. FailedItem, "result[0].targets[0].status:string", "result[0].targets[0].message:string"] },
        new(
            "UnmapLun",
            Disk,
            """{"virtualDisk":"NAME","target":"block.example"}""",
            [Parameter.Text("virtualDisk"), Parameter.Text("target")],
            []) { Before = [NewVolume, Mapped] },
        new("GetIqn", Disk, """{"host":"NAME"}""", [Parameter.Text("host")], ["result.iqn:string"]) { Before = [Registered] },
        new(
            "PersistACLAccess",
            Disk,
            """{"virtualDisks":["NAME"],"host":"block.example","type":"ip","address":"192.0.2.1"}""",
            [
                Parameter.List("virtualDisks", "\"NAME\""),
                Parameter.Text("host"),
                Parameter.Word("type", "host", "ip", "iqn") with { Required = true, Good = ["\"ip\"", "\"IP\""] },
                new(
                    "address",
                    Required: true,
                    ["\"2001:db8::1\"", "\"10.1.0.0/16\"", "\"ALL\"", "[\"192.0.2.2\"]"],
                    ["{}", "[]", "\"\"", "\"300.1.1.1\"", "\"10.1.0.1/16\"", "\"a b\"", "[[]]"]),
            ],
            Item) { Before = [NewVolume], ReadsOfFailure = FailedItem },
        new(
            "GetACLInformation",
            Disk,
            """{"virtualDisk":"NAME"}""",
            [Parameter.Text("virtualDisk")],
            ["result[0].host:string", "result[0].initiator[0].ip:string", "result[0].initiator[0].name:string"]) { Before = [NewVolume, Allowed] },
        new(
            "RemoveACLAccess",
            Disk,
            """{"virtualDisk":"NAME","host":"block.example","address":["iqn.2026-11.example:NAME"]}""",
            [Parameter.Text("virtualDisk"), Parameter.Text("host"), Parameter.List("address", "\"iqn.2026-11.example:NAME\"")],
            []) { Before = [NewVolume, Allowed] },
        new(
            "Mount",
            Disk,
            """{"virtualDisk":"NAME","targets":["nfs.example"]}""",
            [Parameter.Text("virtualDisk"), Parameter.List("targets", "\"nfs.example\"")],
            ["result.exportInfo[0].target:string", "result.exportInfo[0].status:string"]) { Before = [NewFile] },
        new(
            "Unmount",
            Disk,
            """{"virtualDisk":"NAME","targets":["nfs.example"]}""",
            [Parameter.Text("virtualDisk"), Parameter.List("targets", "\"nfs.example\"")],
            []) { Before = [NewFile, Exported] },
        new(
            "ListExportedTargets",
            Disk,
            """{"virtualDisk":"NAME"}""",
            [Parameter.Text("virtualDisk")],
            ["result:strings", "result[0]:string"]) { Before = [NewFile, Exported] },

        new(
            "AddTarget",
            Extension,
            """{"name":"NAME","protocol":"block","computeHosts":["compute.example"]}""",
            [
                Parameter.Text("name", good: ["\"NAME.example\""], bad: ["\"a b\"", "\"\"", "\"a_b\"", $"\"{new string('t', 256)}\""]),
                Parameter.Word("protocol", "block", "nfs") with { Required = true },
                Parameter.List("computeHosts", "\"compute.example\"", required: false),
            ],
            ["result.target.target:string", "result.target.protocol:string", "result.target.computeHosts:strings"]),
        new(
            "UpdateTarget",
            Extension,
            """{"name":"NAME","computeHosts":["other.example"]}""",
            [Parameter.Text("name"), Parameter.List("computeHosts", "\"compute.example\"", required: false)],
            ["result.target.target:string", "result.target.computeHosts:strings"]) { Before = [NewTarget] },
        new("DeleteTarget", Extension, """{"name":"NAME"}""", [Parameter.Text("name")], []) { Before = [NewTarget] },
        new(
            "ListAccess",
            Extension,
            "{}",
            [],
            [
                "result.luns[0].virtualDisk:string", "result.luns[0].target:string", "result.luns[0].lun:integer",
                "result.luns[0].readonly:boolean", "result.exports:array",
                "result.rules[0].virtualDisk:string", "result.rules[0].target:string", "result.rules[0].type:string",
                "result.rules[0].address:string",
            ]) { Before = [NewVolume, Mapped, Allowed] },
        new(
            "AddVolumes",
            Extension,
            """{"volumes":[{"name":"NAME","size":{"unit":"GB","value":1},"diskType":"BLOCK","labels":{"a":"b"}}]}""",
            [
                new(
                    "volumes",
                    Required: true,
                    ["""[{"name":"NAME","size":"1GB"},{"name":"NAME-2","size":1073741824,"fileSystem":"xfs","uid":70}]"""],
                    [
                        "[]", "{}", "7", "[7]", "[{}]", """[{"name":"NAME"}]""", """[{"size":"1GB"}]""",
                        """[{"name":"NAME","size":"1GB"},{"name":"NAME","size":"1GB"}]""", """[{"name":"NAME","size":"1GB","uid":-1}]""",
                        $"[{string.Join(',', Enumerable.Range(0, 1001).Select(number => $$"""{"name":"NAME-{{number}}","size":"1GB"}"""))}]",
                    ]),
            ],
            ["result[0].name:string", "result[0].status:string", "result[0].volume.name:string", "result[0].volume.sizeBytes:integer", "result[0].volume.id:string"]),
        new(
            "SetLabels",
            Extension,
            """{"kind":"Volume","name":"NAME","labels":{"a":"b"}}""",
            [Parameter.Word("kind") with { Required = true, Good = ["\"volume\""] }, Parameter.Text("name"), Labels with { Required = true }, Parameter.Text("virtualDisk", required: false) with { Bad = [] }, Parameter.Text("target", required: false) with { Bad = [] }],
            []) { Before = [NewVolume] },
        new(
            "ListIqns",
            Extension,
            "{}",
            [],
            ["result.initiators[0].host:string", "result.initiators[0].iqn:string"]) { Before = [Registered] },
        new(
            "RegisterIqn",
            Extension,
            """{"host":"NAME","iqn":"iqn.2026-11.example:NAME"}""",
            [Parameter.Text("host", bad: ["\"a b\"", "\"\""]), Iqn],
            ["result.host:string", "result.iqn:string"]),
        new(
            "UnregisterIqn",
            Extension,
            """{"host":"NAME"}""",
            [Parameter.Text("host"), Parameter.Text("iqn", required: false)],
            []) { Before = [Registered] },
        new("Logout", Extension, "{}", [], []),
        new(
            "Health",
            Extension,
            "{}",
            [],
            ["result.healthy:boolean", "result.problems:strings", "result.version:string", "result.startedAt:string"]),
        new(
            "CheckCluster",
            Extension,
            "{}",
            [],
            ["result.healthy:boolean", "result.problems:strings", "result.version:string", "result.startedAt:string"]),
        new(
            "BackupCatalog",
            Extension,
            "{}",
            [],
            [
                "result.backup:string", "result.bytes:integer", "result.sha256:string", "result.volumeCount:integer",
                "result.commits:integer",
            ]),
        new(
            "ReadBackup",
            Extension,
            """{"offset":0}""",
            [Parameter.Text("backup", required: false), Parameter.Number("offset", 0, long.MaxValue)],
            ["result.content:string"]) { Before = [("BackupCatalog", "{}")] },
        new(
            "Capabilities",
            Extension,
            "{}",
            [],
            [
                "result.engine:string", "result.version:string", "result.volumeTypes:strings", "result.honouredAttributes:strings", "result.fixedPlacementTypes:strings", "result.placementChecks:boolean",
                "result.sharesData:boolean",
                "result.ownMachineOnly:boolean", "result.labels:boolean", "result.snapshotSchedules:boolean",
                "result.volumeBatches:boolean", "result.minimumVolumeBytes:integer", "result.maximumVolumeBytes:integer",
            ]),
        new(
            "ListUsers",
            Extension,
            "{}",
            [],
            ["result.users[0].userName:string", "result.users[0].role:string", "result.users[0].owner:boolean"]),
        new("DeleteUser", Extension, """{"userName":"NAME"}""", [Parameter.Text("userName")], []) { Before = [NewUser] },
        new(
            "ChangePassword",
            Extension,
            """{"userName":"NAME","newPassword":"another password"}""",
            [Parameter.Text("newPassword", bad: ["\"1234567\"", $"\"{new string('p', 257)}\""]), Parameter.Text(
                "currentPassword", required: false, good: ["\"table password\""])],
            []) { Before = [NewUser] },
        new(
            "ListAuditEvents",
            Extension,
            "{}",
            [
                PageSize,
                Parameter.Text("pageToken", required: false, good: ["\"1\""], bad: ["\"x\"", "\"-1\""]),
                Parameter.Text("userName", required: false),
                Parameter.Text("type", required: false),
                Parameter.Text("since", required: false, good: ["\"2026-01-31T12:00:00Z\""], bad: ["\"yesterday\""]),
            ],
            ["result.events[0].id:integer", "result.events[0].at:string", "result.events[0].userName:string", "result.events[0].outcome:string"]) { Before = [NewVolume] },
        new(
            "ListVolumes",
            Extension,
            "{}",
            [PageSize, Parameter.Text("pageToken", required: false), Parameter.Text("pattern", required: false), Parameter.List(
                "names", "\"VOLUME\"", required: false)],
            ["result.volumes[0].name:string", "result.volumes[0].id:string", "result.volumes[0].diskType:string", "result.volumes[0].sizeBytes:integer", "result.volumes[0].snapshotCount:integer"]),
        new(
            "UpdateVolume",
            Extension,
            """{"virtualDisk":"VOLUME","description":"changed"}""",
            [
                Parameter.Text("virtualDisk"), Policy, Parameter.Text("description", required: false),
                new("protected", Required: false, ["false"], ["\"maybe\"", "[]"]), Parameter.Word(
                    "takeover", "Never", "Fenced"), Parameter.Number("replicationFactor", 1, 6), Parameter.Flag("cacheEnabled"),
            ],
            ["result.volume.name:string", "result.volume.description:string"]),
        new(
            "RevertVolume",
            Extension,
            """{"virtualDisk":"VOLUME","snapshotName":"NAME"}""",
            [Parameter.Text("virtualDisk"), Parameter.Text("snapshotName")],
            ["result.volume.name:string"]) { Before = [NewSnapshot] },
        new(
            "ListSnapshots",
            Extension,
            "{}",
            [PageSize, Parameter.Text(
                "pageToken",
                required: false,
                bad: ["\"x\""]), Parameter.Text("pattern", required: false), Parameter.Text("virtualDisk", required: false)],
            ["result.snapshots[0].volume:string", "result.snapshots[0].name:string", "result.snapshots[0].sizeBytes:integer"]) { Before = [NewSnapshot] },
        new(
            "ListPolicies",
            Extension,
            "{}",
            [],
            ["result.policies[0].name:string", "result.policies[0].volumeCount:integer"]) { Before = [NewPolicy] },
        new(
            "AddPolicy",
            Extension,
            """{"name":"NAME","replicationPolicy":"Agnostic"}""",
            [Parameter.ObjectName("name"), Parameter.Text(
                "description", required: false), DataCenterAware, Schedule, Labels, .. Parameter.Attributes],
            ["result.policy.name:string", "result.policy.requested:object"]),
        new(
            "UpdatePolicy",
            Extension,
            """{"name":"NAME","description":"changed"}""",
            [Parameter.Text("name"), Parameter.Text("description", required: false), Schedule, .. Parameter.Attributes],
            ["result.policy.name:string"]) { Before = [NewPolicy] },
        new("CheckPlacement", Extension, """{"replicationFactor":2}""", [DataCenterAware, .. Parameter.Attributes], []),
        new("DeletePolicy", Extension, """{"name":"NAME"}""", [Parameter.Text("name")], []) { Before = [NewPolicy] },
        new(
            "Attach",
            Extension,
            """{"virtualDisk":"NAME","host":"h1","bootId":"BOOT","machineId":"BOOT","mode":"ReadWrite"}""",
            [Parameter.Text("virtualDisk"), Parameter.ObjectName("host"), Parameter.ObjectName("hostId", required: false), Parameter.Text("bootId"), Parameter.Text("machineId"), Parameter.Text("process", required: false), Parameter.Word("mode", "ReadWrite", "ReadOnly")],
            ["result.attachment.generation:integer", "result.attachment.host:string", "result.volume.name:string", "result.device.kind:string", "result.device.path:string"]) { Before = [NewVolume] },
        new(
            "RenewAttachments",
            Extension,
            """{"host":"h1","bootId":"BOOT","virtualDisks":["NAME"]}""",
            [Parameter.Text("host"), Parameter.ObjectName("hostId", required: false), Parameter.Text("bootId"), Parameter.Text(
                "process", required: false), Parameter.List("virtualDisks", "\"NAME\"", required: false)],
            ["result.attachments[0].volume:string"]) { Before = [NewVolume, Attached] },
        new(
            "Detach",
            Extension,
            """{"virtualDisk":"NAME","host":"h1","generation":1}""",
            [Parameter.Text("virtualDisk"), Parameter.Text("host"), Parameter.ObjectName("hostId", required: false), Parameter.Number(
                "generation", 0, long.MaxValue)],
            []) { Before = [NewVolume, Attached] },
        new("FenceAttachment", Extension, """{"virtualDisk":"NAME"}""", [Parameter.Text("virtualDisk")], []) { Before = [NewVolume] },
        new(
            "ListAttachments",
            Extension,
            "{}",
            [Parameter.Text("host", required: false)],
            ["result.attachments[0].volume:string", "result.attachments[0].generation:integer"]) { Before = [NewVolume, Attached] },
    ];
}
