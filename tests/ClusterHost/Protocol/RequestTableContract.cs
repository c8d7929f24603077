using System.Text.Json.Nodes;

namespace HedvigStorage.ClusterHost.Tests.Protocol;

/// <summary>
/// Every request type against every way to get a parameter wrong, and every answer against what clients read of it, whatever engine the
/// host has.
/// </summary>
public abstract class RequestTableContract(RequestTableFixture fixture)
{
    private static readonly string[] Envelope = ["status:string", "type:string", "requestId:string"];
    private static readonly string[] FailedEnvelope = [.. Envelope, "message:string"];

    public static TheoryData<string> Types { get; } = [.. RequestTable.All.Select(item => item.Type)];

    public static TheoryData<string, string> Parameters { get; } = ListParameters();

    [SkippableTheory]
    [MemberData(nameof(Types))]
    public async Task An_answer_has_what_clients_read(string type)
    {
        var (item, parameters) = await PrepareAsync(type);
        var answer = await fixture.AskAsync(item, parameters);
        Assert.True(answer.GetProperty("status").GetString() == "ok", answer.ToString());
        Assert.Equal(type, answer.GetProperty("type").GetString());
        Assert.All(Envelope.Concat(item.Reads), expected => Shape.Check(answer, expected));
    }

    [SkippableTheory]
    [MemberData(nameof(Types))]
    public async Task An_unknown_parameter_is_passed_over(string type)
    {
        var (item, parameters) = await PrepareAsync(type);
        parameters["somethingElse"] = new JsonObject { ["a"] = new JsonArray(1, 2) };
        await TakenAsync(item, parameters);
    }

    [SkippableTheory]
    [MemberData(nameof(Types))]
    public async Task Without_a_session_the_answer_is_a_session_failure_and_nothing_is_done(string type)
    {
        var (item, parameters) = await PrepareAsync(type);
        var before = await fixture.StateAsync();
        var answer = await fixture.AskAsync(item, parameters, session: new string('0', 32));
        if (type == "Login")
        {
            Assert.Equal("ok", answer.GetProperty("status").GetString());
            return;
        }

        Assert.Equal("session-failure", answer.GetProperty("status").GetString());
        Assert.All(FailedEnvelope.Concat(item.ReadsOfFailure), expected => Shape.Check(answer, expected));
        Assert.Equal(before, await fixture.StateAsync());
    }

    [SkippableTheory]
    [MemberData(nameof(Parameters))]
    public async Task A_parameter_that_is_missing_or_null_is_refused_only_if_it_is_needed(string type, string name)
    {
        var requests = new List<(RequestCase Item, JsonObject Parameters)>();
        foreach (var asNull in new[] { false, true })
        {
            var (item, parameters) = await PrepareAsync(type);
            _ = parameters.Remove(name);
            if (asNull)
            {
                parameters[name] = null;
            }

            requests.Add((item, parameters));
        }

        if (Find(Case(type), name).Required)
        {
            Assert.All(await RefusedAsync(requests), message => Assert.Contains(name, message, StringComparison.Ordinal));
            return;
        }

        foreach (var (item, parameters) in requests)
        {
            await TakenAsync(item, parameters);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Parameters))]
    public async Task A_parameter_of_the_wrong_type_or_beyond_its_limit_is_refused_and_nothing_is_done(string type, string name)
    {
        var requests = new List<(RequestCase Item, JsonObject Parameters)>();
        foreach (var bad in Find(Case(type), name).Bad)
        {
            requests.Add(await PrepareAsync(type));
            requests[^1].Parameters[name] = JsonNode.Parse(fixture.Fill(bad));
        }

        _ = await RefusedAsync(requests);
    }

    [SkippableTheory]
    [MemberData(nameof(Parameters))]
    public async Task A_parameter_at_its_limit_is_taken(string type, string name)
    {
        foreach (var good in Find(Case(type), name).Good)
        {
            var (item, parameters) = await PrepareAsync(type);
            parameters[name] = JsonNode.Parse(fixture.Fill(good));
            await TakenAsync(item, parameters);
        }
    }

    private static TheoryData<string, string> ListParameters()
    {
        var data = new TheoryData<string, string>();
        foreach (var item in RequestTable.All)
        {
            foreach (var parameter in item.Kinds)
            {
                data.Add(item.Type, parameter.Name);
            }
        }

        return data;
    }

    private static RequestCase Case(string type) => RequestTable.All.Single(item => item.Type == type);

    private static Parameter Find(RequestCase item, string name) => item.Kinds.Single(parameter => parameter.Name == name);

    private Task<(RequestCase Item, JsonObject Parameters)> PrepareAsync(string type) => fixture.PrepareAsync(Case(type));

    private async Task TakenAsync(RequestCase item, JsonObject parameters)
    {
        var answer = await fixture.AskAsync(item, parameters);
        Assert.True(answer.GetProperty("status").GetString() == "ok", $"{parameters.ToJsonString()}: {answer}");
    }

    private async Task<List<string>> RefusedAsync(List<(RequestCase Item, JsonObject Parameters)> requests)
    {
        var before = await fixture.StateAsync();
        var messages = new List<string>();
        foreach (var (item, parameters) in requests)
        {
            var answer = await fixture.AskAsync(item, parameters);
            Assert.True(answer.GetProperty("status").GetString() == "failure", $"{parameters.ToJsonString()}: {answer}");
            Assert.True(answer.GetProperty("code").GetString() == "InvalidArgument", $"{parameters.ToJsonString()}: {answer}");
            Assert.All(FailedEnvelope.Concat(item.ReadsOfFailure), expected => Shape.Check(answer, expected));
            var message = answer.GetProperty("message").GetString()!;
            Assert.DoesNotContain("   at ", message, StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", message, StringComparison.Ordinal);
            Assert.InRange(message.Length, 10, 600);
            messages.Add(message);
        }

        Assert.Equal(before, await fixture.StateAsync());
        return messages;
    }
}
