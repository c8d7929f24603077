using HedvigStorage.ClusterHost.Engines;

namespace HedvigStorage.ClusterHost.Tests;

/// <summary>
/// What every engine must do. A new engine's tests derive from this and say how to open it and how to reach a volume's bytes.
/// </summary>
public abstract class StorageEngineContract : IAsyncLifetime
{
    private const long Size = 1L << 20;
    private IStorageEngine _engine = null!;

    private string Id { get; } = Guid.NewGuid().ToString("D");

    private string OtherId { get; } = Guid.NewGuid().ToString("D");

    public async Task InitializeAsync() => _engine = await OpenAsync();

    public async Task DisposeAsync()
    {
        await _engine.DisposeAsync();
        await CloseAsync();
    }

    [SkippableFact]
    public async Task A_new_volume_has_its_size_and_reads_as_zeros()
    {
        await CreateAsync(Id, Size);
        Assert.Equal(Size, GetSize(await _engine.LocateAsync(Id)));
        Assert.Equal(0, Read(await _engine.LocateAsync(Id), Size - 1));
        Assert.Equal(0, _engine.GetAllocated(Id));
        Assert.False(await _engine.HoldsDataAsync(Id));
    }

    [SkippableFact]
    public async Task A_volume_holds_data_once_somebody_has_written_to_it()
    {
        Assert.False(await _engine.HoldsDataAsync(Id));
        await CreateAsync(Id, Size);
        Fill(await _engine.LocateAsync(Id), Size);
        await Eventually.TrueAsync(() => _engine.HoldsDataAsync(Id), "what is written is told of");
    }

    [SkippableFact]
    public async Task A_create_can_be_repeated()
    {
        await CreateAsync(Id, Size);
        await CreateAsync(Id, Size);
        Assert.Equal(Size, GetSize(await _engine.LocateAsync(Id)));
    }

    [SkippableFact]
    public async Task One_of_many_that_cannot_be_made_keeps_none_of_the_others_from_it()
    {
        var ids = Enumerable.Range(0, 3).Select(_ => Guid.NewGuid().ToString("D")).ToArray();
        await _engine.PrepareVolumesAsync(ids);
        var failed = await _engine.CreateVolumesAsync(
            [New(ids[0], Size), New(ids[1], -1), New(ids[2], 2 * Size)]);
        Assert.Equal([ids[1]], failed.Keys);
        Assert.Equal(Size, GetSize(await _engine.LocateAsync(ids[0])));
        Assert.Equal(2 * Size, GetSize(await _engine.LocateAsync(ids[2])));
    }

    [SkippableFact]
    public async Task A_revert_that_an_earlier_process_had_begun_leaves_the_old_content_or_the_snapshots_and_can_be_repeated()
    {
        await CreateAsync(Id, Size);
        Write(await _engine.LocateAsync(Id), 0, 1);
        _ = await _engine.CreateSnapshotAsync(Id, OtherId);
        if (await RefusesRevertsAsync())
        {
            return;
        }

        Write(await _engine.LocateAsync(Id), 0, 2);
        await _engine.ResumeRevertAsync(Id, OtherId, Size);
        await _engine.ResumeRevertAsync(Id, OtherId, Size);
        Assert.InRange(Read(await _engine.LocateAsync(Id), 0), 1, 2);
        Assert.Equal(Size, GetSize(await _engine.LocateAsync(Id)));
    }

    [SkippableFact]
    public async Task Growing_keeps_the_content_and_can_be_repeated()
    {
        await CreateAsync(Id, Size);
        Write(await _engine.LocateAsync(Id), 5, 42);
        await _engine.GrowVolumeAsync(Id, 2 * Size);
        await _engine.GrowVolumeAsync(Id, 2 * Size);
        Assert.Equal(2 * Size, GetSize(await _engine.LocateAsync(Id)));
        Assert.Equal(42, Read(await _engine.LocateAsync(Id), 5));
    }

    [SkippableFact]
    public async Task A_snapshot_and_a_clone_keep_what_the_volume_had()
    {
        await CreateAsync(Id, Size);
        Write(await _engine.LocateAsync(Id), Size / 2, 1);
        _ = await _engine.CreateSnapshotAsync(Id, OtherId);
        Write(await _engine.LocateAsync(Id), Size / 2, 2);
        var cloneOfSnapshot = Guid.NewGuid().ToString("D");
        var cloneOfVolume = Guid.NewGuid().ToString("D");
        await _engine.CloneAsync(Id, OtherId, New(cloneOfSnapshot, 2 * Size));
        await _engine.CloneAsync(Id, null, New(cloneOfVolume, Size));
        Write(await _engine.LocateAsync(Id), Size / 2, 3);
        Assert.Equal(1, Read(await _engine.LocateAsync(cloneOfSnapshot), Size / 2));
        Assert.Equal(2 * Size, GetSize(await _engine.LocateAsync(cloneOfSnapshot)));
        Assert.Equal(2, Read(await _engine.LocateAsync(cloneOfVolume), Size / 2));
    }

