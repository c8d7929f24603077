# What the module's pipeline costs, told as "name seconds" a line.
param([string] $Module, [string] $Address, [string] $CredentialFile, [string] $Prefix, [int] $Count, [int] $WarmUp)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
Import-Module $Module
$null = Connect-HvCluster $Address -CredentialFile $CredentialFile

function Write-Time([string] $Name, [scriptblock] $Work) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    & $Work
    "$Name $($watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture))"
}

# Once each, so that all is compiled, as it is for the other side.
$null = 1..$WarmUp | New-HvVolume -Name { "$Prefix-warm-$_" } -Size 16MB
$null = Get-HvVolume "$Prefix-warm-*" | Where-Object Attached -EQ $false
Get-HvVolume "$Prefix-warm-*" | Remove-HvVolume -Force

Write-Time new { $null = 1..$Count | New-HvVolume -Name { "$Prefix-$_" } -Size 16MB }
Write-Time first { $null = Get-HvVolume | Select-Object -First 1 }
Write-Time get { if (@(Get-HvVolume).Count -lt $Count) { throw 'Volumes are missing.' } }
Write-Time remove { Get-HvVolume "$Prefix-*" | Remove-HvVolume -Force }
Disconnect-HvCluster
