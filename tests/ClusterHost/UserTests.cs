using System.Text.Json.Nodes;
using HedvigStorage.ClusterHost.Startup;

namespace HedvigStorage.ClusterHost.Tests;

public sealed class UserTests : IAsyncLifetime
{
    private const string Password = "correct horse battery";
    private InProcessHost _host = null!;

    public async Task InitializeAsync() => _host = await InProcessHost.StartAsync();

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task The_documented_example_of_AddUser_is_understood_and_answered_as_documented()
    {
        var answer = await _host.Client.SendAsync(
            "{type:AddUser,category:UserManagement,params:{displayName:'S3 "
                + "user',userName:'s3user',tenant:'Hedvig',role:'SuperUser',email:'a@example.com',"
            + $"mobile:'1',password:'{Password}',isGeneratedPassword:'false',isLdapUser:'false'}},sessionId:'{_host.Client.SessionId}'}}}}");
        Assert.Equal("ok", answer["status"]!.GetValue<string>());
        Assert.Equal("AddUser", answer["type"]!.GetValue<string>());
        Assert.NotEmpty(answer["requestId"]!.GetValue<string>());
        var result = answer["result"]!;
        Assert.False(result["isLdapUser"]!.GetValue<bool>());
        Assert.Equal("Hedvig", result["tenant"]!.GetValue<string>());
        Assert.Equal("s3user", result["userName"]!.GetValue<string>());
        await LoginAsync("s3user", Password);
    }

