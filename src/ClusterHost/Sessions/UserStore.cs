using HedvigStorage.ClusterHost.Catalog;
using HedvigStorage.ClusterHost.Common;

namespace HedvigStorage.ClusterHost.Sessions;

/// <summary>Users and their passwords.</summary>
/// <param name="catalog">The catalog.</param>
/// <param name="sessions">The sessions, which end with what they rest on.</param>
/// <param name="saveOwner">Writes the owner's credential where the next start reads it; <see langword="null"/> if only the operator
/// does.</param>
/// <param name="time">The clock.</param>
/// <param name="findUser">Tells which user of this machine a local client is, or nothing where that cannot be told.</param>
internal sealed class UserStore(
    CatalogDatabase catalog, SessionStore sessions, Action<StoredCredential>? saveOwner, TimeProvider time, Func<Peer, string?> findUser)
{
    private const int ShortestPassword = 8;
    private const int LongestPassword = 256;
    private const int LongestText = 1024;

    private readonly PasswordCheck _passwords = new(findUser);
    private readonly LoginBrake _brake = new(time);
    private Task _owner = Task.CompletedTask;

    /// <summary>Gets how many log-ins wait for their password to be compared.</summary>
    public int WaitingLogIns => _passwords.Waiting;

    /// <summary>
    /// Makes the user of the credential file the owner. That derives a key, which takes a while: until then log-ins wait.
    /// </summary>
    public Task SetOwnerAsync(StoredCredential credential) => _owner = Task.Run(() => PutOwnerAsync(credential));

    /// <summary>Finds the user whom a password proves.</summary>
    /// <exception cref="ClusterException">With <see cref="ErrorCode.Unauthorized"/>: the name or the password is wrong; it is not told
    /// which.</exception>
    public async Task<ClusterUser> LoginAsync(string userName, string password, Peer peer)
    {
        await _owner;
        _brake.Check(userName, peer.Address);
        var row = Find(userName);
        if (row is null || !_passwords.IsKnown(userName, password, row.Password))
        {
            await CompareAsync(userName, password, row, peer);
        }

        _brake.Succeeded(userName, peer.Address);
        return row!.Model;
    }

    public IReadOnlyList<ClusterUser> List() => catalog.Read(connection => connection.ListUsers()).ConvertAll(row => row.Model);

    public bool Exists(string userName) => Find(userName) is not null;

    /// <summary>Makes a user, or finds the same one.</summary>
    public async Task<ClusterUser> AddAsync(ClusterUser user, string password, Peer peer)
    {
        CheckName(user.UserName);
        CheckProfile(user);
        CheckPassword(user.UserName, password);
        if (Find(user.UserName) is { } existing)
        {
            return await CheckSameAsync(existing, user, password, peer);
        }

        var row = new UserRow(user with { CreatedAt = time.GetUtcNow() }, PasswordHash.Make(password));
        await catalog.WriteAsync(connection =>
        {
            if (connection.FindUser(user.UserName) is not null)
            {
                throw new ClusterException(ErrorCode.Conflict, $"A user '{user.UserName}' has been made by another at this moment.");
            }

            connection.PutUser(row);
        });
        return row.Model;
    }

    /// <summary>Changes a role or a profile.</summary>
    public async Task<ClusterUser> UpdateAsync(string userName, UserChange change)
    {
        var (before, after) = await catalog.WriteAsync(connection =>
        {
            var row = Require(connection, userName);
            var changed = row.Model with
            {
                Role = change.Role ?? row.Model.Role,
                DisplayName = change.DisplayName ?? row.Model.DisplayName,
                Email = change.Email ?? row.Model.Email,
                Mobile = change.Mobile ?? row.Model.Mobile,
            };
            CheckProfile(changed);
            if (row.Model.Owner && changed.Role != UserRole.SuperUser)
            {
                throw new ClusterException(
                    ErrorCode.Refused, $"The user '{userName}' is the cluster's own admin and stays a {UserRole.SuperUser}.");
            }

            connection.PutUser(row with { Model = changed });
            return (row.Model, changed);
        });
        if (before.Role != after.Role)
        {
            sessions.EndAllOf(userName);
        }

        return after;
    }

    public async Task DeleteAsync(string userName)
    {
        await catalog.WriteAsync(connection =>
        {
            var row = connection.FindUser(userName) ?? throw NotFound(userName);
            if (row.Model.Owner)
            {
                throw new ClusterException(
                    ErrorCode.Refused,
                    $"The user '{userName}' is the cluster's own admin and cannot be removed. Start hv-cluster with another "
                        + "--credential-file to replace it.");
            }

            connection.RemoveUser(userName);
        });
        _passwords.Forget(userName);
        sessions.EndAllOf(userName);
    }

    /// <summary>Gives a user another password. Whoever does so for themselves proves the one until now.</summary>
    public async Task ChangePasswordAsync(string userName, string? current, string password, Session by, Peer peer)
    {
        CheckPassword(userName, password);
        var row = catalog.Read(connection => Require(connection, userName));
        if (current is not null || by.UserName == userName)
        {
            _brake.Check(userName, peer.Address);
            await CompareAsync(
                userName, current ?? throw new ClusterException(ErrorCode.InvalidArgument, "Give the password until now, too."), row, peer);
        }

        if (row.Model.Owner && saveOwner is null)
        {
            throw new ClusterException(
                ErrorCode.Refused,
                $"The password of '{userName}' is that of the credential file that hv-cluster was started with. "
                    + "Change it there and start hv-cluster again.");
        }

        var hash = PasswordHash.Make(password);
        if (row.Model.Owner)
        {
            // First the file, which rules at a start: whatever happens in between, one of the two passwords is right.
            saveOwner!(new StoredCredential(userName, password));
        }

        await catalog.WriteAsync(connection => connection.PutUser(Require(connection, userName) with { Password = hash }));
        _passwords.Remember(userName, password, hash);
        sessions.EndAllOf(userName, except: by);
    }

    private async Task PutOwnerAsync(StoredCredential credential)
    {
        var known = Find(credential.UserName);
        var hash = known?.Password;
        if (hash is null || hash.Weak || !hash.Matches(credential.Password))
        {
            hash = PasswordHash.Make(credential.Password);
        }

        if (known is not { Model: { Owner: true, Role: UserRole.SuperUser } } || !ReferenceEquals(hash, known.Password))
        {
            await catalog.WriteAsync(connection =>
            {
                connection.RemoveOwners();
                connection.PutUser(new UserRow(
                    (known?.Model ?? New(credential.UserName)) with { Owner = true, Role = UserRole.SuperUser },
                    hash));
            });
        }

        _passwords.Remember(credential.UserName, credential.Password, hash);
    }

    private async Task CompareAsync(string userName, string password, UserRow? row, Peer peer)
    {
        if (!await _passwords.IsRightAsync(userName, password, row?.Password, peer))
        {
            _brake.Failed(userName, peer.Address);
            if (peer.IsLocal)
            {
                await Task.Delay(LoginBrake.LoopbackDelay, time);
            }

            throw new ClusterException(ErrorCode.Unauthorized, "The user name or the password is wrong.");
        }

        if (row!.Password.Weak)
        {
            var stronger = PasswordHash.Make(password);
            await catalog.WriteAsync(connection => connection.PutUser(Require(connection, userName) with { Password = stronger }));
            _passwords.Remember(userName, password, stronger);
        }
    }

    private async Task<ClusterUser> CheckSameAsync(UserRow existing, ClusterUser wanted, string password, Peer peer)
    {
        var same = existing.Model with { Owner = false, CreatedAt = null } == wanted
            && await _passwords.IsRightAsync(wanted.UserName, password, existing.Password, peer);
        return same
            ? existing.Model
            : throw new ClusterException(
                ErrorCode.Conflict,
                $"A user '{wanted.UserName}' already exists, and with another role, profile or password. Change that user, "
                    + "or give another name.");
    }

    private UserRow? Find(string userName) => catalog.Read(connection => connection.FindUser(userName));

    private ClusterUser New(string userName) => new() { UserName = userName, DisplayName = userName, CreatedAt = time.GetUtcNow() };

    private static UserRow Require(CatalogConnection connection, string userName) =>
        connection.FindUser(userName) ?? throw NotFound(userName);

    private static ClusterException NotFound(string userName) =>
        new(ErrorCode.NotFound, $"The user '{ObjectName.Printable(userName)}' couldn't be found");

    // A mail address is a usual user name.
    private static void CheckName(string name)
    {
        if (!ObjectName.IsValid(name.Replace('@', '_').Replace('+', '_')))
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument,
                ObjectName.Describe("user", name).Replace("'.' and '-'", "'.', '-', '@' and '+'", StringComparison.Ordinal));
        }
    }

    private static void CheckProfile(ClusterUser user)
    {
        foreach (var (
            what, text) in new[] { ("display name", user.DisplayName), ("mail address", user.Email), ("telephone number", user.Mobile) })
        {
            if (text.Length > LongestText || text.Any(char.IsControl))
            {
                throw new ClusterException(
                    ErrorCode.InvalidArgument, $"The {what} of '{user.UserName}' is to be one line of at most {LongestText} characters.");
            }
        }
    }

    private static void CheckPassword(string userName, string password)
    {
        if (password.Length is < ShortestPassword or > LongestPassword)
        {
            throw new ClusterException(
                ErrorCode.InvalidArgument, $"A password has {ShortestPassword} to {LongestPassword} characters; the one given has not.");
        }

        if (password.Equals(userName, StringComparison.OrdinalIgnoreCase))
        {
            throw new ClusterException(ErrorCode.InvalidArgument, "The password is the user name. Give another.");
        }
    }
}