    [SkippableFact]
    public async Task A_clone_outlives_its_source()
    {
        await CreateAsync(Id, Size);
        Write(await _engine.LocateAsync(Id), 7, 9);
        _ = await _engine.CreateSnapshotAsync(Id, OtherId);
        var clone = Guid.NewGuid().ToString("D");
        await _engine.CloneAsync(Id, OtherId, New(clone, Size));
        await _engine.DeleteSnapshotAsync(Id, OtherId);
        await _engine.DeleteVolumeAsync(Id);
        Assert.Equal(9, Read(await _engine.LocateAsync(clone), 7));
    }

    [SkippableFact]
    public async Task A_revert_brings_the_content_back_and_keeps_the_size()
    {
        await CreateAsync(Id, Size);
        Write(await _engine.LocateAsync(Id), 0, 1);
        _ = await _engine.CreateSnapshotAsync(Id, OtherId);
        if (await RefusesRevertsAsync())
        {
            return;
        }

        Write(await _engine.LocateAsync(Id), 0, 2);
        await _engine.GrowVolumeAsync(Id, 2 * Size);
        await _engine.RevertVolumeAsync(Id, OtherId, 2 * Size);
        Assert.Equal(1, Read(await _engine.LocateAsync(Id), 0));
        Assert.Equal(2 * Size, GetSize(await _engine.LocateAsync(Id)));
    }

    [SkippableFact]
    public async Task Removing_what_is_not_there_succeeds()
    {
        await _engine.DeleteVolumeAsync(Id);
        await _engine.DeleteSnapshotAsync(Id, OtherId);
        await _engine.ReleaseVolumeAsync(Id);
        await _engine.FlushRemovalsAsync();
    }

    [SkippableFact]
    public async Task An_inventory_names_what_is_missing_and_what_is_unknown()
    {
        await CreateAsync(Id, Size);
        var inventory = await _engine.TakeInventoryAsync([OtherId], []);
        Assert.Contains(OtherId, Assert.Single(inventory.Missing), StringComparison.Ordinal);
        Assert.Contains(Id, Assert.Single(inventory.Unknown), StringComparison.Ordinal);
        inventory = await _engine.TakeInventoryAsync([Id], []);
        Assert.Empty(inventory.Missing);
        Assert.Empty(inventory.Unknown);
    }

    [SkippableFact]
    public async Task A_size_beyond_the_largest_is_refused_and_the_largest_itself_is_not()
    {
        await CreateAsync(Id, _engine.Capabilities.MaximumVolumeBytes);
        Assert.Equal(_engine.Capabilities.MaximumVolumeBytes, GetSize(await _engine.LocateAsync(Id)));
        if (_engine.Capabilities.MaximumVolumeBytes < long.MaxValue - 4096)
        {
            await Assert.ThrowsAsync<ClusterException>(() => CreateAsync(OtherId, _engine.Capabilities.MaximumVolumeBytes + 4096));
        }
    }

    [SkippableFact]
    public void Only_what_is_asked_for_is_answered_as_effective()
    {
        Assert.True(_engine.Effective(VolumeAttributes.None).IsEmpty);
        Assert.NotNull(_engine.Effective(new VolumeAttributes { ReplicationFactor = 3 }).ReplicationFactor);
    }

    [SkippableFact]
    public async Task A_size_that_a_crash_has_lost_is_restored_with_zeros_and_nothing_else_changes()
    {
        await CreateAsync(Id, Size);
        await CreateAsync(OtherId, Size);
        Write(await _engine.LocateAsync(Id), 5, 42);
        Write(await _engine.LocateAsync(OtherId), Size - 1, 43);
        var restored = await _engine.RestoreSizesAsync([(Id, 2 * Size), (OtherId, Size), (Guid.NewGuid().ToString("D"), Size)]);
        Assert.Equal(CanLoseSizes ? [(await _engine.LocateAsync(Id)).Path] : [], restored);
        Assert.Equal(CanLoseSizes ? 2 * Size : Size, GetSize(await _engine.LocateAsync(Id)));
        Assert.Equal(42, Read(await _engine.LocateAsync(Id), 5));
        Assert.Equal(0, Read(await _engine.LocateAsync(Id), GetSize(await _engine.LocateAsync(Id)) - 1));
        Assert.Equal(Size, GetSize(await _engine.LocateAsync(OtherId)));
        Assert.Equal(43, Read(await _engine.LocateAsync(OtherId), Size - 1));
    }

