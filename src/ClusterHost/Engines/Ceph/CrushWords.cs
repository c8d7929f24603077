namespace HedvigStorage.ClusterHost.Engines.Ceph;

/// <summary>The words of CRUSH for failure domains.</summary>
internal static class CrushWords
{
    public const string Root = "root";
    public const string Host = "host";
    public const string Rack = "rack";
    public const string DataCenter = "datacenter";

    public static string Of(FailureDomain domain) => domain switch
    {
        FailureDomain.Host => Host,
        FailureDomain.Rack => Rack,
        _ => DataCenter,
    };

    public static FailureDomain? Parse(string? word) => word switch
    {
        Host => FailureDomain.Host,
        Rack => FailureDomain.Rack,
        DataCenter => FailureDomain.DataCenter,
        _ => null,
    };
}
