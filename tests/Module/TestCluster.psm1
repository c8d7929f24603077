# A cluster host of its own for each suite, on a free port and an empty data directory.
# HV_TEST_MODULE names the manifest of a module to test in place of the one that the repository's build left: one that is installed.
$script:Repository = Split-Path (Split-Path $PSScriptRoot)
$script:Module = if ($env:HV_TEST_MODULE) { $env:HV_TEST_MODULE } else { Join-Path $script:Repository 'HedvigStorage.psd1' }
$script:Hosts = if ($env:HV_TEST_MODULE) {
    $folders = 'hosts/linux-x64', 'hosts/portable' | ForEach-Object { Join-Path (Split-Path $env:HV_TEST_MODULE) $_ }
    $folders | Where-Object { Test-Path (Join-Path $_ 'hv-cluster') } | Select-Object -First 1
}
else {
    Join-Path $script:Repository 'artifacts/HedvigStorage/hosts'
}

function Get-TestModulePath {
    $script:Module
}

# The sources, which documents, examples and help are written in; an installed module has none of them.
function Get-TestRepository {
    $script:Repository
}

# The folder that PSModulePath would have: what the build laid out, or what was installed.
function Get-TestModuleRoot {
    if ($env:HV_TEST_MODULE) { Split-Path (Split-Path (Split-Path $env:HV_TEST_MODULE)) } else { Join-Path $script:Repository 'artifacts' }
}

function Get-TestDscModulePath {
    if ($env:HV_TEST_MODULE) { (Get-ChildItem (Join-Path (Get-TestModuleRoot) 'HedvigStorage.Dsc') -Recurse -Filter HedvigStorage.Dsc.psd1).FullName }
    else { Join-Path $script:Repository 'src/HedvigStorage.Module/Dsc/HedvigStorage.Dsc.psd1' }
}

function Start-TestCluster {
    $data = Join-Path ([IO.Path]::GetTempPath()) "hv-pester-$([Guid]::NewGuid().ToString('n').Substring(0, 12))"
    $null = New-Item -ItemType Directory -Path $data
    $log = "$data.log"
    $process = Start-Process -FilePath (Join-Path $script:Hosts 'hv-cluster') -PassThru -RedirectStandardOutput $log -RedirectStandardError "$log.err" -ArgumentList @(
        '--data', $data, '--listen', 'http://127.0.0.1:0', '--overcommit', '0')
    $deadline = [DateTime]::UtcNow.AddSeconds(30)
    while ($true) {
        $run = Join-Path $data 'run.json'
        if (Test-Path $run) {
            $information = Get-Content -Raw $run | ConvertFrom-Json -ErrorAction Ignore
            if ($information.address) { break }
        }
        if ($process.HasExited -or [DateTime]::UtcNow -gt $deadline) {
            throw "hv-cluster did not start: $(Get-Content -Raw $log) $(Get-Content -Raw "$log.err")"
        }
        Start-Sleep -Milliseconds 20
    }

    [pscustomobject]@{
        Data           = $data
        Address        = $information.address
        CredentialFile = Join-Path $data 'credential.json'
        Process        = $process
        Log            = $log
    }
}

function Stop-TestCluster {
    param([Parameter(Mandatory)] $TestCluster)
    if (-not $TestCluster.Process.HasExited) {
        $TestCluster.Process.Kill()
        $TestCluster.Process.WaitForExit()
    }
    Remove-Item -Recurse -Force -ErrorAction Ignore -LiteralPath $TestCluster.Data, $TestCluster.Log, "$($TestCluster.Log).err"
}

# Everything that a preview must leave alone, as text that can be compared.
function Get-ClusterListing {
    @(
        Get-HvVolume | ForEach-Object { "volume $($_.Name) $($_.Id) $($_.Size) $($_.Policy) $($_.Protected) $($_.Description) $($_.Requested) $($_.SnapshotCount)" }
        Get-HvPolicy | ForEach-Object { "policy $($_.Name) $($_.Description) $($_.Requested)" }
        Get-HvSnapshot | ForEach-Object { "snapshot $_ $($_.CreatedAt.Ticks)" }
    ) -join "`n"
}

# Runs a command that is to fail on some objects, and returns what it wrote and its errors. A test stops at the first error otherwise.
function Invoke-Partly {
    param([Parameter(Mandatory)] [scriptblock] $Command)
    $global:PSDefaultParameterValues['*-Hv*:ErrorAction'] = 'Continue'
    try {
        $all = @(& $Command 2>&1)
    }
    finally {
        $global:PSDefaultParameterValues.Remove('*-Hv*:ErrorAction')
    }
    [pscustomobject]@{
        Output = @($all | Where-Object { $_ -isnot [System.Management.Automation.ErrorRecord] })
        Errors = @($all | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] })
    }
}

Export-ModuleMember -Function *
