using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using HedvigStorage.ClusterHost.Catalog;
using Microsoft.Data.Sqlite;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>
/// How SQLite carries out the statements of hv-cluster: every one of them, read from the program itself, so that none can be forgotten
/// here.
/// </summary>
public sealed partial class CatalogStatementTests : IDisposable
{
    // What may go through a table, each with its reason. A request that lists all of something touches all of it.
    private static readonly (string Statement, string Reason)[] Exceptions =
    [
        ("FROM totals", "a table of one row"),
        ("UPDATE totals SET", "a table of one row"),
        ("FROM sqlite_schema", "a check before a start"),
        ("FROM policies p ORDER BY p.name", "lists all policies"),
        ("FROM users ORDER BY name", "lists all users"),
        ("SELECT host, iqn FROM initiators ORDER BY host", "lists all initiators"),
        ("ON h.target_id = t.id ORDER BY t.id", "lists all targets"),
        ("WHERE EXISTS (SELECT 1 FROM target_hosts w", "lists targets"),
        ("FROM luns l CROSS JOIN volumes v", "lists all LUNs"),
        ("FROM exports e CROSS JOIN volumes v", "lists all exports"),
        ("FROM access_rules r CROSS JOIN volumes v", "lists all access rules"),
        ("CROSS JOIN volumes v ON v.id = a.volume_id WHERE v.state = 0 ORDER BY v.name", "lists all leases"),
        ("SELECT count(*) FROM attachments", "a figure that is measured every few seconds at most"),
        ("AND v.name > $1 AND ($2 IS NULL OR v.name LIKE", "a page of all volumes"),
        ("AND (v.name, s.name) > ($1, $2)", "a page of all snapshots"),
        ("WHERE id < $1 AND ($2 IS NULL OR user = $2)", "a page of the audit, which keeps 100,000 events at most"),
        ("DELETE FROM audit WHERE id <= $1", "goes through what it removes"),
        ("l.number >= $2", "goes on to the first LUN that is free, of 16,383 at most"),
        ("WHERE s.frequency IS NOT NULL AND s.state = 0 AND v.state = 0) WHERE place > kept", "the schedules' own round"),
        (
            "FROM policy_schedules c JOIN volumes v ON v.policy = c.policy AND v.policy IS NOT NULL LEFT JOIN schedules_done d ON "
                + "d.volume_id = v.id AND d.frequency = c.frequency WHERE v.state = 0 ORDER BY",
            "the schedules' own round"),
        ("policy_schedules WHERE since > $1) + (SELECT", "the schedules' own round"),
        ("UPDATE policy_schedules SET since = $1 WHERE since > $1", "the schedules' own round"),
        ("UPDATE volumes SET policy_since = $1", "the schedules' own round"),
        ("WHERE v.state <> 0 OR v.pending_size IS NOT NULL", "a start"),
        ("FROM volumes WHERE state = 0 AND generation = 0", "a start"),
        ("SELECT id, name, size FROM volumes WHERE state = 0", "a start"),
        ("WHERE s.state <> 0", "a start"),
        ("SELECT id, volume_id FROM snapshots WHERE state = 0", "a start"),
        ("WHERE s.state = 0 AND v.state = 0", "a start"),
        ("SELECT id FROM reserved WHERE id NOT IN", "a start"),
        ("DELETE FROM reserved", "a start"),
        ("DELETE FROM users WHERE owner = 1", "a start"),
        ("FROM sessions", "a start"),
        ("SELECT name FROM volumes WHERE state = 0 AND reverting_to IS NOT NULL", "a start, and a backup, which copies all"),
        ("SELECT v.id, v.name, v.size, {0}", "the check of a cluster that does not run"),
        ("SELECT s.id, v.name || '@' || s.name, s.size, {0}", "the check of a cluster that does not run"),
        ("SELECT id FROM volumes WHERE generation = 0", "the check of a cluster that does not run"),
        ("SELECT id FROM volumes UNION", "the check of a cluster that does not run"),
        ("SET seal = NULL WHERE seal IS NOT NULL", "the check of a cluster that does not run"),
    ];

