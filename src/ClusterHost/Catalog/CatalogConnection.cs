using Microsoft.Data.Sqlite;

namespace HedvigStorage.ClusterHost.Catalog;

/// <summary>A connection with its prepared statements, used by one thread at a time.</summary>
internal sealed class CatalogConnection : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    public CatalogConnection(string path, bool readOnly)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
        }.ToString());
        try
        {
            _connection.Open();
            Execute("PRAGMA busy_timeout = 5000");
            Execute("PRAGMA foreign_keys = ON");
            if (!readOnly)
            {
                Execute("PRAGMA journal_mode = WAL");
                Execute("PRAGMA synchronous = FULL");
            }
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs a statement; parameters are <c>$1</c>, <c>$2</c> and so on.</summary>
    /// <returns>The number of rows changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<object?> values) => Prepare(sql, values).ExecuteNonQuery();

    /// <summary>
    /// Runs several statements. One that has columns, as ALTER TABLE of a STRICT table has, would leave what follows it to the disposal of
    /// a reader, which swallows failures.
    /// </summary>
    public void ExecuteScript(string sql)
    {
        using var reader = Prepare(sql, []).ExecuteReader();
        while (reader.NextResult())
        {
            // Each is run as the reader comes to it.
        }
    }

    public T? Scalar<T>(string sql, params ReadOnlySpan<object?> values) =>
        Prepare(sql, values).ExecuteScalar() is T found ? found : default;

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<object?> values)
    {
        using var reader = Prepare(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(map(reader));
        }

        return rows;
    }

    public T? First<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<object?> values)
        where T : class
    {
        using var reader = Prepare(sql, values).ExecuteReader();
        return reader.Read() ? map(reader) : null;
    }

    /// <summary>Tells whether an error says that the file is not as SQLite writes it.</summary>
    public static bool IsDamage(SqliteException error) =>
        error.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB;

    /// <summary>Turns SQLite's error into the product's.</summary>
    /// <param name="what">What failed, without a full stop.</param>
    /// <param name="error">Why.</param>
    public static ClusterException Failure(string what, SqliteException error) => new(
        error.SqliteErrorCode == SQLitePCL.raw.SQLITE_FULL ? ErrorCode.NoSpace : ErrorCode.Internal, $"{what}: {error.Message}", error);

    /// <summary>Leaves checkpoints to <see cref="Checkpoint"/>, also when the connection ends.</summary>
    public void CheckpointByHand()
    {
        Execute("PRAGMA wal_autocheckpoint = 0");
        KeepLog(keep: true);
    }

    /// <summary>Says whether the log stays, as it is, when the last connection ends.</summary>
    public void KeepLog(bool keep) =>
        _ = SQLitePCL.raw.sqlite3_db_config(_connection.Handle!, SQLitePCL.raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep ? 1 : 0, out _);

    /// <summary>Brings what the log holds into the file, as far as readers allow.</summary>
    /// <returns>How many frames the log has, and how many are in the file; -1 if it could not be tried.</returns>
    public (long Frames, long Done) Checkpoint()
    {
        using var reader = Prepare("PRAGMA wal_checkpoint(PASSIVE)", []).ExecuteReader();
        return reader.Read() && reader.GetInt64(0) == 0 ? (reader.GetInt64(1), reader.GetInt64(2)) : (-1, -1);
    }

    /// <summary>Tells how many pages were written since the last call.</summary>
    public int TakeWrittenPages()
    {
        _ = SQLitePCL.raw.sqlite3_db_status(_connection.Handle!, SQLitePCL.raw.SQLITE_DBSTATUS_CACHE_WRITE, out var written, out _, 1);
        return written;
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            // The text is always a constant of this assembly; values go through parameters.
            command.CommandText = sql;
            for (var index = 1; index <= values.Length; index++)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = "$" + index.ToString(System.Globalization.CultureInfo.InvariantCulture);
                _ = command.Parameters.Add(parameter);
            }

            _commands.Add(sql, command);
        }

        for (var index = 0; index < values.Length; index++)
        {
            command.Parameters[index].Value = values[index] ?? DBNull.Value;
        }

        return command;
    }
}
