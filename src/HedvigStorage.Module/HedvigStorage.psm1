# As shipped, the assemblies lie beside this file; in the repository, a build leaves them under artifacts/.
$root = $PSScriptRoot
if (-not (Test-Path -LiteralPath (Join-Path $root 'bin/HedvigStorage.Module.dll'))) {
    $repository = Split-Path (Split-Path $PSScriptRoot)
    $root = Join-Path $repository 'artifacts/HedvigStorage'
    if (-not (Test-Path -LiteralPath (Join-Path $root 'bin/HedvigStorage.Module.dll'))) {
        throw "HedvigStorage has not been built. Run 'dotnet build' in '$repository' and import it again."
    }
}

Import-Module -Name (Join-Path $root 'bin/HedvigStorage.Module.dll')

# Objects are written into files and sent by jobs and remote sessions as deep as the views look; with less, texts would stand in the place of times and attributes. A types file would
# do the same, but a session takes only one of a kind, and so only one copy of the module. Where the path of modules lacks those of PowerShell itself, nothing is written or sent.
try {
    foreach ($name in 'ClusterObject', 'ConnectedCluster', 'ClusterInformation', 'ClusterCheck', 'ConnectionProfile', 'Docker.DockerContainer', 'Hosting.ClusterHostStatus', 'Hosting.DockerPluginStatus', 'Hosting.DockerPluginCheck', 'Planning.PlanStep') {
        Microsoft.PowerShell.Utility\Update-TypeData -TypeName "HedvigStorage.$name" -SerializationDepth 3 -Force -ErrorAction Stop
    }
    Microsoft.PowerShell.Utility\Update-TypeData -TypeName HedvigStorage.Planning.StepOutcome -SerializationDepth 4 -Force -ErrorAction Stop
}
catch [System.Management.Automation.CommandNotFoundException] {
    $null = $_
}
