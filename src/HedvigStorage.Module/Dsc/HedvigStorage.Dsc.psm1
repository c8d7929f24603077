# A module of its own: PowerShell compiles classes whenever the module that holds them is imported, and most who import HedvigStorage need none.
# As shipped, the two modules lie beside each other; in the repository, the manifest lies at the top.
$module = Join-Path (Split-Path $PSScriptRoot) 'HedvigStorage/HedvigStorage.psd1'
if (-not (Test-Path -LiteralPath $module)) {
    $module = Join-Path (Split-Path (Split-Path (Split-Path $PSScriptRoot))) 'HedvigStorage.psd1'
}
if (-not (Test-Path -LiteralPath $module)) {
    $module = 'HedvigStorage'
}

Import-Module -Name $module

# Each resource makes a small document of itself, and the planner does the rest.
enum HvEnsure {
    Present
    Absent
}

class HvReason {
    [DscProperty()] [string] $Code
    [DscProperty()] [string] $Phrase
}

class HvResource {
    [DscProperty()] [string] $ClusterUri
    [DscProperty()] [string] $CredentialFile
    [DscProperty()] [string] $DockerHost
    [DscProperty()] [bool] $AllowReplace
    [DscProperty(NotConfigurable)] [HvReason[]] $Reasons

    hidden [hashtable] GetDocument() { throw 'A resource describes itself.' }
    hidden [void] Read([object] $cluster) { throw 'A resource reads itself.' }

    # The members of an object that are given. What is not given is never changed.
    hidden [hashtable] GetMembers([string[]] $names) {
        $members = @{}
        foreach ($name in $names) {
            $value = $this.$name
            if ($null -ne $value -and -not ($value -is [string] -and $value.Length -eq 0)) {
                $members[$name.Substring(0, 1).ToLowerInvariant() + $name.Substring(1)] = $value
            }
        }
        return $members
    }

    # An object that shall not be there is known by its name alone.
    hidden [hashtable] GetMembers([string[]] $keys, [string[]] $names, [HvEnsure] $ensure) {
        if ($ensure -eq [HvEnsure]::Absent) {
            $members = $this.GetMembers($keys)
            $members['ensure'] = 'Absent'
            return $members
        }
        return $this.GetMembers($keys + $names)
    }

    hidden [object] Run([string] $command, [hashtable] $more) {
        $parameters = @{ ErrorAction = 'Stop' } + $more
        if ($command -notin 'Get-HvDockerPlugin') {
            if ($this.DockerHost) { $parameters['DockerHost'] = $this.DockerHost }
        }
        return & $command @parameters
    }

    # The connection of the session, unless one is named here or there is none: that one is closed again.
    hidden [object] WithCluster([scriptblock] $work) {
        $connection = $null
        $given = @{}
        if ($this.ClusterUri) { $given['Uri'] = $this.ClusterUri }
        if ($this.CredentialFile) { $given['CredentialFile'] = $this.CredentialFile }
        $connected = $false
        if ($given.Count -eq 0) {
            try { $connected = $null -ne (Get-HvCluster -ErrorAction Stop) } catch { Write-Verbose "The session has no cluster: $_" }
        }
        if (-not $connected) {
            $connection = Connect-HvCluster @given -NotDefault -ErrorAction Stop
        }
        try {
            $parameters = @{}
            if ($connection) { $parameters['Cluster'] = $connection }
            return & $work $parameters
        }
        finally {
            if ($connection) { Disconnect-HvCluster -Cluster $connection }
        }
    }

    hidden [bool] TestDesired() {
        $document = $this.GetDocument()
        $self = $this
        return $this.WithCluster({ param($cluster) $self.Run('Test-HvConfiguration', $cluster + @{ Configuration = $document }) })
    }

    hidden [void] SetDesired([hashtable] $more) {
        $document = $this.GetDocument()
        $self = $this
        $options = @{ Configuration = $document; AllowReplace = $this.AllowReplace; Confirm = $false } + $more
        $null = $this.WithCluster({ param($cluster) $self.Run('Invoke-HvConfiguration', $cluster + $options) })
    }

    # What differs is told first, from what is asked for; then what is there takes its place.
    hidden [void] ReadAll([hashtable] $more) {
        $document = $this.GetDocument()
        $self = $this
        $kind = $this.GetType().Name
        $null = $this.WithCluster({
            param($cluster)
            $steps = @($self.Run('Compare-HvConfiguration', $cluster + @{ Configuration = $document } + $more) | Where-Object { $_ })
            $self.Reasons = @(foreach ($step in $steps) {
                if ($step.Changes.Count -eq 0 -or $step.Action -eq 'Create') {
                    [HvReason]@{ Code = "HedvigStorage:${kind}:$($step.Action)"; Phrase = "$($step.Id): $($step.Reason)" }
                }
                else {
                    foreach ($change in $step.Changes) {
                        [HvReason]@{ Code = "HedvigStorage:${kind}:$($change.Property)"; Phrase = "$($step.Id): $($change.Property) is $($change.Before) and shall be $($change.After)." }
                    }
                }
            })
            $self.Read($cluster)
        })
    }
}

