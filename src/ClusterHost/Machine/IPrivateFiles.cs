using HedvigStorage.ClusterHost.Common;

namespace HedvigStorage.ClusterHost.Machine;

/// <summary>
/// Directories and files that only their user may read. All throw <see cref="IOException"/> or
/// <see cref="System.UnauthorizedAccessException"/>.
/// </summary>
internal interface IPrivateFiles
{
    /// <summary>Makes a directory.</summary>
    void CreateDirectory(string path);

    /// <summary>Closes a directory that is there to others.</summary>
    void CloseDirectory(string path);

    /// <summary>Tells the path by which the operating system names a directory that is there.</summary>
    /// <exception cref="StartException">It is where no data directory can be.</exception>
    string Resolve(string path);

    /// <summary>Opens a file that nobody else may have open, made if it is not there.</summary>
    FileStream OpenLock(string path);

    /// <summary>Writes a file durably: afterwards the old content or the new one is there, whole, whatever happens.</summary>
    void Write(string path, byte[] content);
}
