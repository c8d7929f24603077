# As shipped, the assemblies lie beside this file; in the repository, a build leaves them under artifacts/. Nothing here calls a cmdlet of another module: a session that has not
# loaded that one yet would load it, which takes longer than this one.
$root = $PSScriptRoot
$repository = if ($root -match '^(?<Folder>.+)[\\/]src[\\/]HedvigStorage\.Module$') { $Matches.Folder }
if ($repository) {
    $root = "$repository/artifacts/HedvigStorage"
}

try {
    Import-Module -Name "$root/bin/HedvigStorage.Module.dll" -ErrorAction Stop
}
catch {
    if ($repository -and $_.FullyQualifiedErrorId -like 'Modules_ModuleNotFound,*') {
        throw "HedvigStorage has not been built. Run 'dotnet build' in '$repository' and import it again."
    }

    throw
}
