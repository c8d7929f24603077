using HedvigStorage.Client.Documents;

namespace HedvigStorage.Client.Tests;

public sealed class FolderSecretsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hv-secrets-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("HV_SECRETS")]
    [InlineData("CREDENTIALS_DIRECTORY")]
    public async Task A_secret_is_a_file_of_the_folder_that_a_variable_names(string variable)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "pg"), "s3cret\n");
        var secrets = FolderSecrets.Find(name => name == variable ? _folder : null);
        Assert.Equal("s3cret\n", await secrets.FindAsync("pg", CancellationToken.None));
        Assert.Null(await secrets.FindAsync("other", CancellationToken.None));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../pg")]
    [InlineData("/etc/passwd")]
    [InlineData("")]
    public async Task A_name_that_would_lead_out_of_the_folder_is_refused(string name)
    {
        var error = await Assert.ThrowsAsync<ClusterException>(() => new FolderSecrets(_folder).FindAsync(name, CancellationToken.None));
        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
    }

    [Fact]
    public async Task What_cannot_be_read_is_an_error_without_its_content()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "folder"));
        var error = await Assert.ThrowsAsync<ClusterException>(
            () => new FolderSecrets(_folder).FindAsync("folder", CancellationToken.None));
        Assert.Contains("The secret 'folder'", error.Message, StringComparison.Ordinal);

        await File.WriteAllBytesAsync(Path.Combine(_folder, "large"), new byte[(1 << 20) + 1]);
        error = await Assert.ThrowsAsync<ClusterException>(() => new FolderSecrets(_folder).FindAsync("large", CancellationToken.None));
        Assert.Contains("larger than 1024 KiB", error.Message, StringComparison.Ordinal);
    }
}
