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