    private readonly TemporaryDirectory _directory = new();
    private readonly SqliteConnection _connection;

    public CatalogStatementTests()
    {
        CatalogDatabase.Open(_directory["catalog.db"]).Dispose();
        _connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = _directory["catalog.db"], Pooling = false }.ToString());
        _connection.Open();
    }

    public void Dispose()
    {
        _connection.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void No_statement_of_a_request_goes_through_a_table()
    {
        var statements = ReadStatements();
        Assert.True(statements.Count > 80, $"Only {statements.Count} statements were found in the program.");
        var slow = statements
            .Where(statement => !Exceptions.Any(exception => statement.Contains(exception.Statement, StringComparison.Ordinal)))
            .Select(statement => (Statement: statement, Plan: Explain(statement)))
            .Where(item => item.Plan.Any(GoesThrough))
            .Select(item => $"{item.Statement}{Environment.NewLine}    {string.Join(Environment.NewLine + "    ", item.Plan)}");
        Assert.Empty(slow);
    }

    [Fact]
    public void Every_exception_is_a_statement_that_there_is()
    {
        var statements = ReadStatements();
        Assert.All(
            Exceptions,
            exception => Assert.Contains(statements, statement => statement.Contains(exception.Statement, StringComparison.Ordinal)));
    }

    [Fact]
    public void What_is_read_page_by_page_is_not_sorted_first()
    {
        var pages = ReadStatements()
            .Where(statement => PageSize().IsMatch(statement) && !statement.Contains("json_each", StringComparison.Ordinal)).ToList();
        Assert.True(pages.Count >= 4, $"Only {pages.Count} such statements were found in the program.");
        Assert.All(
            pages, statement => Assert.DoesNotContain(Explain(statement), line => line.Contains("TEMP B-TREE", StringComparison.Ordinal)));
    }

    // A range of an index, as (name>?) is one, may be as large as the table.
    private static bool GoesThrough(string line) =>
        (
            line.StartsWith("SCAN ", StringComparison.Ordinal) && !line.StartsWith("SCAN json_each", StringComparison.Ordinal)
                && line != "SCAN CONSTANT ROW" && !line.StartsWith("SCAN (subquery", StringComparison.Ordinal))
        || (line.StartsWith("SEARCH ", StringComparison.Ordinal) && !line.Contains("=?", StringComparison.Ordinal) && !line.Contains(
            "json_each", StringComparison.Ordinal) && line != "SEARCH audit");

    private List<string> Explain(string statement)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + statement;
        foreach (var name in Placeholder().Matches(statement).Select(match => match.Value).Distinct(StringComparer.Ordinal))
        {
            _ = command.Parameters.AddWithValue(name, DBNull.Value);
        }

        using var reader = Run(command);
        var lines = new List<string>();
        while (reader.Read())
        {
            lines.Add(reader.GetString(3));
        }

        return lines;
    }

    private static SqliteDataReader Run(SqliteCommand command)
    {
        try
        {
            return command.ExecuteReader();
        }
        catch (SqliteException error)
        {
            throw new InvalidOperationException(
                $"{error.Message} A statement is to be one constant, or this cannot look at it: {command.CommandText}", error);
        }
    }

    private static List<string> ReadStatements()
    {
        using var file = new PEReader(File.OpenRead(typeof(CatalogDatabase).Assembly.Location));
        var metadata = file.GetMetadataReader();
        var statements = new List<string>();
        var handle = default(UserStringHandle);
        do
        {
            var text = Blanks().Replace(metadata.GetUserString(handle), " ").Trim();
            if (Verb().IsMatch(text))
            {
                statements.Add(text);
            }

            handle = metadata.GetNextHandle(handle);
        }
        while (!handle.IsNil);
        return statements;
    }

    [GeneratedRegex(@"^(SELECT|INSERT|REPLACE|UPDATE|DELETE|WITH) ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Verb();

    [GeneratedRegex(@" LIMIT \$[0-9]$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PageSize();

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blanks();

    [GeneratedRegex(@"\$[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();
}
