namespace HedvigStorage.Docker;

/// <summary>Whose a folder in a container is.</summary>
/// <param name="Uid">The user's number, as processes in the container see it.</param>
/// <param name="Gid">The group's number, as processes in the container see it.</param>
/// <param name="Mode">The permission bits, 0 to 07777.</param>
/// <param name="ModifiedAt">When an entry of the folder was made or removed last, to the second.</param>
public sealed record FolderOwner(int Uid, int Gid, int Mode, DateTimeOffset ModifiedAt)
{
    /// <summary>Writes it as <c>999:999 0750</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Uid}:{Gid} {Convert.ToString(Mode, 8).PadLeft(4, '0')}");
}
