using System.Text.Json.Nodes;
using HedvigStorage.Cli.Output;
using HedvigStorage.Documents;

namespace HedvigStorage.Cli.Dsc;

/// <summary>Makes the schemas of instances from that of documents, so that there is one to keep.</summary>
internal static class InstanceSchema
{
    public static string OfDefinition(string definition, DscResource resource)
    {
        var document = Document();
        var schema = Object(document["$defs"]![definition]!);
        AddExist(schema);
        return Finish(schema, document, resource);
    }

    public static string OfVolumeList(DscResource resource)
    {
        var document = Document();
        var item = Object(document["$defs"]!["volume"]!);
        AddExist(item);
        document["$defs"]!["volumeItem"] = item;
        var schema = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["required"] = new JsonArray("volumes"),
            ["properties"] = new JsonObject
            {
                ["volumes"] = new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["$ref"] = "#/$defs/volumeItem" } },
            },
        };
        return Finish(schema, document, resource);
    }

    public static string OfConfiguration(DscResource resource)
    {
        var document = Document();
        var schema = document.DeepClone().AsObject();
        foreach (var name in new[] { "$schema", "title", "$defs" })
        {
            _ = schema.Remove(name);
        }

        return Finish(schema, document, resource);
    }

    private static JsonObject Document() => JsonNode.Parse(DocumentJson.Write(ConfigurationSchema.Make(), indented: false))!.AsObject();

    private static JsonObject Object(JsonNode definition)
    {
        var schema = definition.DeepClone().AsObject();
        _ = schema["properties"]!.AsObject().Remove("ensure");
        return schema;
    }

    private static void AddExist(JsonObject schema) => schema["properties"]!["_exist"] = new JsonObject
    {
        ["type"] = "boolean",
        ["default"] = true,
        ["description"] = "Whether it should exist.",
    };

    private static string Finish(JsonObject schema, JsonObject document, DscResource resource)
    {
        var properties = schema["properties"]!.AsObject();
        properties["_inDesiredState"] = new JsonObject
        {
            ["type"] = new JsonArray("boolean", "null"),
            ["readOnly"] = true,
            ["description"] = "What a test has found.",
        };
        foreach (var control in resource.Controls)
        {
            properties[control] = Control(control);
        }

        if (resource.Controls.Contains("allowRemove", StringComparer.Ordinal))
        {
            properties["prune"] = Flag(
                "Remove what the document has made and no longer describes. It needs a document with a name, and allowRemove.");
        }

        properties["connection"] = Connection();
        var finished = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = $"HedvigStorage/{resource.Name}",
        };
        foreach (var (name, value) in schema)
        {
            finished[name] = value?.DeepClone();
        }

        finished["$defs"] = document["$defs"]!.DeepClone();
        return finished.ToJsonString();
    }

    private static JsonObject Control(string name) => name switch
    {
        "allowReplace" =>
            Flag("Allow it to be removed and recreated where nothing else leads to what is desired. What is on a volume is lost."),
        "allowRemove" => Flag("Allow objects to be removed that the document does not make absent, as by prune."),
        "driver" =>
            new JsonObject
            {
                ["type"] = "string",
                ["minLength"] = 1,
                ["default"] = "hedvig",
                ["description"] = "The volume driver of its mounts.",
            },
        _ => throw new ArgumentException($"'{name}' is not known.", nameof(name)),
    };

    private static JsonObject Flag(string description) =>
        new() { ["type"] = "boolean", ["default"] = false, ["writeOnly"] = true, ["description"] = description };

    private static JsonObject Connection() => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["writeOnly"] = true,
        ["description"] = "How to reach the cluster and the Docker Engine; else the environment tells: HV_CLUSTER, HV_CREDENTIAL_FILE, "
            + "HV_USER and HV_PASSWORD, DOCKER_HOST. It holds no secrets.",
        ["properties"] = new JsonObject
        {
            ["cluster"] = new JsonObject
            {
                ["type"] = "string",
                ["minLength"] = 1,
                ["description"] = "The cluster's address, such as http://127.0.0.1:7080.",
            },
            ["credentialFile"] = new JsonObject
            {
                ["type"] = "string",
                ["minLength"] = 1,
                ["description"] = "A JSON file with userName and password.",
            },
            ["docker"] = new JsonObject
            {
                ["type"] = "string",
                ["minLength"] = 1,
                ["description"] = "The Docker Engine's address, such as unix:///var/run/docker.sock.",
            },
            ["skipCertificateCheck"] = new JsonObject
            {
                ["type"] = "boolean",
                ["default"] = false,
                ["description"] = "Accept any certificate of the cluster.",
            },
        },
    };
}
