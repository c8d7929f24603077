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
            'HedvigStorage:HvVolume:size | volume/data: size is 16MB and shall be 32MB.'
            'HedvigStorage:HvVolume:description | volume/data: description is  and shall be ours.'
            'Absent HedvigStorage:HvVolume:Create'
            'True Absent'
            'True Absent'
            'True Absent')
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
`$stopped = [HvContainer](`$members + @{ State = 'Stopped' })
"`$(`$stopped.Test()) `$(`$stopped.Get().Reasons.Phrase)"
([HvContainer]@{ Name = 'db'; Ensure = 'Absent'; DockerHost = '$($engine.Address)' }).Set()
([HvContainer]`$members).Get().Ensure
"@ | Should -Be @(
                'False Absent'
                'True Present busybox:test Running 0'
                'False container/db: state is Running and shall be Stopped.'
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
        Invoke-WithModule "try { ([HvContainer]@{ Name = 'db'; Image = 'x'; Mounts = 'data' }).Test() } catch { `"`$_`" }" | Should -BeLike "*'data' is no mount*"
    }
}
