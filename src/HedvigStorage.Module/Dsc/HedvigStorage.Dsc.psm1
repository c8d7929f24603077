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

    # What documents call a property where it is not its own name.
    hidden [string] GetMemberName([string] $property) {
        return $property.Substring(0, 1).ToLowerInvariant() + $property.Substring(1)
    }

    # The properties that are members of a document: all that the resource has of its own but those that it tells.
    hidden [string[]] GetOwnProperties([bool] $keysOnly) {
        return @(foreach ($property in $this.GetType().GetProperties([System.Reflection.BindingFlags]'Instance, Public, DeclaredOnly')) {
            $attribute = $property.GetCustomAttributes([System.Management.Automation.DscPropertyAttribute], $false) | Select-Object -First 1
            if ($attribute -and -not $attribute.NotConfigurable -and $property.Name -ne 'Ensure' -and ($attribute.Key -or -not $keysOnly)) { $property.Name }
        })
    }

    # The members of an object that are given. What is not given is never changed; an object that is not to be there is known by its keys alone.
    hidden [hashtable] GetMembers() {
        $absent = $this.Ensure -eq [HvEnsure]::Absent
        $members = @{}
        foreach ($name in $this.GetOwnProperties($absent)) {
            $value = $this.$name
            if ($null -ne $value -and -not ($value -is [string] -and $value.Length -eq 0)) {
                $members[$this.GetMemberName($name)] = $value
            }
        }
        if ($absent) { $members['ensure'] = 'Absent' }
        return $members
    }

    # What is there takes the place of what was asked for, by the members that documents have. A class cannot name types of a module that is imported when it runs.
    hidden [void] ReadMembers([object] $found) {
        $known = ('HedvigStorage.Documents.ObjectDescription' -as [type])::Of($found)
        foreach ($name in $this.GetOwnProperties($false)) { $this.$name = [HvResource]::Plain($known[$this.GetMemberName($name)]) }
    }

    # Hashtables and arrays, as they are written in a configuration.
    hidden static [object] Plain([object] $value) {
        if ($value -is [System.Collections.IDictionary]) {
            $plain = @{}
            foreach ($name in $value.Keys) { $plain[$name] = [HvResource]::Plain($value[$name]) }
            return $plain
        }
        if ($value -is [System.Collections.IList]) { return @(foreach ($item in $value) { [HvResource]::Plain($item) }) }
        return $value
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
                        [HvReason]@{ Code = "HedvigStorage:${kind}:$($change.Property)"; Phrase = "$($step.Id): $($change.Property) is $($change.Before) and should be $($change.After)." }
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
    [DscProperty()] [hashtable] $SnapshotSchedule
    [DscProperty()] [Nullable[int]] $ReplicationFactor
    [DscProperty()] [string] $ReplicationPolicy
    [DscProperty()] [string[]] $DataCenters
    [DscProperty()] [string] $Residence
    [DscProperty()] [Nullable[bool]] $CacheEnabled
    [DscProperty()] [Nullable[bool]] $Compression
    [DscProperty()] [Nullable[bool]] $Deduplication
    [DscProperty()] [Nullable[bool]] $Encryption

    [HvPolicy] Get() { $this.ReadAll(@{}); return $this }
    [bool] Test() { return $this.TestDesired() }
    [void] Set() { $this.SetDesired(@{}) }

    hidden [hashtable] GetDocument() { return @{ policies = @($this.GetMembers()) } }

    hidden [void] Read([object] $cluster) {
        $found = Get-HvPolicy @cluster -ErrorAction Stop | Where-Object Name -CEQ $this.Name
        $this.Ensure = if ($found) { [HvEnsure]::Present } else { [HvEnsure]::Absent }
        if ($found) { $this.ReadMembers($found) }
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
    [DscProperty()] [string] $Takeover
    [DscProperty()] [string] $Description
    [DscProperty()] [string] $From
    [DscProperty()] [string] $Snapshot
    [DscProperty()] [Nullable[int]] $ReplicationFactor
    [DscProperty()] [string] $ReplicationPolicy
    [DscProperty()] [string[]] $DataCenters
    [DscProperty()] [string] $Residence
    [DscProperty()] [Nullable[bool]] $CacheEnabled
    [DscProperty()] [Nullable[bool]] $Compression
    [DscProperty()] [Nullable[bool]] $Deduplication
    [DscProperty()] [Nullable[bool]] $Encryption

    [HvVolume] Get() { $this.ReadAll(@{}); return $this }
    [bool] Test() { return $this.TestDesired() }
    [void] Set() { $this.SetDesired(@{}) }

    hidden [hashtable] GetDocument() { return @{ volumes = @($this.GetMembers()) } }

    hidden [void] Read([object] $cluster) {
        $found = Get-HvVolume @cluster -ErrorAction Stop | Where-Object Name -CEQ $this.Name
        $this.Ensure = if ($found) { [HvEnsure]::Present } else { [HvEnsure]::Absent }
        if ($found) { $this.ReadMembers($found) }
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

    hidden [hashtable] GetDocument() { return @{ snapshots = @($this.GetMembers()) } }

    hidden [void] Read([object] $cluster) {
        $found = Get-HvSnapshot @cluster -ErrorAction Stop | Where-Object { $_.Volume -ceq $this.Volume -and $_.Name -ceq $this.Name }
        $this.Ensure = if ($found) { [HvEnsure]::Present } else { [HvEnsure]::Absent }
    }
}

[DscResource()]
class HvDockerPlugin : HvResource {
    [DscProperty(Key)] [string] $Name
    [DscProperty()] [HvEnsure] $Ensure = [HvEnsure]::Present
    [DscProperty()] [string] $Mode
    [DscProperty()] [string] $Version
    [DscProperty()] [string] $HostName
    [DscProperty()] [string] $StateDirectory
    [DscProperty()] [string] $MountRoot
    [DscProperty()] [string] $DataDirectory
    [DscProperty()] [Nullable[bool]] $OnlineGrowth

    [HvDockerPlugin] Get() { $this.ReadAll(@{}); return $this }
    [bool] Test() { return $this.TestDesired() }
    [void] Set() { $this.SetDesired(@{}) }

    hidden [hashtable] GetDocument() { return @{ docker = @{ plugin = $this.GetMembers() } } }

    # PowerShell itself has a $Host.
    hidden [string] GetMemberName([string] $property) {
        if ($property -eq 'HostName') { return 'host' }
        return ([HvResource] $this).GetMemberName($property)
    }

    hidden [void] Read([object] $cluster) {
        $found = Get-HvDockerPlugin -Name $this.Name -ErrorAction Stop
        $this.Ensure = if ($found.Running) { [HvEnsure]::Present } else { [HvEnsure]::Absent }
        if ($found.Running) {
            foreach ($name in 'Mode', 'Version', 'StateDirectory', 'MountRoot', 'DataDirectory', 'OnlineGrowth') { $this.$name = $found.$name }
            $this.HostName = $found.Host
        }
    }
}

[DscResource()]
class HvContainer : HvResource {
    [DscProperty(Key)] [string] $Name
    [DscProperty()] [HvEnsure] $Ensure = [HvEnsure]::Present
    [DscProperty()] [string] $Image
    [DscProperty()] [string] $State
    [DscProperty()] [string[]] $Command
    [DscProperty()] [string[]] $Entrypoint
    [DscProperty()] [string] $User
    [DscProperty()] [hashtable] $Environment
    [DscProperty()] [string[]] $EnvironmentFile
    [DscProperty()] [string] $WorkingDir
    [DscProperty()] [string] $Hostname
    [DscProperty()] [hashtable] $Health
    [DscProperty()] [string] $WaitHealthy
    [DscProperty()] [string[]] $DependsOn
    [DscProperty()] [string] $StopTimeout
    [DscProperty()] [hashtable] $Resources
    [DscProperty()] [string] $ShmSize
    [DscProperty()] [hashtable] $Ulimits
    [DscProperty()] [Nullable[bool]] $ReadOnly
    [DscProperty()] [hashtable] $Tmpfs
    [DscProperty()] [Nullable[bool]] $Init
    [DscProperty()] [Nullable[bool]] $Tty
    [DscProperty()] [Nullable[bool]] $StdinOpen
    [DscProperty()] [string] $StopSignal
    [DscProperty()] [Nullable[bool]] $Privileged
    [DscProperty()] [hashtable] $Capabilities
    [DscProperty()] [string[]] $SecurityOptions
    [DscProperty()] [string[]] $Groups
    [DscProperty()] [string[]] $Devices
    [DscProperty()] [hashtable] $Sysctls
    [DscProperty()] [string[]] $ExtraHosts
    [DscProperty()] [string[]] $Dns
    [DscProperty()] [string[]] $DnsSearch
    [DscProperty()] [string[]] $DnsOptions
    [DscProperty()] [string] $Ipc
    [DscProperty()] [string] $Pid
    [DscProperty()] [hashtable] $Logging
    [DscProperty()] [Nullable[bool]] $Recreate
    [DscProperty()] [string[]] $Mounts
    [DscProperty()] [string[]] $Ports
    [DscProperty()] [string] $Restart
    [DscProperty()] [hashtable] $Labels
    [DscProperty()] [string] $Network

    [HvContainer] Get() { $this.ReadAll(@{}); return $this }
    [bool] Test() { return $this.TestDesired() }
    [void] Set() { $this.SetDesired(@{}) }

    hidden [hashtable] GetDocument() {
        $container = $this.GetMembers()
        if ($container.ContainsKey('mounts')) {
            $container['mounts'] = @(foreach ($mount in $this.Mounts) { $this.ReadMount($mount) })
        }
        return @{ docker = @{ containers = @($container) } }
    }

    # As docker run -v takes them.
    hidden [hashtable] ReadMount([string] $text) {
        $source, $target, $options = $text -split ':', 3
        $rule = 'Give VOLUME:TARGET or /SOURCE:TARGET, with :ro behind it for one that is only read; of a volume also nocopy and subpath=PATH, separated by commas.'
        if (-not $target) { throw "'$text' is not a mount. $rule" }
        $member = @{ target = $target; readOnly = $false }
        $member[$(if ($source.StartsWith('/')) { 'source' } else { 'volume' })] = $source
        foreach ($option in "$options" -split ',') {
            if ($option -eq 'ro') { $member['readOnly'] = $true }
            elseif ($option -eq 'nocopy') { $member['noCopy'] = $true }
            elseif ($option -like 'subpath=?*') { $member['subPath'] = $option.Substring('subpath='.Length) }
            elseif ($option -notin '', 'rw') { throw "'$text' is not a mount. $rule" }
        }
        return $member
    }

    hidden [string] WriteMount([object] $mount) {
        $source = if ($mount['volume']) { $mount['volume'] } else { $mount['source'] }
        $options = @(if ($mount['readOnly']) { 'ro' }; if ($mount['noCopy']) { 'nocopy' }; if ($mount['subPath']) { "subpath=$($mount['subPath'])" }) -join ','
        return "${source}:$($mount['target'])$(if ($options) { ":$options" })"
    }

    hidden [void] Read([object] $cluster) {
        $found = $this.Run('Get-HvContainer', @{}) | Where-Object Name -CEQ $this.Name
        $this.Ensure = if ($found) { [HvEnsure]::Present } else { [HvEnsure]::Absent }
        if (-not $found) { return }
        $known = $found.Configuration

        # What is not part of a container's state, or may hold secrets, stays as it was asked for; what differs of it is among the reasons.
        foreach ($name in $this.GetOwnProperties($false) | Where-Object { $_ -notin 'Environment', 'EnvironmentFile', 'WaitHealthy', 'DependsOn', 'Recreate', 'Mounts', 'State', 'Logging' }) {
            $this.$name = [HvResource]::Plain($known[$this.GetMemberName($name)])
        }
        $this.State = if ($known['state']) { $known['state'] } else { 'Running' }
        $this.Mounts = @(foreach ($mount in $known['mounts']) { $this.WriteMount($mount) })
        if ($known['logging']) { $this.Logging = [HvResource]::Plain($known['logging']) }
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
