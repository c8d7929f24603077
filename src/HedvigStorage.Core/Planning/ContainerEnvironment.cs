using HedvigStorage.Documents;
using HedvigStorage.Hosting;

namespace HedvigStorage.Planning;

/// <summary>Finds the values of containers' environments. What is wrong is told of all at once, and no value is ever part of it.</summary>
internal sealed class ContainerEnvironment
{
    private const int LargestFile = 1 << 20;
    private static readonly char[] Blanks = [' ', '\t'];

    private readonly string _source;
    private readonly string _folder;
    private readonly ISecretSource? _secrets;
    private readonly List<string> _errors = [];

    public ContainerEnvironment(string source, ISecretSource? secrets)
    {
        _source = source;
        _folder = File.Exists(source) ? Path.GetDirectoryName(Path.GetFullPath(source))! : Directory.GetCurrentDirectory();
        _secrets = secrets;
    }

    /// <summary>Finds the environment of a container, or <see langword="null"/> if the document specifies none.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> ResolveAsync(ConfiguredContainer container, CancellationToken cancellationToken)
    {
        if (container.Environment is null && container.EnvironmentFiles is null)
        {
            return null;
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in container.EnvironmentFiles ?? [])
        {
            ReadLines(container, file, values);
        }

        foreach (var variable in container.Environment ?? new Dictionary<string, EnvironmentValue>(StringComparer.Ordinal))
        {
            if (await FindAsync(container, variable.Key, variable.Value, cancellationToken).ConfigureAwait(false) is not { } value)
            {
                continue;
            }

            if (value.IndexOf('\0') >= 0)
            {
                Fail(container, $"the value of '{variable.Key}', {variable.Value}, has a NUL character, which no environment can have");
            }

            values[variable.Key] = value;
        }

        return values;
    }

    /// <summary>Refuses what was wrong so far.</summary>
    /// <exception cref="ConfigurationException">A file or a secret is missing or wrong.</exception>
    public void ThrowIfWrong()
    {
        if (_errors.Count > 0)
        {
            throw new ConfigurationException(_source, _errors);
        }
    }

    private async Task<string?> FindAsync(
        ConfiguredContainer container, string name, EnvironmentValue value, CancellationToken cancellationToken)
    {
        if (value.File is { } file)
        {
            return Read(container, file, $"'{name}'") is { } text ? WithoutLineEnd(text) : null;
        }

        if (value.Secret is not { } secret)
        {
            return value.Text;
        }

        try
        {
            if (_secrets is not null && await _secrets.FindAsync(secret, cancellationToken).ConfigureAwait(false) is { } found)
            {
                return WithoutLineEnd(found);
            }

            Fail(
                container,
                $"'{name}' is the secret '{secret}', which is not there: HV_SECRETS names the folder with a file for each secret");
        }
        catch (ClusterException exception)
        {
            Fail(container, $"'{name}' cannot be read: {exception.Message.TrimEnd('.')}");
        }

        return null;
    }

    // As docker run --env-file reads them.
    private void ReadLines(ConfiguredContainer container, string file, Dictionary<string, string> values)
    {
        var number = 0;
        foreach (var line in (
            Read(container, file, "'environmentFile'") ?? string.Empty).Split('\n').Select(line => line.TrimEnd('\r').TrimStart(Blanks)))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var equals = line.IndexOf('=');
            var name = equals < 0 ? line : line.Substring(0, equals);
            if (name.Length == 0 || name.IndexOfAny(Blanks) >= 0 || line.IndexOf('\0') >= 0)
            {
                // The line may have a secret in it.
                Fail(container, $"line {number} of '{file}' is not NAME=VALUE: the name is empty or has blanks in it");
            }
            else if (equals >= 0)
            {
                values[name] = line.Substring(equals + 1);
            }
            else if (Environment.GetEnvironmentVariable(name) is { } inherited)
            {
                if (inherited.Contains("\uFFFD"))
                {
                    Fail(container, $"line {number} of '{file}' takes {name} from the environment, where its value is not UTF-8 text");
                }

                values[name] = inherited;
            }
        }
    }

    private string? Read(ConfiguredContainer container, string file, string what)
    {
        try
        {
            var path = Path.Combine(_folder, file);
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (stream.Length > LargestFile)
            {
                Fail(container, $"{what} comes from '{file}', which is larger than {LargestFile >> 10} KiB");
                return null;
            }

            return StrictText.Read(stream);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            Fail(container, $"{what} comes from the file '{file}', which is not there (looked for in '{_folder}')");
        }
        catch (ArgumentException)
        {
            Fail(container, $"{what} comes from the file '{ObjectName.Printable(file)}', which is not UTF-8 text or no path");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Fail(container, $"{what} comes from the file '{file}', which cannot be read: {exception.Message.TrimEnd('.')}");
        }

        return null;
    }

    private static string WithoutLineEnd(string text) =>
        !text.EndsWith("\n", StringComparison.Ordinal)
            ? text
            : text.Substring(0, text.Length - (text.EndsWith("\r\n", StringComparison.Ordinal) ? 2 : 1));

    private void Fail(ConfiguredContainer container, string error) => _errors.Add($"The container '{container.Name}': {error}.");
}
