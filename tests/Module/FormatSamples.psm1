# One object of each type that a cmdlet writes, made without a cluster, with the same content on every machine.
$script:Hidden = [System.Reflection.BindingFlags]'Instance, Public, NonPublic'

function New-Hidden([string] $Type, [object[]] $Argument, [hashtable] $Property = @{}) {
    $made = [Activator]::CreateInstance(([type]$Type), $script:Hidden, $null, $Argument, [cultureinfo]::InvariantCulture)
    foreach ($name in $Property.Keys) {
        ([type]$Type).GetProperty($name, $script:Hidden).SetValue($made, $Property[$name])
    }
    $made
}

function Get-FormatSample {
    $instant = [DateTimeOffset]'2026-11-22T16:05:00Z'
    $requested = [HedvigStorage.VolumeAttributes]@{ ReplicationFactor = 3; Residence = 'Flash'; Compression = $true }
    $effective = [HedvigStorage.VolumeAttributes]@{ ReplicationFactor = 1; Compression = $false }
    $attachment = [HedvigStorage.Attachment]@{
        Volume = 'pgdata'; Host = 'db1.example.org'; HostId = 'h05t'; BootId = 'b00t'; Process = '17/4711'; Generation = 7; AttachedAt = $instant; RenewedAt = $instant.AddMinutes(1); ExpiresAt = $instant.AddMinutes(2)
    }
    $volume = [HedvigStorage.Volume]@{
        Name = 'pgdata'; Id = 'v-1'; Size = '20GB'; Allocated = '1536MB'; Policy = 'gold'; Requested = $requested; Effective = $effective; Mode = 0x1E8; Protected = $true; SnapshotCount = 2
        Attachment = $attachment; CreatedAt = $instant; SourceVolume = 'golden'; SourceSnapshot = 'nightly'; Description = 'orders'
    }
    $step = New-Hidden HedvigStorage.Planning.PlanStep @([HedvigStorage.Planning.ResourceKind]::Volume, 'pgdata', [HedvigStorage.Planning.StepAction]::Replace) @{
        Changes = [HedvigStorage.Planning.PropertyChange[]]@([HedvigStorage.Planning.PropertyChange]::new('type', 'Block', 'File'), [HedvigStorage.Planning.PropertyChange]::new('policy', [NullString]::Value, 'gold'))
        Reason  = 'Its type differs.'; Cost = 'All data of the volume is lost.'; Needs = [HedvigStorage.Planning.Consent]::Replace; DependsOn = [string[]]@('policy/gold')
    }
    [ordered]@{
        Volume             = @($volume, [HedvigStorage.Volume]@{ Name = 'a-name-that-is-so-long-that-it-does-not-fit'; Size = '32MB'; Type = 'File' })
        Policy             = [HedvigStorage.Policy]@{ Name = 'gold'; Requested = $requested; Effective = $effective; VolumeCount = 2; SnapshotSchedule = [HedvigStorage.SnapshotSchedule]@{ Hourly = 24; Daily = 7 } }
        Snapshot           = [HedvigStorage.Snapshot]@{ Volume = 'pgdata'; Name = 'before-upgrade'; Size = '20GB'; Allocated = '17MB'; CreatedAt = $instant; Frequency = 'Daily' }
        Attachment         = $attachment
        ClusterInformation = [HedvigStorage.ClusterInformation]@{ Name = 'lab'; Total = '100GB'; Used = '1536MB'; Free = '90GB'; Reserve = '5GB'; Provisioned = '60GB'; Overcommit = 2.5; VolumeCount = 3; Nodes = [string[]]@('node1:7080'); Healthy = $false; Problems = [string[]]@('The disk is full.') }
        Capabilities       = [HedvigStorage.ClusterCapabilities]@{ Engine = 'Embedded'; Version = '1.2.3'; Extension = $true; VolumeTypes = [HedvigStorage.VolumeType[]]@('Block', 'File'); HonouredAttributes = [string[]]@('compression'); MinimumVolumeSize = '16MB'; MaximumVolumeSize = '16TB' }
        Attributes         = $requested
        PlanStep           = $step
        StepOutcome        = @([HedvigStorage.Planning.StepOutcome]::new($step, 'Failed', 'The volume is attached to db1.', [TimeSpan]::FromMilliseconds(1250)), [HedvigStorage.Planning.StepOutcome]::new($step, 'Succeeded', [NullString]::Value, [TimeSpan]::Zero))
        PluginStatus       = [HedvigStorage.Hosting.DockerPluginStatus]@{ Name = 'hedvig'; Mode = 'Service'; Service = 'active (running), enabled'; Running = $true; ProcessId = 4711; Version = '1.2.3'; Cluster = 'http://127.0.0.1:7080'; Host = 'db1'; Socket = '/run/docker/plugins/hedvig.sock'; Volumes = [string[]]@('pgdata', 'web') }
        PluginCheck        = @([HedvigStorage.Hosting.DockerPluginCheck]::new('installed', $true, 'It is installed as a service.'), [HedvigStorage.Hosting.DockerPluginCheck]::new('engine', $false, 'No Docker Engine answers at unix:///var/run/docker.sock. Start it, or name another with -DockerHost.'))
    }
}

Export-ModuleMember -Function Get-FormatSample
