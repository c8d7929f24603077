using HedvigStorage.Protocol;

namespace HedvigStorage.ClusterHost.Tests.Protocol;

/// <summary>The table of requests against a host with its embedded engine.</summary>
public sealed class RequestTableTests(RequestTableFixture fixture) : RequestTableContract(fixture), IClassFixture<RequestTableFixture>
{
    [Fact]
    public void The_table_has_every_request_type()
    {
        var known = typeof(RequestTypes).GetFields().Select(field => (string)field.GetValue(null)!);
        Assert.Equal(known.Order(StringComparer.Ordinal), RequestTable.All.Select(item => item.Type).Order(StringComparer.Ordinal));
    }
}