    [SkippableFact]
    public void An_engine_says_what_it_is_and_what_it_can_do()
    {
        var capabilities = _engine.Capabilities;
        Assert.NotEmpty(capabilities.Name);
        Assert.NotEmpty(capabilities.VolumeTypes);
        Assert.InRange(capabilities.MinimumVolumeBytes, 1, capabilities.MaximumVolumeBytes);
    }

    [SkippableFact]
    public async Task An_engine_without_volumes_has_nothing_and_takes_up_nothing()
    {
        var inventory = await _engine.TakeInventoryAsync([], []);
        Assert.Empty(inventory.Missing);
        Assert.Empty(inventory.Unknown);
        var usage = await _engine.MeasureAsync(default);
        Assert.Equal(0, usage.Allocated);
        Assert.InRange(usage.Free, 1, usage.Size);
        Assert.InRange(_engine.GetFree(), 1, usage.Size);
    }

    [SkippableFact]
    public async Task Where_a_volume_is_does_not_change_and_no_two_are_at_the_same_place()
    {
        await CreateAsync(Id, Size);
        await CreateAsync(OtherId, Size);
        var place = await _engine.LocateAsync(Id);
        Assert.Equal(place, await _engine.LocateAsync(Id));
        Assert.NotEqual(place.Path, (await _engine.LocateAsync(OtherId)).Path);
        _ = await _engine.CreateSnapshotAsync(Id, Guid.NewGuid().ToString("D"));
        await _engine.GrowVolumeAsync(Id, 2 * Size);
        Assert.Equal(place, await _engine.LocateAsync(Id));
    }

    [SkippableFact]
    public async Task What_is_written_to_a_volume_is_in_no_other_and_its_removal_takes_no_other_along()
    {
        await CreateAsync(Id, Size);
        await CreateAsync(OtherId, Size);
        Write(await _engine.LocateAsync(Id), 9, 1);
        Write(await _engine.LocateAsync(OtherId), 9, 2);
        Assert.Equal(1, Read(await _engine.LocateAsync(Id), 9));
        await _engine.DeleteVolumeAsync(Id);
        Assert.Equal(2, Read(await _engine.LocateAsync(OtherId), 9));
        var inventory = await _engine.TakeInventoryAsync([OtherId], []);
        Assert.Empty(inventory.Missing);
        Assert.Empty(inventory.Unknown);
    }

    [SkippableFact]
    public async Task A_volume_can_be_removed_twice_and_is_blank_if_it_is_made_again()
    {
        await CreateAsync(Id, Size);
        Write(await _engine.LocateAsync(Id), 9, 1);
        await _engine.DeleteVolumeAsync(Id);
        await _engine.DeleteVolumeAsync(Id);
        await _engine.FlushRemovalsAsync();
        Assert.Equal(0, _engine.GetAllocated(Id));
        await CreateAsync(Id, Size);
        Assert.Equal(0, Read(await _engine.LocateAsync(Id), 9));
    }

    [SkippableFact]
    public async Task A_volume_takes_up_what_is_written_and_its_removal_frees_that_at_once()
    {
        await CreateAsync(Id, Size);
        Fill(await _engine.LocateAsync(Id), Size);

        // A storage that gathers writes tells what they take up when they are on disk.
        await Eventually.TrueAsync(() => _engine.GetAllocated(Id) >= Size, "what is written takes up space");
        await MeasuresAsync(allocated => allocated >= Size);
        await _engine.DeleteVolumeAsync(Id);
        Assert.Equal(0, _engine.GetAllocated(Id));
        await MeasuresAsync(allocated => allocated < Size / 2);
    }

    [SkippableFact]
    public async Task A_snapshot_a_clone_and_a_revert_can_be_repeated()
    {
        await CreateAsync(Id, Size);
        Write(await _engine.LocateAsync(Id), 3, 1);
        var clone = Guid.NewGuid().ToString("D");
        for (var time = 0; time < 2; time++)
        {
            _ = await _engine.CreateSnapshotAsync(Id, OtherId);
            await _engine.CloneAsync(Id, OtherId, New(clone, Size));
            if (!await RefusesRevertsAsync())
            {
                await _engine.RevertVolumeAsync(Id, OtherId, Size);
            }
        }

        Assert.Equal(1, Read(await _engine.LocateAsync(Id), 3));
        Assert.Equal(1, Read(await _engine.LocateAsync(clone), 3));
        var inventory = await _engine.TakeInventoryAsync([Id, clone], [OtherId]);
        Assert.Empty(inventory.Missing);
        Assert.Empty(inventory.Unknown);
    }

