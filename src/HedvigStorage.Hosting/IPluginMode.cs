namespace HedvigStorage.Hosting;

/// <summary>One way to run plugin hosts. Names are checked by the caller, and one name is in one mode only.</summary>
internal interface IPluginMode
{
    DockerPluginMode Mode { get; }

    /// <summary>Finds what is installed in this mode, running or not; <see langword="null"/> if nothing of that name is.</summary>
    Task<DockerPluginStatus?> FindAsync(string name, CancellationToken cancellationToken);

    /// <inheritdoc cref="IDockerPluginInstaller.WhyNot"/>
    string? WhyNot();

    /// <inheritdoc cref="IDockerPluginInstaller.InstallAsync"/>
    Task<DockerPluginStatus> InstallAsync(DockerPluginSettings settings, CancellationToken cancellationToken);

    /// <summary>Puts the present version in the place of the one that is installed, which <see cref="FindAsync"/> has found.</summary>
    Task<DockerPluginStatus> UpdateAsync(string name, CancellationToken cancellationToken);

    /// <inheritdoc cref="IDockerPluginInstaller.UninstallAsync"/>
    Task UninstallAsync(string name, CancellationToken cancellationToken);
}
