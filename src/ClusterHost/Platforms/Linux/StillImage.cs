using System.Runtime.Versioning;
using HedvigStorage.ClusterHost.Images;
using HedvigStorage.Linux;
using Microsoft.Win32.SafeHandles;

namespace HedvigStorage.ClusterHost.Platforms.Linux;

/// <summary>
/// Makes sure that nobody writes an image while it is copied. The kernel grants a read lease of a file only while nobody has it open for
/// writing, and lets nobody open it so as long as the lease is held: who tries waits, and we are told. Where the kernel grants none
/// (another owner's file without CAP_LEASE, NFS, FUSE), the times of the last change before and after must be the same.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class StillImage : IDisposable
{
    // The kernel's clock for files moves on once in 1 to 10 ms: a change in the same step would not be seen.
    private static readonly TimeSpan ClockStep = TimeSpan.FromMilliseconds(20);

    private readonly string _image;
    private readonly SafeFileHandle _file;
    private readonly bool _leased;
    private readonly FileChange _before;

    private StillImage(string image, SafeFileHandle file, bool leased, FileChange before)
    {
        _image = image;
        _file = file;
        _leased = leased;
        _before = before;
    }

    /// <summary>Begins to watch an image over.</summary>
    /// <exception cref="ImageUnsettledException">Somebody has it open for writing, or has just written it.</exception>
    public static StillImage Watch(string image)
    {
        var file = LibC.Open(image, OpenFlags.ReadOnly | OpenFlags.CloseOnExec);
        if (file.IsInvalid)
        {
            var error = LibC.LastError;
            file.Dispose();
            throw LinuxErrors.Of(image, error);
        }

        try
        {
            var refusal = FileLease.TakeForReading(file);
            if (refusal == ErrorNumber.WouldBlock)
            {
                throw new ImageUnsettledException(
                    $"open for writing in {OpenFiles.FindProcess(image) ?? "a process that hv-cluster cannot see"}");
            }

            return new StillImage(image, file, refusal == 0, refusal == 0 ? default : SettledChange(image));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Makes sure that nobody has begun to write, or waits to.</summary>
    /// <exception cref="ImageUnsettledException">Somebody has.</exception>
    public void Check()
    {
        if (_leased ? !FileLease.IsHeldForReading(_file) : FileChange.Of(_image) != _before)
        {
            throw new ImageUnsettledException("being opened for writing");
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Tells when an image was changed last, if that is not just now.</summary>
    /// <exception cref="ImageUnsettledException">It has just been.</exception>
    public static FileChange SettledChange(string image)
    {
        var change = ImageFiles.Guard(image, () => FileChange.Of(image) ?? throw new FileNotFoundException($"{image} is not there."));
        return change.Age < ClockStep && change.Age > -ClockStep ? throw new ImageUnsettledException("being written") : change;
    }
}
