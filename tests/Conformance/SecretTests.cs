using System.Diagnostics;
using System.Net.Http;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HedvigStorage.Conformance;

/// <summary>
/// Uses the product with passwords that are known, rightly and wrongly, and then looks for them wherever something may have been written.
/// </summary>
public sealed class SecretTests : IDisposable
{
    private const string Owner = "owner-Secret-Aq71";
    private const string Changed = "changed-Secret-Bw82";
    private const string User = "user-Secret-Ce93";
    private const string Wrong = "wrong-Secret-Dr04";
    private const string Malformed = "malformed-Secret-Et15";
    private const string Misplaced = "misplaced-Secret-Fy26";
    private const string Environmental = "environment-Secret-Gu37";

    private readonly string _folder = Directory.CreateTempSubdirectory("hvs-").FullName;
    private readonly HttpClient _http = new();
    private readonly List<string> _sessions = [];
    private readonly List<(string Where, string Text)> _seen = [];

    public void Dispose()
    {
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task No_secret_is_in_any_log_metric_audit_event_error_process_list_or_file()
    {
        var credential = Path.Combine(_folder, "credential.json");
        await File.WriteAllTextAsync(credential, $$"""{"userName":"root","password":"{{Owner}}"}""");
        var data = Path.Combine(_folder, "data");
        using var host = StartHost(data, credential);
        try
        {
            var address = await AddressAsync(data);
            await UseRightlyAsync(address);
            await UseWronglyAsync(address);
            await UseProgramsAsync(address, credential);
            await LookAtRunningHostAsync(address, host);
        }
        finally
        {
            host.Kill();
            await host.WaitForExitAsync();
        }

        LookAtFiles(data);
        var secrets = new[] { Owner, Changed, User, Wrong, Malformed, Misplaced, Environmental }.Concat(_sessions).ToArray();
        Assert.True(_sessions.Count >= 4 && _seen.Count > 20, "The test did not use what it is to look at.");
        var found = from seen in _seen from secret in secrets where seen.Text.Contains(
            secret, StringComparison.OrdinalIgnoreCase) select $"{secret} in {seen.Where}";
        Assert.Equal([], found.Distinct());
    }

    private Process StartHost(string data, string credential)
    {
        var start = new ProcessStartInfo(
            Programs.Path("hv-cluster"),
            ["--data", data, "--listen", "http://127.0.0.1:0", "--reserve", "0", "--credential-file", credential, "--log-level", "debug"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => See("hv-cluster's log", line.Data);
        process.OutputDataReceived += (_, line) => See("hv-cluster's output", line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }

    private async Task UseRightlyAsync(Uri address)
    {
        // Terraform's way: in the URL, which anybody would log.
        var login = await GetAsync(
            address, $"{{type:Login, category:UserManagement, params:{{userName:'root', password:'{Owner}', cluster:''}}}}");
        var root = Session(login);
        await PostAsync(address, "AddUser", new JsonObject { ["userName"] = "ann", ["role"] = "Admin", ["password"] = User }, root);
        await PostAsync(address, "AddUser", new JsonObject { ["userName"] = "ann", ["role"] = "ReadOnly", ["password"] = User }, root);
        var ann = Session(await PostAsync(address, "Login", new JsonObject { ["userName"] = "ann", ["password"] = User }, session: null));
        await PostAsync(address, "ChangePassword", new JsonObject { ["currentPassword"] = User, ["newPassword"] = Changed }, ann);
        _ = Session(await PostAsync(address, "Login", new JsonObject { ["userName"] = "ann", ["password"] = Changed }, session: null));
        await PostAsync(
            address,
            "AddVirtualDisk",
            new JsonObject { ["name"] = "data", ["size"] = "16MB", ["password"] = Misplaced, ["token"] = Misplaced },
            root);
        await PostAsync(address, "DeleteVDisk", new JsonObject { ["virtualDisks"] = new JsonArray("data"), ["password"] = Misplaced }, ann);
        await PostAsync(address, "Logout", [], ann);
    }

    private async Task UseWronglyAsync(Uri address)
    {
        var root = Session(
            await PostAsync(address, "Login", new JsonObject { ["userName"] = "root", ["password"] = Owner }, session: null));
        await PostAsync(address, "Login", new JsonObject { ["userName"] = "root", ["password"] = Wrong }, session: null);
        await PostAsync(address, "Login", new JsonObject { ["userName"] = "nobody", ["password"] = Wrong }, session: null);
        await PostAsync(address, "Login", new JsonObject { ["userName"] = "root", ["password"] = new JsonArray(Wrong) }, session: null);
        await PostAsync(address, "ChangePassword", new JsonObject { ["currentPassword"] = Wrong, ["newPassword"] = Changed }, root);
        await PostAsync(
            address,
            "ChangePassword",
            new JsonObject { ["currentPassword"] = Owner, ["newPassword"] = new JsonObject { ["a"] = Wrong } },
            root);
        await PostAsync(
            address,
            "AddUser",
            new JsonObject { ["userName"] = "bob", ["role"] = "Admin", ["password"] = Wrong, ["isLdapUser"] = "true" },
            root);
        await PostAsync(address, "NoSuchType", new JsonObject { ["password"] = Misplaced }, root);
        foreach (var text in new[]
        {
            $"{{type:Login,params:{{userName:'root',password:'{Malformed}'",
            $"{{type:Login,params:{{userName:'root',password:'{Malformed}\\q'}}}}",
            $"{{type:Login,params:['{Malformed}']}}",
            $"{{type:Login,params:'{Malformed}'}}",
            $"password={Malformed}",
            $"{{{Malformed}}}",
            $"{{type:Login,{Malformed}:1,{Malformed}:2}}",
        })
        {
            await GetAsync(address, text);
            await PostTextAsync(address, text);
        }

        See(
            "an unknown path",
            await (await _http.GetAsync(new Uri(address, $"/{Misplaced}?password={Misplaced}"))).Content.ReadAsStringAsync());
    }

    private async Task UseProgramsAsync(Uri address, string credential)
    {
        var document = Path.Combine(_folder, "document.json");
        await File.WriteAllTextAsync(document, """{ "volumes": [ { "name": "planned", "size": "16MB" } ] }""");
        foreach (var environment in new[] { ("root", Environmental), ("root", Owner) })
        {
            var settings = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["HV_USER"] = environment.Item1,
                ["HV_PASSWORD"] = environment.Item2,
            };
            See("hv plan", await Programs.RunAsync(
                Programs.Path("hv"), _folder, settings, "plan", document, "--cluster", address.ToString(), "--json"));
        }

        See(
            "hv apply",
            await Programs.HvAsync(_folder, "apply", document, "--cluster", address.ToString(), "--credential-file", credential));
        var broken = Path.Combine(_folder, "broken.json");
        await File.WriteAllTextAsync(broken, $$"""{"userName":"root","password":"{{Malformed}}""");
        See(
            "hv with a broken credential file",
            await Programs.HvAsync(_folder, "plan", document, "--cluster", address.ToString(), "--credential-file", broken));
        See("hv-cluster with a broken credential file", await Programs.RunAsync(
            Programs.Path("hv-cluster"),
            _folder,
            environment: null,
            "--data",
            Path.Combine(_folder, "other"),
            "--listen",
            "http://127.0.0.1:0",
            "--credential-file",
            broken));
        See("hv-plugin with a broken credential file", await Programs.RunAsync(
            Programs.Path("hv-plugin"),
            _folder,
            environment: null,
            "--cluster",
            address.ToString(),
            "--credential-file",
            broken,
            "--socket",
            Path.Combine(_folder, "p.sock"),
            "--state",
            Path.Combine(_folder, "state"),
            "--mount-root",
            Path.Combine(_folder, "mounts")));
    }

    private async Task LookAtRunningHostAsync(Uri address, Process host)
    {
        See("/metrics", await _http.GetStringAsync(new Uri(address, "/metrics")));
        See("/healthz", await _http.GetStringAsync(new Uri(address, "/healthz")));
        var root = Session(
            await PostAsync(address, "Login", new JsonObject { ["userName"] = "root", ["password"] = Owner }, session: null));
        var audit = await PostAsync(address, "ListAuditEvents", [], root);
        Assert.Contains("ChangePassword", audit, StringComparison.Ordinal);
        await PostAsync(address, "ListUsers", [], root);
        foreach (var process in Directory.GetDirectories("/proc").Where(folder => Path.GetFileName(folder).All(char.IsAsciiDigit)))
        {
            try
            {
                See("the process list", await File.ReadAllTextAsync(Path.Combine(process, "cmdline")));
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        Assert.False(host.HasExited);
    }

    // Killed, so that nothing is cleaned up and the journal of the catalog is still there.
    private void LookAtFiles(string data)
    {
        foreach (var file in Directory.GetFiles(data, "*", SearchOption.AllDirectories).Where(file => new FileInfo(file).Length < 64 << 20))
        {
            See(Path.GetRelativePath(_folder, file), Encoding.Latin1.GetString(File.ReadAllBytes(file)));
        }

        Assert.Contains(_seen, seen => seen.Where.EndsWith("catalog.db-wal", StringComparison.Ordinal));
    }

    private string Session(string answer)
    {
        var session = JsonDocument.Parse(answer).RootElement.GetProperty("result").GetProperty("sessionId").GetString()!;
        _sessions.Add(session);
        _ = _seen.RemoveAll(seen => seen.Text == answer);
        return session;
    }

    private async Task<string> GetAsync(Uri address, string request) =>
        See(
            "an answer",
            await (await _http.GetAsync(new Uri(address, "/rest/?request=" + Uri.EscapeDataString(request)))).Content.ReadAsStringAsync());

    private Task<string> PostAsync(Uri address, string type, JsonObject parameters, string? session) => PostTextAsync(
        address, new JsonObject { ["type"] = type, ["category"] = "HedvigStorage", ["params"] = parameters, ["sessionId"] = session }.ToJsonString());

    private async Task<string> PostTextAsync(Uri address, string request)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal) { ["request"] = request });
        return See("an answer", await (await _http.PostAsync(new Uri(address, "/rest/"), form)).Content.ReadAsStringAsync());
    }

    private void See(string where, Ended ended) => See(where, ended.Output + ended.Errors);

    private string See(string where, string? text)
    {
        lock (_seen)
        {
            _seen.Add((where, text ?? string.Empty));
        }

        return text ?? string.Empty;
    }

    private static async Task<Uri> AddressAsync(string data)
    {
        var run = Path.Combine(data, "run.json");
        await Wait.UntilAsync("hv-cluster has started", () => Task.FromResult(File.Exists(run)));
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(run));
        return new Uri(document.RootElement.GetProperty("address").GetString()!);
    }
}