[DscResource()]
class HvPolicy : HvResource {
    [DscProperty(Key)] [string] $Name
    [DscProperty()] [HvEnsure] $Ensure = [HvEnsure]::Present
    [DscProperty()] [string] $Description
    [DscProperty()] [Nullable[int]] $ReplicationFactor
    [DscProperty()] [string] $ReplicationPolicy
    [DscProperty()] [string] $Residence
    [DscProperty()] [Nullable[bool]] $CacheEnabled
    [DscProperty()] [Nullable[bool]] $Compression
    [DscProperty()] [Nullable[bool]] $Deduplication
    [DscProperty()] [Nullable[bool]] $Encryption

    [HvPolicy] Get() { $this.ReadAll(@{}); return $this }
    [bool] Test() { return $this.TestDesired() }
    [void] Set() { $this.SetDesired(@{}) }

    hidden [hashtable] GetDocument() {
        return @{ policies = @($this.GetMembers(@('Name'), @('Description', 'ReplicationFactor', 'ReplicationPolicy', 'Residence', 'CacheEnabled', 'Compression', 'Deduplication', 'Encryption'), $this.Ensure)) }
    }

    hidden [void] Read([object] $cluster) {
        $found = Get-HvPolicy @cluster -ErrorAction Stop | Where-Object Name -CEQ $this.Name
        $this.Ensure = if ($found) { [HvEnsure]::Present } else { [HvEnsure]::Absent }
        if ($found) {
            $this.Description = $found.Description
            foreach ($name in 'ReplicationFactor', 'ReplicationPolicy', 'Residence', 'CacheEnabled', 'Deduplication', 'Encryption') { $this.$name = $found.Requested.$name }
            $this.Compression = $found.Requested.Compressed
        }
    }
}

[DscResource()]
class HvVolume : HvResource {
    [DscProperty(Key)] [string] $Name
    [DscProperty()] [HvEnsure] $Ensure = [HvEnsure]::Present
    [DscProperty()] [string] $Size
    [DscProperty()] [string] $Type
    [DscProperty()] [string] $Policy
    [DscProperty()] [string] $FileSystem
    [DscProperty()] [Nullable[int]] $Uid
    [DscProperty()] [Nullable[int]] $Gid
    [DscProperty()] [string] $Mode
    [DscProperty()] [Nullable[bool]] $Protect
    [DscProperty()] [string] $Description
    [DscProperty()] [string] $From
    [DscProperty()] [string] $Snapshot

    [HvVolume] Get() { $this.ReadAll(@{}); return $this }
    [bool] Test() { return $this.TestDesired() }
    [void] Set() { $this.SetDesired(@{}) }

    hidden [hashtable] GetDocument() {
        return @{ volumes = @($this.GetMembers(@('Name'), @('Size', 'Type', 'Policy', 'FileSystem', 'Uid', 'Gid', 'Mode', 'Protect', 'Description', 'From', 'Snapshot'), $this.Ensure)) }
    }

    hidden [void] Read([object] $cluster) {
        $found = Get-HvVolume @cluster -ErrorAction Stop | Where-Object Name -CEQ $this.Name
        $this.Ensure = if ($found) { [HvEnsure]::Present } else { [HvEnsure]::Absent }
        if ($found) {
            foreach ($name in 'Size', 'Type', 'Policy', 'FileSystem', 'Uid', 'Gid', 'Description') { $this.$name = $found.$name }
            $this.Mode = if ($null -ne $found.Mode) { [Convert]::ToString([int] $found.Mode, 8) }
            $this.Protect = $found.Protected
            $this.From = $found.SourceVolume
            $this.Snapshot = $found.SourceSnapshot
        }
    }
}

[DscResource()]
class HvSnapshot : HvResource {
    [DscProperty(Key)] [string] $Volume
    [DscProperty(Key)] [string] $Name
    [DscProperty()] [HvEnsure] $Ensure = [HvEnsure]::Present

    [HvSnapshot] Get() { $this.ReadAll(@{}); return $this }
    [bool] Test() { return $this.TestDesired() }
    [void] Set() { $this.SetDesired(@{}) }

    hidden [hashtable] GetDocument() { return @{ snapshots = @($this.GetMembers(@('Volume', 'Name'), @(), $this.Ensure)) } }

    hidden [void] Read([object] $cluster) {
        $found = Get-HvSnapshot @cluster -ErrorAction Stop | Where-Object { $_.Volume -ceq $this.Volume -and $_.Name -ceq $this.Name }
        $this.Ensure = if ($found) { [HvEnsure]::Present } else { [HvEnsure]::Absent }
    }
}

