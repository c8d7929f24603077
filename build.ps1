<#
.SYNOPSIS
Builds, tests, tries and packages HedvigStorage.
.DESCRIPTION
Every task is a thin call of what 'dotnet' and 'hv' do; nothing is done here that could not be typed by hand.
.PARAMETER Task
Build: the solution, and the importable module under artifacts/HedvigStorage.
Test: every test, the Pester suite among them.
Coverage: the suites of tests/coverage.psd1, each of which has to run the part of its projects' lines that stands there.
Quickstart: an embedded cluster under .hedvig, and the example applied to it.
Package: the module with its hosts as repositories take it, under artifacts/package: HedvigStorage, HedvigStorage.Dsc, and a .nupkg of each.
Clean: removes artifacts.
.EXAMPLE
./build.ps1
.EXAMPLE
./build.ps1 -Task Test
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Coverage', 'Quickstart', 'Package', 'Clean')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = $(if ($Task -contains 'Package') { 'Release' } else { 'Debug' }),

    # What Package makes hosts for: programs that need nothing installed, or those that need .NET and run on any processor.
    [ValidateSet('linux-x64', 'linux-arm64', 'win-x64', 'portable')]
    [string[]] $Runtime = @('linux-x64', 'linux-arm64', 'win-x64', 'portable'),

    # The processor of the programs that lie beside the portable hosts; 'dotnet hv.dll' runs on every other.
    [ValidateSet('arm64', 'x64')]
    [string] $PortableProcessor = 'arm64',

    # Where Package leaves its work, in the place of what it left there before.
    [string] $Destination = (Join-Path $PSScriptRoot 'artifacts/package'),

    # The suites that Coverage runs; by default all that have a floor.
    [string[]] $Suite = @(),

    # Has Package take what was built before.
    [switch] $NoBuild
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

