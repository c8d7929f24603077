Describe 'Class-based DSC resources' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
        $manifest = Get-TestDscModulePath
        $cluster = Start-TestCluster
        $pwsh = (Get-Process -Id $PID).Path
        if ($env:HV_TEST_MODULE) { $env:PSModulePath = "$(Get-TestModuleRoot)$([IO.Path]::PathSeparator)$env:PSModulePath" }

        # 'using module' is read before a script runs, so each script gets a PowerShell of its own.
        function Invoke-WithModule([string] $Script) {
            $file = Join-Path $TestDrive "$([Guid]::NewGuid().ToString('n')).ps1"
            Set-Content $file @"
using module '$manifest'
`$ErrorActionPreference = 'Stop'
`$WarningPreference = 'SilentlyContinue'
Import-Module '$(Get-TestModulePath)'
`$env:HV_CLUSTER = '$($cluster.Address)'
`$env:HV_CREDENTIAL_FILE = '$($cluster.CredentialFile)'
$Script
"@
            $output = & $pwsh -NoProfile -NonInteractive -File $file 2>&1
            if ($LASTEXITCODE -ne 0) { throw "$output" }
            $output | ForEach-Object { "$_" }
        }
    }

    AfterAll {
        Stop-TestCluster $cluster
    }

    It 'are named by the manifest and are what DSC takes for resources' {
        $names = (Import-PowerShellDataFile $manifest).DscResourcesToExport
        $names | Should -Be 'HvConfiguration', 'HvContainer', 'HvDockerPlugin', 'HvPolicy', 'HvSnapshot', 'HvVolume'
        $script = foreach ($name in $names) {
            "'{0} {1} {2} {3}' -f '$name', [$name].GetCustomAttributes([System.Management.Automation.DscResourceAttribute], `$false).Count, @([$name].GetProperties() | Where-Object { `$_.GetCustomAttributes([System.Management.Automation.DscPropertyAttribute], `$false).Key }).Count, ((([$name].GetMethods() | Where-Object { `$_.Name -in 'Get', 'Set', 'Test' -and `$_.GetParameters().Count -eq 0 }).Name | Sort-Object -Unique) -join ',')"
        }
        Invoke-WithModule ($script -join "`n") | Should -Be @(
            'HvConfiguration 1 1 Get,Set,Test', 'HvContainer 1 1 Get,Set,Test', 'HvDockerPlugin 1 1 Get,Set,Test', 'HvPolicy 1 1 Get,Set,Test', 'HvSnapshot 1 2 Get,Set,Test', 'HvVolume 1 1 Get,Set,Test')
    }

    It 'are laid out beside the module' {
        $laidOut = Get-TestModuleRoot
        & $pwsh -NoProfile -NonInteractive -Command "`$env:PSModulePath = '$laidOut'; Import-Module HedvigStorage.Dsc; (Get-Module HedvigStorage.Dsc).NestedModules.Name" | Should -Contain 'HedvigStorage'
        (Get-Module -ListAvailable (Join-Path $laidOut 'HedvigStorage.Dsc')).Version | Should -Be (Test-ModuleManifest (Get-TestModulePath)).Version
    }

    It 'make, compare and remove policies, volumes and snapshots' {
        $output = Invoke-WithModule @'
$resources = @(
    [HvPolicy]@{ Name = 'gold'; Compression = $true }
    [HvVolume]@{ Name = 'data'; Size = '16MB'; Policy = 'gold' }
    [HvSnapshot]@{ Volume = 'data'; Name = 'before' }
)
foreach ($resource in $resources) {
    $before = $resource.Test()
    $resource.Set()
    $resource.Set()
    "$($resource.GetType().Name) $before $($resource.Test())"
}
$volume = [HvVolume]@{ Name = 'data'; Size = '32MB'; Description = 'ours' }
$state = $volume.Get()
"$($state.Ensure) $($state.Size) $($state.Policy) $($state.Reasons.Count)"
$state.Reasons | ForEach-Object { "$($_.Code) | $($_.Phrase)" }
$missing = ([HvVolume]@{ Name = 'other'; Size = '16MB' }).Get()
"$($missing.Ensure) $($missing.Reasons.Code)"
[array]::Reverse($resources)
foreach ($resource in $resources) {
    $resource.Ensure = 'Absent'
    $resource.Set()
    "$($resource.Test()) $($resource.Get().Ensure)"
}
'@
        $output | Should -Be @(
            'HvPolicy False True'
            'HvVolume False True'
            'HvSnapshot False True'
            'Present 16MB gold 2'
            'HedvigStorage:HvVolume:size | volume/data: size is 16MB and should be 32MB.'
            'HedvigStorage:HvVolume:description | volume/data: description is  and should be ours.'
            'Absent HedvigStorage:HvVolume:Create'
            'True Absent'
            'True Absent'
            'True Absent')
    }

    It 'have every member that a document has of their kind of object, and nothing that it has not: <Class>' -ForEach @(
        @{ Class = 'HvPolicy'; Definition = 'policy' }
        @{ Class = 'HvVolume'; Definition = 'volume' }
        @{ Class = 'HvSnapshot'; Definition = 'snapshot' }
        @{ Class = 'HvDockerPlugin'; Definition = 'plugin' }
        @{ Class = 'HvContainer'; Definition = 'container' }
    ) {
        $schema = Get-Content -Raw (Join-Path (Get-TestRepository) 'docs/configuration.schema.json') | ConvertFrom-Json -AsHashtable
        $members = @($schema.'$defs'.$Definition.properties.Keys | Where-Object { $_ -ne 'ensure' } | Sort-Object)
        Invoke-WithModule "`$resource = [$Class]::new(); `$resource.GetOwnProperties(`$false) | ForEach-Object { `$resource.GetMemberName(`$_) } | Sort-Object" | Should -BeExactly $members
    }

    It 'tell all of a policy and a volume, whatever has been asked for' {
        Import-Module (Get-TestModulePath)
        $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
        $schema = Get-Content -Raw (Join-Path (Get-TestRepository) 'docs/configuration.schema.json') | ConvertFrom-Json -AsHashtable
        $attributes = @{ replicationFactor = 3; replicationPolicy = 'DataCenterAware'; dataCenters = @('east', 'west'); residence = 'Flash'; cacheEnabled = $true; compression = $true; deduplication = $true; encryption = $false }
        $document = @{
            policies = @($attributes + @{ name = 'told'; description = 'a policy'; snapshotSchedule = @{ hourly = 24; daily = 7; weekly = 4 } })
            volumes  = @(
                $attributes + @{ name = 'told'; size = '16MB'; type = 'File'; policy = 'told'; fileSystem = 'Ext4'; uid = 70; gid = 71; mode = '0750'; protect = $true; takeover = 'Fenced'; description = 'a volume' }
                @{ name = 'copy'; from = 'told'; snapshot = 'first' }
            )
            snapshots = @(@{ volume = 'told'; name = 'first' })
        }
        $null = Invoke-HvConfiguration -Configuration $document -WarningAction Ignore
        try {
            @($document.policies[0].Keys) + 'ensure' | Sort-Object | Should -Be @($schema.'$defs'.policy.properties.Keys | Sort-Object)
            @($document.volumes.Keys) + 'ensure' | Sort-Object -Unique | Should -Be @($schema.'$defs'.volume.properties.Keys | Sort-Object)
            Invoke-WithModule @'
foreach ($state in ([HvPolicy]@{ Name = 'told' }).Get(), ([HvVolume]@{ Name = 'told'; Size = '16MB' }).Get()) {
    foreach ($name in $state.GetOwnProperties($false)) { "$($state.GetType().Name) $($state.GetMemberName($name)) $($state.$name)" }
}
$schedule = ([HvPolicy]@{ Name = 'told' }).Get().SnapshotSchedule
"$($schedule.hourly) $($schedule.daily) $($schedule.weekly)"
$copy = ([HvVolume]@{ Name = 'copy'; From = 'told' }).Get()
"$($copy.From)@$($copy.Snapshot)"
'@ | Should -Be @(
                'HvPolicy name told'; 'HvPolicy description a policy'; 'HvPolicy snapshotSchedule System.Collections.Hashtable'
                'HvPolicy replicationFactor 3'; 'HvPolicy replicationPolicy DataCenterAware'; 'HvPolicy dataCenters east west'; 'HvPolicy residence Flash'
                'HvPolicy cacheEnabled True'; 'HvPolicy compression True'; 'HvPolicy deduplication True'; 'HvPolicy encryption False'
                'HvVolume name told'; 'HvVolume size 16MB'; 'HvVolume type File'; 'HvVolume policy told'; 'HvVolume fileSystem Ext4'; 'HvVolume uid 70'; 'HvVolume gid 71'; 'HvVolume mode 0750'
                'HvVolume protect True'; 'HvVolume takeover Fenced'; 'HvVolume description a volume'; 'HvVolume from '; 'HvVolume snapshot '
                'HvVolume replicationFactor 3'; 'HvVolume replicationPolicy DataCenterAware'; 'HvVolume dataCenters east west'; 'HvVolume residence Flash'
                'HvVolume cacheEnabled True'; 'HvVolume compression True'; 'HvVolume deduplication True'; 'HvVolume encryption False'
                '24 7 4'
                'told@first'
            )
        }
        finally {
            Get-HvVolume copy, told -ErrorAction Ignore | Set-HvVolume -Protected:$false
            Get-HvVolume copy, told -ErrorAction Ignore | Remove-HvVolume -Force
            Get-HvPolicy told -ErrorAction Ignore | Remove-HvPolicy -Force
            Disconnect-HvCluster
        }
    }

    It 'refuse a replacement without consent, and keep the connection of the session' {
        $output = Invoke-WithModule @'
$session = Connect-HvCluster
([HvVolume]@{ Name = 'data'; Size = '512MB' }).Set()
$other = [HvVolume]@{ Name = 'data'; Size = '512MB'; FileSystem = 'Xfs' }
try { $other.Set(); 'set' } catch { "$_" }
$other.AllowReplace = $true
$other.Set()
$other.Test()
([HvVolume]@{ Name = 'data'; Ensure = 'Absent' }).Set()
(Get-HvCluster) -ne $null
'@
        $output[0] | Should -BeLike '*volume/data would be replaced*'
        $output[1..2] | Should -Be 'True', 'True'
    }

    It 'leave the default connection of the session alone when they are given a cluster of their own' {
        $other = Start-TestCluster
        try {
            Invoke-WithModule @"
`$session = Connect-HvCluster
([HvVolume]@{ Name = 'elsewhere'; Size = '16MB'; ClusterUri = '$($other.Address)'; CredentialFile = '$($other.CredentialFile)' }).Set()
(Get-HvCluster).Address -eq `$session.Address
@(Get-HvCluster -All).Count
@(Get-HvVolume elsewhere*).Count
"@ | Should -Be 'True', '1', '0'
        }
        finally {
            Stop-TestCluster $other
        }
    }

    It 'make, read and remove a container' {
        Import-Module (Join-Path $PSScriptRoot 'TestEngine.psm1')
        if ($gap = Get-TestEngineGap) { Set-ItResult -Skipped -Because $gap; return }
        $engine = Start-TestEngine
        try {
            Add-TestImage $engine
            Invoke-WithModule @"
`$members = @{ Name = 'db'; Image = 'busybox:test'; Command = 'sleep', '3600'; Network = 'none'; DockerHost = '$($engine.Address)' }
`$wanted = [HvContainer]`$members
"`$(`$wanted.Test()) `$(([HvContainer]`$members).Get().Ensure)"
`$wanted.Set()
`$found = ([HvContainer]`$members).Get()
"`$(`$wanted.Test()) `$(`$found.Ensure) `$(`$found.Image) `$(`$found.State) `$(`$found.Reasons.Count)"
"`$(`$found.Command) `$(`$found.Network) `$(`$found.Restart)"
`$stopped = [HvContainer](`$members + @{ State = 'Stopped' })
"`$(`$stopped.Test()) `$(`$stopped.Get().Reasons.Phrase)"
([HvContainer]@{ Name = 'db'; Ensure = 'Absent'; DockerHost = '$($engine.Address)' }).Set()
([HvContainer]`$members).Get().Ensure
"@ | Should -Be @(
                'False Absent'
                'True Present busybox:test Running 0'
                'sleep 3600 none no'
                'False container/db: state is Running and should be Stopped.'
                'Absent'
            )
        }
        finally {
            Stop-TestEngine $engine
        }
    }

    It 'converge a whole document' {
        $document = Join-Path $TestDrive 'site.json'
        Set-Content $document '{ "volumes": [ { "name": "whole", "size": "16MB" } ] }'
        $output = Invoke-WithModule @"
`$resource = [HvConfiguration]@{ Path = '$document'; ClusterUri = '$($cluster.Address)'; CredentialFile = '$($cluster.CredentialFile)' }
`$resource.Test()
`$state = `$resource.Get()
"`$(`$state.InDesiredState) `$(`$state.Reasons.Phrase)"
`$resource.Set()
`$resource.Test()
`$resource.Get().InDesiredState
"@
        $output | Should -Be 'False', 'False volume/whole: It is not there.', 'True', 'True'
    }

    It 'say what is wrong with a mount' {
        Invoke-WithModule "try { ([HvContainer]@{ Name = 'db'; Image = 'x'; Mounts = 'data' }).Test() } catch { `"`$_`" }" | Should -BeLike "*'data' is not a mount*"
    }
}
