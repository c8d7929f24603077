<#
.SYNOPSIS
Builds, tests, tries and packages HedvigStorage.
.DESCRIPTION
Every task is a thin call of what 'dotnet' and 'hv' do; nothing is done here that could not be typed by hand.
.PARAMETER Task
Build: the solution, and the importable module under artifacts/HedvigStorage.
Test: every test, the Pester suite among them.
Quickstart: an embedded cluster under .hedvig, and the example applied to it.
Package: hv, hv-cluster and hv-plugin as self-contained executables, and the module, under artifacts/package.
Clean: removes artifacts.
.EXAMPLE
./build.ps1
.EXAMPLE
./build.ps1 -Task Test
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Quickstart', 'Package', 'Clean')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug',

    # What Package makes executables for; the plugin host is for Linux only.
    [ValidateSet('linux-x64', 'win-x64')]
    [string[]] $Runtime = 'linux-x64'
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest

$minimumSdk = [version] '10.0.100'
$artifacts = Join-Path $PSScriptRoot 'artifacts'

function Assert-Prerequisite {
    if (-not (Get-Command dotnet -CommandType Application -ErrorAction SilentlyContinue)) {
        throw "The .NET SDK $minimumSdk or later is missing: 'dotnet' is not on the path. Get it from https://dot.net/download."
    }

    # Prereleases are told with a suffix that [version] does not read.
    $sdks = @(& dotnet --list-sdks | ForEach-Object { [version] (($_ -split '[ -]')[0]) })
    if (-not ($sdks | Where-Object { $_ -ge $minimumSdk })) {
        throw "The .NET SDK $minimumSdk or later is missing; there is $($sdks -join ', '). Get it from https://dot.net/download."
    }
}

function Invoke-Tool {
    param([Parameter(Mandatory)] [string] $Name, [Parameter(ValueFromRemainingArguments)] [string[]] $Arguments)
    & $Name @Arguments
    if ($LASTEXITCODE -ne 0) {
        throw "'$Name $Arguments' ended with status $LASTEXITCODE."
    }
}

function Invoke-Package {
    $package = Join-Path $artifacts 'package'
    foreach ($rid in $Runtime) {
        $projects = @('HedvigStorage.Cli', 'ClusterHost') + @(if ($rid -eq 'linux-x64') { 'PluginHost' })
        foreach ($project in $projects) {
            Invoke-Tool dotnet publish (Join-Path $PSScriptRoot "src/$project") --configuration Release --runtime $rid --output (Join-Path $package $rid)
        }
    }

    Invoke-Tool dotnet build (Join-Path $PSScriptRoot 'src/HedvigStorage.Module') --configuration Release
    Copy-Item (Join-Path $artifacts 'HedvigStorage'), (Join-Path $artifacts 'HedvigStorage.Dsc') $package -Recurse -Force
}

Assert-Prerequisite
Push-Location $PSScriptRoot
try {
    foreach ($name in $Task) {
        switch ($name) {
            'Build' { Invoke-Tool dotnet build --configuration $Configuration }
            'Test' { Invoke-Tool dotnet test --configuration $Configuration }
            'Quickstart' { Invoke-Tool dotnet run --project src/HedvigStorage.Cli --configuration $Configuration '--' quickstart }
            'Package' { Invoke-Package }
            'Clean' { if (Test-Path $artifacts) { Remove-Item $artifacts -Recurse -Force } }
        }
    }
}
finally {
    Pop-Location
}