# Native programs are linked with the C compiler of the platform that they are for.
function Assert-Linker {
    param([Parameter(Mandatory)] [string] $Name)
    if (-not $IsLinux -or $Name -notlike 'linux-*') { return }
    $processor = if ([System.Runtime.InteropServices.RuntimeInformation]::OSArchitecture -eq 'Arm64') { 'arm64' } else { 'x64' }
    $linker, $packages = switch ($Name) {
        "linux-$processor" { 'gcc', 'gcc libc6-dev'; break }
        'linux-arm64' { 'aarch64-linux-gnu-gcc', 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross' }
        'linux-x64' { 'x86_64-linux-gnu-gcc', 'gcc-x86-64-linux-gnu libc6-dev-amd64-cross' }
    }
    if (-not (Get-Command $linker -CommandType Application -ErrorAction SilentlyContinue)) {
        throw "'$linker', which links the programs of $Name, is missing. On Debian: apt-get install $packages. Or leave $Name out with -Runtime."
    }
}

function Invoke-Tool {
    param([Parameter(Mandatory)] [string] $Name, [Parameter(ValueFromRemainingArguments)] [string[]] $Arguments)
    & $Name @Arguments
    if ($LASTEXITCODE -ne 0) {
        throw "'$Name $Arguments' ended with status $LASTEXITCODE."
    }
}

# Publishes a project, and returns the files of packages that ship with it.
function Publish-Project {
    param([Parameter(Mandatory)] [string] $Project, [Parameter(Mandatory)] [string] $Output, [string[]] $Arguments = @())
    $items = 'RuntimeCopyLocalItems', 'NativeCopyLocalItems', 'RuntimeTargetsCopyLocalItems', 'ResolvedRuntimePack'
    $answer = & dotnet publish (Join-Path $PSScriptRoot "src/$Project") --output $Output @publishArguments @Arguments "-getItem:$($items -join ',')"
    if ($LASTEXITCODE -ne 0) {
        throw "'dotnet publish $Project $Arguments' ended with status ${LASTEXITCODE}: $($answer -join "`n")"
    }
    $found = ($answer -join "`n" | ConvertFrom-Json).Items
    foreach ($item in $items) {
        foreach ($file in $found.$item) {
            if ($item -eq 'ResolvedRuntimePack') { Join-Path $file.PackageDirectory 'data' } elseif ($file.CopyLocal -ne 'false') { $file.FullPath }
        }
    }
}

# What runs where: hv and hv-cluster everywhere; hv-plugin mounts volumes of Linux, so Windows manages the Docker Engines of other machines.
function Publish-Host {
    param([Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [string] $Output)
    $arguments = if ($Name -eq 'portable') { "-p:DefaultAppHostRuntimeIdentifier=linux-$PortableProcessor" } else { '--runtime', $Name }
    $projects = @('HedvigStorage.Cli', 'ClusterHost') + @(if ($Name -ne 'win-x64') { 'PluginHost' })
    foreach ($project in $projects) {
        Publish-Project $project $Output $arguments
    }

    # Documentation and symbols are for those who build; the portable cluster host has libraries for systems that others are for.
    Get-ChildItem -LiteralPath $Output -Recurse -File | Where-Object Extension -In '.pdb', '.xml', '.dbg' | Remove-Item
    Get-ChildItem -Path (Join-Path $Output 'runtimes/*') -ErrorAction Ignore | Where-Object Name -NotLike 'linux-*' | Remove-Item -Recurse
    # systemd is Linux's, and the library that lets IIS run a server is for IIS alone.
    if ($Name -eq 'win-x64') {
        Get-ChildItem -Path (Join-Path $Output '*') -Include '*.service', '*.socket', 'aspnetcorev2_inprocess.dll' | Remove-Item
    }
}

function Invoke-Package {
    Import-Module (Join-Path $PSScriptRoot 'src/HedvigStorage.Module/Packaging/Packaging.psm1') -Force
    $package = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Destination)
    $module = Join-Path $package 'HedvigStorage'
    $dsc = Join-Path $package 'HedvigStorage.Dsc'
    $foreign = @(Get-ChildItem -LiteralPath $package -Force -ErrorAction Ignore | Where-Object Name -NotMatch '^(HedvigStorage(\.Dsc)?(\.cat|\..+\.nupkg)?|SHA256SUMS)$')
    if ($foreign) {
        throw "'$package' holds what no packaging has left there: $(($foreign | Select-Object -First 3).Name -join ', '). Give -Destination a new or an empty folder."
    }
    $Runtime | ForEach-Object { Assert-Linker $_ }
    if (Test-Path -LiteralPath $package) { Remove-Item -LiteralPath $package -Recurse -Force }

    # What was built before has the version that it was built with.
    $origin = @(if (-not $NoBuild) { '-p:VersionFromTag=true' })
    $publishArguments = @('--configuration', $Configuration) + $origin + @(if ($NoBuild) { '--no-build' })
    $layout = '-p:LayOutHosts=false', "-p:ModuleDirectory=$module/", "-p:DscModuleDirectory=$dsc/"
    # Restored apart from the build: what a restore of a fresh clone brings, a build in the same evaluation would not see.
    $how = if ($NoBuild) { '-t:ResolveReferences;LayOutModule', '-p:BuildProjectReferences=false' } else { '-restore', '-t:Build' }
    Invoke-Tool dotnet msbuild (Join-Path $PSScriptRoot 'src/HedvigStorage.Module') -nologo -verbosity:minimal @how "-p:Configuration=$Configuration" @origin @layout
    $shipped = @(
        foreach ($framework in 'netstandard2.0', 'net8.0') {
            Publish-Project 'HedvigStorage.Hosting' (Join-Path $artifacts "obj/package/$framework") '--framework', $framework
        }
        foreach ($name in $Runtime) {
            Publish-Host $name (Join-Path $module "hosts/$name")
        }
    )
    $notices = Get-ThirdPartyNotice $shipped
    foreach ($folder in $module, $dsc) {
        Copy-Item (Join-Path $PSScriptRoot 'LICENSE') $folder
    }
    [IO.File]::WriteAllText((Join-Path $module 'THIRD-PARTY-NOTICES.txt'), $notices)
    $version = Invoke-Tool dotnet msbuild (Join-Path $PSScriptRoot 'src/HedvigStorage.Module') -nologo "-p:Configuration=$Configuration" @origin '-t:MinVer' '-getProperty:Version'
    $manifests = (Join-Path $module 'HedvigStorage.psd1'), (Join-Path $dsc 'HedvigStorage.Dsc.psd1')
    $manifests | ForEach-Object { Set-PackageVersion $_ $version }
    Complete-PackageManifest $manifests[0]
    Complete-PackageManifest $manifests[1] -Requirement 'HedvigStorage'
    foreach ($folder in $module, $dsc) {
        Set-PackageSum $folder
        $null = New-PackageArchive $folder $package
    }
    Set-PackageSum $package -Filter '\.nupkg$'
    Get-ChildItem $package -Filter '*.nupkg'
}

function Invoke-Coverage {
    $floors = Import-PowerShellDataFile (Join-Path $PSScriptRoot 'tests/coverage.psd1')
    $results = Join-Path $artifacts 'coverage'
    $unknown = @($Suite | Where-Object { -not $floors.ContainsKey($_) })
    if ($unknown) { throw "'$($unknown[0])' has no floor in tests/coverage.psd1. Give one of: $($floors.Keys -join ', ')." }
    $covered = foreach ($name in $(if ($Suite) { $Suite } else { $floors.Keys | Sort-Object })) {
        $folder = Join-Path $results (Split-Path -Leaf $name)
        if (Test-Path -LiteralPath $folder) { Remove-Item -LiteralPath $folder -Recurse -Force }
        $settings = Join-Path $PSScriptRoot 'tests/coverage.runsettings'
        Invoke-Tool dotnet test (Join-Path $PSScriptRoot $name) --configuration $Configuration --collect 'XPlat Code Coverage' --settings $settings --results-directory $folder | Out-Host
        $report = [xml] (Get-Content -Raw (Get-ChildItem -LiteralPath $folder -Recurse -Filter 'coverage.cobertura.xml' | Select-Object -First 1).FullName)
        foreach ($project in $floors[$name].Keys | Sort-Object) {
            $found = $report.coverage.packages.package | Where-Object name -EQ $project
            if (-not $found) { throw "The suite $name does not load $project." }
            [pscustomobject] @{ Project = $project; Suite = $name; Percent = [Math]::Round(100 * [double]::Parse($found.'line-rate', [cultureinfo]::InvariantCulture), 1); Floor = $floors[$name][$project] }
        }
    }
    $covered | Format-Table | Out-String -Width 120 | Write-Host
    $below = @($covered | Where-Object { $_.Percent -lt $_.Floor })
    if ($below) { throw "Less is covered than tests/coverage.psd1 says: $(($below | ForEach-Object { "$($_.Project) $($_.Percent) % of $($_.Floor) %" }) -join ', ')." }
}

Assert-Prerequisite
Push-Location $PSScriptRoot
$nodeReuse = $env:MSBUILDDISABLENODEREUSE
try {
    # A node of MSBuild that outlives its build holds the output of this script, for which its caller waits.
    $env:MSBUILDDISABLENODEREUSE = '1'
    foreach ($name in $Task) {
        switch ($name) {
            'Build' { Invoke-Tool dotnet build --configuration $Configuration }
            'Test' { Invoke-Tool dotnet test --configuration $Configuration }
            'Coverage' { Invoke-Coverage }
            'Quickstart' { Invoke-Tool dotnet run --project src/HedvigStorage.Cli --configuration $Configuration '--' quickstart }
            'Package' { Invoke-Package }
            'Clean' { if (Test-Path $artifacts) { Remove-Item $artifacts -Recurse -Force } }
        }
    }
}
finally {
    $env:MSBUILDDISABLENODEREUSE = $nodeReuse
    Pop-Location
}
