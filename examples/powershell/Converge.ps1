<#
.SYNOPSIS
Makes a volume for each database, and tells what differs before it changes anything.

.EXAMPLE
./Converge.ps1 -Cluster http://127.0.0.1:7080 -CredentialFile ./.hedvig/cluster/credential.json -Database orders, customers
#>
[CmdletBinding(SupportsShouldProcess)]
[OutputType('HedvigStorage.Planning.PlanStep', 'HedvigStorage.Planning.StepOutcome')]
param(
    [Parameter(Mandatory)] [uri] $Cluster,
    [Parameter(Mandatory)] [string] $CredentialFile,
    [Parameter(Mandatory)] [string[]] $Database,
    [string] $Size = '1GB'
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module HedvigStorage)) {
    Import-Module HedvigStorage
}

Connect-HvCluster -Uri $Cluster -CredentialFile $CredentialFile | Out-Null

$configuration = @{
    name     = 'databases'
    policies = @( @{ name = 'database'; replicationFactor = 3; residence = 'Flash'; snapshotSchedule = @{ hourly = 24; daily = 7 } } )
    volumes  = @( foreach ($name in $Database) { @{ name = "db-$name"; size = $Size; policy = 'database' } } )
}

# One stream has objects of one type: the plan with -WhatIf, else what became of each step.
$plan = @(Compare-HvConfiguration -Configuration $configuration)
if ($WhatIfPreference) {
    return $plan
}

foreach ($step in $plan) {
    Write-Information "$($step): $($step.Reason)" -InformationAction Continue
}

if ($PSCmdlet.ShouldProcess($Cluster, "Converge $($Database.Count) databases")) {
    Invoke-HvConfiguration -Configuration $configuration
}
