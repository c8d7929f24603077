namespace HedvigStorage.Tests;

public sealed class AccessAddressTests
{
    [Theory]
    [InlineData("iqn.1993-08.org.debian:01:web1")]
    [InlineData("iqn.2012-05.com.hedvig:storage.proxy1.example.com-1")]
    [InlineData("IQN.1991-05.com.Microsoft:Host")]
    [InlineData("iqn.2001-12.com")]
    [InlineData("eui.02004567A425678D")]
    [InlineData("naa.52004567ba64678d")]
    [InlineData("naa.62004567BA64678D0123456789ABCDEF")]
    public void Initiators_have_names_of_three_forms(string name)
    {
        Assert.Equal(name, InitiatorName.Check(name));
        Assert.Equal(AccessRuleType.Iqn, AccessAddress.TypeOf(name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("iqn.")]
    [InlineData("iqn.1993-13.org.debian:01")]
    [InlineData("iqn.1993-00.org.debian:01")]
    [InlineData("iqn.1993-0a.org.debian:01")]
    [InlineData("iqn.93-08.org.debian:01")]
    [InlineData("iqn.1993-08.")]
    [InlineData("iqn.1993-08.org..debian")]
    [InlineData("iqn.1993-08.org.debian:")]
    [InlineData("iqn.1993-08.org.debian:a b")]
    [InlineData("iqn.1993-08.org.debian:a_b")]
    [InlineData("eui.02004567A425678")]
    [InlineData("naa.02004567A425678DA")]
    [InlineData("eui.02004567A425678G")]
    [InlineData("web1")]
    public void What_is_not_an_initiators_name_is_refused_with_the_rule(string name)
    {
        var error = Assert.Throws<ClusterException>(() => InitiatorName.Check(name));
        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.Contains(InitiatorName.Rule, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_initiators_name_has_223_bytes_at_most()
    {
        var start = "iqn.1993-08.org.debian:";
        Assert.True(InitiatorName.IsValid(start + new string('a', 223 - start.Length)));
        Assert.False(InitiatorName.IsValid(start + new string('a', 224 - start.Length)));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("proxy1.example.com")]
    [InlineData("10.0.0.1")]
    [InlineData("3com.example")]
    public void A_hosts_name_can_be_resolved(string name) => Assert.True(HostName.IsValid(name));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a.")]
    [InlineData("a..b")]
    [InlineData("-a")]
    [InlineData("a-.b")]
    [InlineData("a_b")]
    [InlineData("a:80")]
    [InlineData("ä")]
    [InlineData("10.0.0")]
    [InlineData("10.0.0.256")]
    [InlineData("010.0.0.1")]
    [InlineData("a23456789-123456789-123456789-123456789-123456789-123456789-1234")]
    public void What_cannot_be_resolved_is_not_a_hosts_name(string name) => Assert.False(HostName.IsValid(name));

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("10.1.0.0/16")]
    [InlineData("10.1.2.3/32")]
    [InlineData("0.0.0.0/0")]
    [InlineData("2001:db8::1")]
    [InlineData("2001:db8::/32")]
    [InlineData("2001:db8:8000::/33")]
    [InlineData("::/0")]
    [InlineData("ALL")]
    public void Addresses_and_networks_are_taken(string address) => Assert.Equal(address, AccessAddress.Check(AccessRuleType.Ip, address));

    [Theory]
    [InlineData("", "10.1.0.0/16")]
    [InlineData("all", "ALL")]
    [InlineData("1", "IPv4")]
    [InlineData("0x7f.0.0.1", "IPv4")]
    [InlineData("10.0.0.1/", "IPv4")]
    [InlineData("10.0.0.0/33", "IPv4")]
    [InlineData("10.0.0.0/08", "IPv4")]
    [InlineData("10.0.0.0/+8", "IPv4")]
    [InlineData("10.1.2.3/12", "10.0.0.0/12")]
    [InlineData("2001:db8:4000::/33", "2001:db8::/33")]
    [InlineData("2001:db8::/129", "IPv6")]
    [InlineData("[::1]:80", "IPv6")]
    [InlineData("fe80::1%eth0", "IPv6")]
    public void What_is_not_an_address_or_network_is_refused_with_what_would_be_right(string address, string told)
    {
        var error = Assert.Throws<ClusterException>(() => AccessAddress.Check(AccessRuleType.Ip, address));
        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.1", AccessRuleType.Ip)]
    [InlineData("web1", AccessRuleType.Host)]
    [InlineData("ALL", AccessRuleType.Iqn)]
    public void The_type_of_an_address_shows(string address, AccessRuleType type) => Assert.Equal(type, AccessAddress.TypeOf(address));

    [Fact]
    public void An_address_as_a_host_is_told_its_type() =>
        Assert.Contains(
            "type ip",
            Assert.Throws<ClusterException>(() => AccessAddress.Check(AccessRuleType.Host, "10.0.0.1")).Message,
            StringComparison.Ordinal);
}
