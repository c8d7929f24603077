namespace HedvigStorage.Documents;

/// <summary>The JSON schema of documents, which follows from the tables of their members.</summary>
public static class ConfigurationSchema
{
    private static readonly string[] TextOrWholeNumber = ["string", "integer"];

    /// <summary>Makes the schema: dictionaries in the order in which they are written, lists and plain values.</summary>
    public static IReadOnlyDictionary<string, object> Make()
    {
        var root = ConfigurationTable.Configuration.Schema();
        var properties = new DocumentBuilder();
        properties.Add("$schema", DocumentSchema.Build(DocumentSchema.Type("string")));
        foreach (var property in (IReadOnlyDictionary<string, object>)root["properties"])
        {
            properties.Add(property.Key, property.Value);
        }

        var schema = new DocumentBuilder();
        schema.Add("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Add("title", "HedvigStorage configuration");
        schema.Add("description", "The desired state of storage and containers. What is not specified is never changed.");
        schema.Add("type", "object");
        schema.Add("additionalProperties", false);
        schema.Add("properties", properties.Build());
        schema.Add("$defs", Definitions());
        return schema.Build();
    }

    private static IReadOnlyDictionary<string, object> Definitions()
    {
        var definitions = new DocumentBuilder();
        definitions.Add("name", Described(
            DocumentSchema.Text("^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$"),
            "Letters, digits, '_', '.' and '-', starting with a letter or digit, at most 255 bytes."));
        definitions.Add("ensure", Described(
            [.. WordForm<Ensure>.Instance.Schema, DocumentSchema.Keyword("default", nameof(Ensure.Present))],
            "Forgotten: the document gives up ownership; the object is kept."));
        definitions.Add("size", Described(
            [
                .. DocumentSchema.Type("string", "integer"),
                DocumentSchema.Keyword("pattern", "^[0-9.]+ ?([Bb]|[KkMmGgTtPpEe]([Ii]?[Bb])?)?$"),
                DocumentSchema.Keyword("exclusiveMinimum", 0),
            ],
            "10GB, 10GiB and 10G are all 10 times 2^30 bytes; a bare number is bytes."));
        definitions.Add("policy", CatalogTables.Policy.Schema());
        definitions.Add("volume", CatalogTables.Volume.Schema());
        definitions.Add("snapshot", CatalogTables.Snapshot.Schema());
        definitions.Add("access", CatalogTables.Access.Schema());
        definitions.Add("snapshotSchedule", CatalogTables.Schedule.Schema());
        definitions.Add("docker", DockerTables.Docker.Schema());
        definitions.Add("plugin", DockerTables.Plugin.Schema());
        definitions.Add("image", Described(
            DocumentSchema.Text(minLength: 1),
            "[REGISTRY[:PORT]/]NAME[:TAG][@DIGEST]. redis, redis:latest and docker.io/library/redis:latest are the same."));
        definitions.Add("duration", Described(Duration(), "A time such as 10s, 1.5s or 1m30s; a bare number is seconds."));
        definitions.Add("labels", Described(Labels(), "All of them, but for those that the image or this product sets."));
        definitions.Add("network", DockerTables.Network.Schema());
        definitions.Add("dockerVolume", DockerTables.Volume.Schema());
        definitions.Add("container", ContainerTable.Container.Schema());
        definitions.Add("environmentValue", EnvironmentValue());
        definitions.Add("health", ContainerTable.Health.Schema());
        definitions.Add("mount", ContainerTable.Mount.Schema());
        return definitions.Build();
    }

    private static IReadOnlyList<KeyValuePair<string, object>> Duration() =>
    [
        .. DocumentSchema.Number(TextOrWholeNumber, 0),
        DocumentSchema.Keyword(
            "pattern",
            "^([0-9]+|(?=.)([0-9]+(\\.[0-9]+)?h)?([0-9]+(\\.[0-9]+)?m)?([0-9]+(\\.[0-9]+)?s)?"
                + "([0-9]+(\\.[0-9]+)?ms)?([0-9]+(\\.[0-9]+)?[u\u00b5]s)?)$"),
    ];

    private static IReadOnlyList<KeyValuePair<string, object>> Labels() =>
    [
        .. DocumentSchema.Type("object"),
        DocumentSchema.Keyword("propertyNames", DocumentSchema.Build([DocumentSchema.Keyword("not", DocumentSchema.Build(
            [DocumentSchema.Keyword("pattern", "^io\\.hedvigstorage\\.")]))])),
        DocumentSchema.Keyword("additionalProperties", DocumentSchema.Build(DocumentSchema.Type("string", "number", "boolean"))),
    ];

    // A text, or an object that says where it comes from.
    private static IReadOnlyDictionary<string, object> EnvironmentValue()
    {
        var document = DocumentSchema.Builder(DocumentSchema.Type("string", "number", "boolean", "object"));
        document.Add("additionalProperties", false);
        document.Add("minProperties", 1);
        document.Add("maxProperties", 1);
        document.Add("description", "A text, or where it comes from. What comes from elsewhere is shown nowhere.");
        document.Add("properties", ContainerTable.EnvironmentSource.Schema()["properties"]);
        return document.Build();
    }

    private static IReadOnlyDictionary<string, object> Described(IEnumerable<KeyValuePair<string, object>> schema, string description)
    {
        var document = DocumentSchema.Builder(schema);
        document.Add("description", description);
        return document.Build();
    }
}