[DscResource()]
class HvDockerPlugin : HvResource {
    [DscProperty(Key)] [string] $Name
    [DscProperty()] [HvEnsure] $Ensure = [HvEnsure]::Present
    [DscProperty()] [string] $HostName

    [HvDockerPlugin] Get() { $this.ReadAll(@{}); return $this }
    [bool] Test() { return $this.TestDesired() }
    [void] Set() { $this.SetDesired(@{}) }

    hidden [hashtable] GetDocument() {
        $plugin = $this.GetMembers(@('Name'), @(), $this.Ensure)
        if ($this.HostName -and $this.Ensure -eq [HvEnsure]::Present) { $plugin['host'] = $this.HostName }
        return @{ docker = @{ plugin = $plugin } }
    }

    hidden [void] Read([object] $cluster) {
        $found = Get-HvDockerPlugin -Name $this.Name -ErrorAction Stop
        $this.Ensure = if ($found.Running) { [HvEnsure]::Present } else { [HvEnsure]::Absent }
        if ($found.Running) { $this.HostName = $found.Host }
    }
}

[DscResource()]
class HvContainer : HvResource {
    [DscProperty(Key)] [string] $Name
    [DscProperty()] [HvEnsure] $Ensure = [HvEnsure]::Present
    [DscProperty()] [string] $Image
    [DscProperty()] [string] $State
    [DscProperty()] [string[]] $Command
    [DscProperty()] [string] $User
    [DscProperty()] [hashtable] $Environment
    [DscProperty()] [string[]] $Mounts
    [DscProperty()] [string[]] $Ports
    [DscProperty()] [string] $Restart
    [DscProperty()] [string] $Network

    [HvContainer] Get() { $this.ReadAll(@{}); return $this }
    [bool] Test() { return $this.TestDesired() }
    [void] Set() { $this.SetDesired(@{}) }

    hidden [hashtable] GetDocument() {
        $container = $this.GetMembers(@('Name'), @('Image', 'State', 'Command', 'User', 'Environment', 'Ports', 'Restart', 'Network'), $this.Ensure)
        if ($this.Mounts -and $this.Ensure -eq [HvEnsure]::Present) {
            $container['mounts'] = @(foreach ($mount in $this.Mounts) {
                $source, $target, $mode = $mount -split ':', 3
                if (-not $target -or $mode -notin $null, 'ro', 'rw') { throw "'$mount' is no mount. Give VOLUME:TARGET or /SOURCE:TARGET, with :ro behind it for one that is only read." }
                $member = @{ target = $target; readOnly = $mode -eq 'ro' }
                $member[$(if ($source.StartsWith('/')) { 'source' } else { 'volume' })] = $source
                $member
            })
        }
        return @{ docker = @{ containers = @($container) } }
    }

    hidden [void] Read([object] $cluster) {
        $found = $this.Run('Get-HvContainer', @{}) | Where-Object Name -CEQ $this.Name
        $this.Ensure = if ($found) { [HvEnsure]::Present } else { [HvEnsure]::Absent }
        if ($found) {
            # The rest, such as the environment, may hold secrets; what differs of it is among the reasons.
            $this.Image = $found.Image
            $this.State = if ($found.State -eq 'running') { 'Running' } else { 'Stopped' }
        }
    }
}

[DscResource()]
class HvConfiguration : HvResource {
    [DscProperty(Key)] [string] $Path
    [DscProperty()] [bool] $Prune
    [DscProperty()] [bool] $AllowRemove
    [DscProperty(NotConfigurable)] [bool] $InDesiredState

    [HvConfiguration] Get() { $this.ReadAll(@{ Prune = $this.Prune }); return $this }
    [bool] Test() {
        $self = $this
        return $this.WithCluster({ param($cluster) $self.Run('Test-HvConfiguration', $cluster + $self.GetDocument() + @{ Prune = $self.Prune }) })
    }
    [void] Set() {
        $self = $this
        $null = $this.WithCluster({
            param($cluster)
            $self.Run('Invoke-HvConfiguration', $cluster + @{ Path = $self.Path; Prune = $self.Prune; AllowRemove = $self.AllowRemove; AllowReplace = $self.AllowReplace; Confirm = $false })
        })
    }

    hidden [hashtable] GetDocument() { return @{ Path = $this.Path } }

    hidden [void] ReadAll([hashtable] $more) {
        $self = $this
        $null = $this.WithCluster({
            param($cluster)
            $steps = @($self.Run('Compare-HvConfiguration', $cluster + @{ Path = $self.Path } + $more) | Where-Object { $_ })
            $self.Reasons = @(foreach ($step in $steps) { [HvReason]@{ Code = "HedvigStorage:HvConfiguration:$($step.Action)"; Phrase = "$($step.Id): $($step.Reason)" } })
            $self.InDesiredState = $steps.Count -eq 0
        })
    }
}