    [SkippableFact]
    public async Task A_snapshot_can_be_removed_twice_and_leaves_its_volume_and_the_other_snapshots()
    {
        await CreateAsync(Id, Size);
        Write(await _engine.LocateAsync(Id), 3, 1);
        _ = await _engine.CreateSnapshotAsync(Id, OtherId);
        var kept = Guid.NewGuid().ToString("D");
        _ = await _engine.CreateSnapshotAsync(Id, kept);
        Write(await _engine.LocateAsync(Id), 3, 2);
        await _engine.DeleteSnapshotAsync(Id, OtherId);
        await _engine.DeleteSnapshotAsync(Id, OtherId);
        Assert.Equal(2, Read(await _engine.LocateAsync(Id), 3));
        var clone = Guid.NewGuid().ToString("D");
        await _engine.CloneAsync(Id, kept, New(clone, Size));
        Assert.Equal(1, Read(await _engine.LocateAsync(clone), 3));
    }

    [SkippableFact]
    public async Task What_is_made_from_or_of_something_that_is_not_there_fails_and_leaves_nothing()
    {
        var clone = Guid.NewGuid().ToString("D");
        await Assert.ThrowsAsync<ClusterException>(() => _engine.CloneAsync(Id, null, New(clone, Size)));
        await Assert.ThrowsAsync<ClusterException>(() => _engine.CloneAsync(Id, OtherId, New(clone, Size)));
        await Assert.ThrowsAsync<ClusterException>(() => _engine.CreateSnapshotAsync(Id, OtherId));
        await Assert.ThrowsAsync<ClusterException>(() => _engine.GrowVolumeAsync(Id, 2 * Size));
        var inventory = await _engine.TakeInventoryAsync([], []);
        Assert.Empty(inventory.Unknown);
        await CreateAsync(Id, Size);
        Write(await _engine.LocateAsync(Id), 3, 7);
        await Assert.ThrowsAsync<ClusterException>(() => _engine.RevertVolumeAsync(Id, OtherId, Size));
        Assert.Equal(7, Read(await _engine.LocateAsync(Id), 3));
    }

    // Of a type that cannot be reverted, with the reason, every revert is refused.
    private async Task<bool> RefusesRevertsAsync()
    {
        if (!_engine.Capabilities.NotReverted.TryGetValue(Type, out var reason))
        {
            return false;
        }

        Assert.EndsWith(".", reason, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ClusterException>(() => _engine.RevertVolumeAsync(Id, OtherId, Size));
        return true;
    }

    // A storage of many machines sums up now and then.
    private async Task MeasuresAsync(Func<long, bool> isRight)
    {
        var usage = await _engine.MeasureAsync(default);
        if (MeasuresAtOnce)
        {
            Assert.True(isRight(usage.Allocated), $"{usage.Allocated} bytes are told to be in use.");
        }
        else
        {
            await Eventually.TrueAsync(
                async () => isRight((usage = await _engine.MeasureAsync(default)).Allocated),
                () => $"the sum follows, and is {usage.Allocated}",
                seconds: 90);
        }
    }

    private NewVolume New(string id, long size) => new(id, size, Type, VolumeAttributes.None);

    private async Task CreateAsync(string id, long size)
    {
        await _engine.PrepareVolumesAsync([id]);
        if ((await _engine.CreateVolumesAsync([New(id, size)])).TryGetValue(id, out var error))
        {
            throw error;
        }
    }

    /// <summary>Gets the type of the volumes.</summary>
    private protected virtual VolumeType Type => VolumeType.Block;

    /// <summary>Gets whether a crash can take the size of a blank volume.</summary>
    private protected virtual bool CanLoseSizes => true;

    /// <summary>Gets whether a sum is as of now.</summary>
    private protected virtual bool MeasuresAtOnce => true;

    /// <summary>Writes to every block.</summary>
    private protected virtual void Fill(EngineDevice device, long size)
    {
        for (var position = 0L; position < size; position += 4096)
        {
            Write(device, position, 1);
        }
    }

    private protected abstract Task<IStorageEngine> OpenAsync();

    private protected abstract Task CloseAsync();

    private protected abstract long GetSize(EngineDevice device);

    private protected abstract byte Read(EngineDevice device, long position);

    private protected abstract void Write(EngineDevice device, long position, byte value);
}