    [Fact]
    public async Task Login_tells_what_Terraform_declares()
    {
        var answer = await _host.Client.CallAsync("Login", Credential("HedvigAdmin", OwnerPassword()));
        var result = answer["result"]!;
        Assert.Equal("SuperUser", result["roles"]!["Hedvig"]!.GetValue<string>());
        Assert.Empty(result["datacenters"]!.AsArray());
        Assert.False(result["dualdc"]!.GetValue<bool>());
        Assert.Equal("Hedvig", result["primaryTenant"]!.GetValue<string>());
        Assert.Equal("HedvigAdmin", result["displayName"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_same_user_again_succeeds_and_another_role_or_password_is_a_conflict()
    {
        await AddAsync("ann", "Admin");
        await AddAsync("ann", "Admin");
        Assert.Contains(
            "'ann' already exists", await _host.Client.FailAsync("Conflict", "AddUser", User("ann", "ReadOnly")), StringComparison.Ordinal);
        var other = User("ann", "Admin");
        other["password"] = "another password";
        await _host.Client.FailAsync("Conflict", "AddUser", other);
        Assert.Equal(["HedvigAdmin", "ann"], await NamesAsync());
    }

    [Theory]
    [InlineData("ReadOnly", "AddVirtualDisk", false)]
    [InlineData("ReadOnly", "ListVolumes", true)]
    [InlineData("ReadOnly", "ListUsers", false)]
    [InlineData("ReadOnly", "ListAuditEvents", false)]
    [InlineData("Admin", "AddVirtualDisk", true)]
    [InlineData("Admin", "ListAuditEvents", true)]
    [InlineData("Admin", "ListUsers", false)]
    [InlineData("Admin", "AddUser", false)]
    [InlineData("Admin", "DeleteUser", false)]
    [InlineData("SuperUser", "ListUsers", true)]
    [InlineData("SuperUser", "DeleteUser", true)]
    public async Task A_role_allows_what_it_says(string role, string type, bool allowed)
    {
        await AddAsync("ann", role);
        await AddAsync("bob", "ReadOnly");
        using var ann = await LoginAsync("ann", Password);
        var parameters = type switch
        {
            "AddVirtualDisk" => new JsonObject { ["name"] = "v", ["size"] = "16MB" },
            "AddUser" => User("carl", "ReadOnly"),
            "DeleteUser" => new JsonObject { ["userName"] = "bob" },
            _ => new JsonObject(),
        };
        if (allowed)
        {
            await ann.OkAsync(type, parameters);
        }
        else
        {
            Assert.Contains($"needs the role", await ann.FailAsync("Unauthorized", type, parameters), StringComparison.Ordinal);
            Assert.Empty(await _host.Client.ListVolumesAsync());
            Assert.Equal(["HedvigAdmin", "ann", "bob"], await NamesAsync());
        }
    }

    [Fact]
    public async Task Another_role_and_a_removal_end_the_sessions_of_that_user_at_once()
    {
        await AddAsync("ann", "Admin");
        using var ann = await LoginAsync("ann", Password);
        await _host.Client.OkAsync("SaveUserProfile", new JsonObject { ["userName"] = "ann", ["role"] = "ReadOnly" });
        Assert.Equal("session-failure", (await ann.CallAsync("ListVolumes"))["status"]!.GetValue<string>());

        using var again = await LoginAsync("ann", Password);
        await _host.Client.OkAsync("DeleteUser", new JsonObject { ["userName"] = "ann" });
        Assert.Equal("session-failure", (await again.CallAsync("ListVolumes"))["status"]!.GetValue<string>());
        await again.FailAsync("Unauthorized", "Login", Credential("ann", Password));
        var gone = await _host.Client.CallAsync("DeleteUser", new JsonObject { ["userName"] = "ann" });
        Assert.Equal("warning", gone["status"]!.GetValue<string>());
        Assert.EndsWith("couldn't be found", gone["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everybody_changes_the_own_profile_and_password_and_nobody_elses()
    {
        await AddAsync("ann", "ReadOnly");
        await AddAsync("bob", "ReadOnly");
        using var ann = await LoginAsync("ann", Password);
        await ann.OkAsync("SaveUserProfile", new JsonObject { ["email"] = "ann@example.com" });
        await ann.FailAsync("Unauthorized", "SaveUserProfile", new JsonObject { ["role"] = "SuperUser" });
        await ann.FailAsync("Unauthorized", "SaveUserProfile", new JsonObject { ["userName"] = "bob", ["email"] = "x" });
        await ann.FailAsync("Unauthorized", "ChangePassword", new JsonObject { ["userName"] = "bob", ["newPassword"] = "123456789" });
        await ann.FailAsync("InvalidArgument", "ChangePassword", new JsonObject { ["newPassword"] = "123456789" });
        await ann.FailAsync(
            "Unauthorized", "ChangePassword", new JsonObject { ["currentPassword"] = "wrong", ["newPassword"] = "123456789" });
        using var elsewhere = await LoginAsync("ann", Password);
        await ann.OkAsync("ChangePassword", new JsonObject { ["currentPassword"] = Password, ["newPassword"] = "123456789" });
        await ann.OkAsync("ListVolumes");
        Assert.Equal("session-failure", (await elsewhere.CallAsync("ListVolumes"))["status"]!.GetValue<string>());
        await ann.FailAsync("Unauthorized", "Login", Credential("ann", Password));
        using var again = await LoginAsync("ann", "123456789");
        var users = (await _host.Client.OkAsync("ListUsers"))!["users"]!.AsArray();
        Assert.Equal("ann@example.com", users.Single(user => user!["userName"]!.GetValue<string>() == "ann")!["email"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_owner_stays_a_super_user()
    {
        await AddAsync("ann", "SuperUser");
        using var ann = await LoginAsync("ann", Password);
        Assert.Contains(
            "cluster's own admin",
            await ann.FailAsync("Refused", "DeleteUser", new JsonObject { ["userName"] = "HedvigAdmin" }),
            StringComparison.Ordinal);
        Assert.Contains(
            "cluster's own admin",
            await ann.FailAsync("Refused", "SaveUserProfile", new JsonObject { ["userName"] = "HedvigAdmin", ["role"] = "Admin" }),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("userName", "a b", "The user name 'a b' is not valid")]
    [InlineData("userName", "", "The user name is empty")]
    [InlineData("password", "short", "8 to 256")]
    [InlineData("password", "ANN@example.com", "is the user name")]
    [InlineData("role", "King", "'role' is 'King'; give ReadOnly or Admin or SuperUser")]
    [InlineData("tenant", "Other", "There is no tenant 'Other'")]
    [InlineData("isLdapUser", "true", "asks no LDAP directory")]
    [InlineData("displayName", "two\nlines", "one line")]
    public async Task A_wrong_user_is_refused_and_not_made(string member, string value, string message)
    {
        var user = User("ann@example.com", "Admin");
        user[member] = value;
        var answer = await _host.Client.CallAsync("AddUser", user);
        Assert.Equal("failure", answer["status"]!.GetValue<string>());
        Assert.Contains(message, answer["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(["HedvigAdmin"], await NamesAsync());
    }

    [Fact]
    public async Task Users_passwords_and_sessions_survive_an_orderly_restart()
    {
        using var directory = new TemporaryDirectory();
        var credential = Path.Combine(directory["data"], "credential.json");
        string? session;
        await using (var host = await InProcessHost.StartAsync(directory["data"]))
        {
            await host.Client.OkAsync("AddUser", User("ann", "Admin"));
            var current = DataDirectory.ReadCredential(credential).Password;
            await host.Client.OkAsync(
                "ChangePassword", new JsonObject { ["currentPassword"] = current, ["newPassword"] = "the owner's other one" });
            Assert.Equal("the owner's other one", DataDirectory.ReadCredential(credential).Password);
            session = host.Client.SessionId;
        }

        await using var again = await InProcessHost.StartAsync(directory["data"]);
        using var client = new RestClient(again.Address) { SessionId = session };
        await client.OkAsync("ListUsers");
        await client.LoginAsync("ann", Password);
        await client.LoginAsync("HedvigAdmin", "the owner's other one");
    }

    [Fact]
    public async Task The_owner_of_a_given_credential_file_changes_the_password_there()
    {
        using var directory = new TemporaryDirectory();
        var file = directory["credential.json"];
        await File.WriteAllTextAsync(file, """{"userName":"root","password":"from the file"}""");
        await using var host = await InProcessHost.StartAsync(directory["data"], options => options with { CredentialFile = file });
        var root = host.Client;
        var message = await root.FailAsync(
            "Refused", "ChangePassword", new JsonObject { ["currentPassword"] = "from the file", ["newPassword"] = "123456789" });
        Assert.Contains("credential file", message, StringComparison.Ordinal);
        await root.LoginAsync("root", "from the file");
    }

    [Fact]
    public async Task Logout_ends_the_session()
    {
        using var client = await LoginAsync("HedvigAdmin", OwnerPassword());
        await client.OkAsync("Logout");
        Assert.Equal("session-failure", (await client.CallAsync("ListVolumes"))["status"]!.GetValue<string>());
        await _host.Client.OkAsync("ListVolumes");
    }

    private static JsonObject User(string name, string role) => new() { ["userName"] = name, ["role"] = role, ["password"] = Password };

    private static JsonObject Credential(string userName, string password) => new() { ["userName"] = userName, ["password"] = password };

    private Task<JsonNode?> AddAsync(string name, string role) => _host.Client.OkAsync("AddUser", User(name, role));

    private string OwnerPassword() => DataDirectory.ReadCredential(Path.Combine(_host.Directory, "credential.json")).Password;

    private async Task<RestClient> LoginAsync(string userName, string password)
    {
        var client = new RestClient(_host.Address);
        await client.LoginAsync(userName, password);
        return client;
    }

    private async Task<string[]> NamesAsync() =>
        (await _host.Client.OkAsync("ListUsers"))!["users"]!.AsArray().Select(user => user!["userName"]!.GetValue<string>()).ToArray();
}
