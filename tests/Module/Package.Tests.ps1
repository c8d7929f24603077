# The package as a repository serves it: made from what the build left, installed from a folder, and tested from where it was installed.
# The hosts in it are the portable ones, because those for one platform take minutes to compile; everything else is as it ships.
BeforeAll {
    $repository = Split-Path (Split-Path $PSScriptRoot)
    $pwsh = (Get-Process -Id $PID).Path
    $package = Join-Path $TestDrive 'package'
    $module = Join-Path $package 'HedvigStorage'
    $configuration = if (Test-Path (Join-Path $repository 'artifacts/bin/HedvigStorage.Module/debug')) { 'Debug' } else { 'Release' }
    $built = & $pwsh -NoProfile -NonInteractive -File (Join-Path $repository 'build.ps1') -Task Package -Configuration $configuration -Runtime portable -NoBuild -Destination $package 2>&1
    if ($LASTEXITCODE -ne 0) { throw "The package was not made: $($built -join "`n")" }
    Import-Module (Join-Path $repository 'src/HedvigStorage.Module/Packaging/Packaging.psm1') -Force
    $version = (Import-PowerShellDataFile (Join-Path $module 'HedvigStorage.psd1')).ModuleVersion
}

Describe 'The package' {
    It 'names each of its files in a valid manifest' {
        foreach ($name in 'HedvigStorage', 'HedvigStorage.Dsc') {
            $folder = Join-Path $package $name
            @((Import-PowerShellDataFile (Join-Path $folder "$name.psd1")).FileList | Sort-Object) | Should -Be @(Get-PackageFile $folder | Sort-Object)
        }
        (Import-PowerShellDataFile (Join-Path $package 'HedvigStorage.Dsc/HedvigStorage.Dsc.psd1')).RequiredModules.ModuleName | Should -Be 'HedvigStorage'
        (Test-ModuleManifest (Join-Path $module 'HedvigStorage.psd1')).FileList.Count | Should -BeGreaterThan 20
        Get-PackageFile $module | Should -Not -Contain 'System.Management.Automation.dll'
    }

    It 'has the version that its build has: <Version>' -ForEach @(
        @{ Version = '2.3.4'; Numbers = '2.3.4'; Prerelease = $null; Full = '2.3.4' }
        @{ Version = '2.3.4-rc.1'; Numbers = '2.3.4'; Prerelease = 'rc0001'; Full = '2.3.4-rc0001' }
        @{ Version = '2.4.0-alpha.0.17+0123abc'; Numbers = '2.4.0'; Prerelease = 'alpha00000017'; Full = '2.4.0-alpha00000017' }
    ) {
        foreach ($name in 'HedvigStorage', 'HedvigStorage.Dsc') {
            $manifest = Join-Path $TestDrive "$name.psd1"
            Copy-Item (Join-Path $package "$name/$name.psd1") $manifest
            Set-PackageVersion $manifest $Version
            $data = Import-PowerShellDataFile $manifest
            $data.ModuleVersion | Should -Be $Numbers
            $data.PrivateData.PSData['Prerelease'] | Should -Be $Prerelease
            Get-PackageVersion $manifest | Should -Be $Full
        }
    }

    It 'holds hashes that are checked with sha256sum, and a change is noticed' {
        $copy = Join-Path $TestDrive 'copy'
        Copy-Item $module $copy -Recurse
        Push-Location $copy
        try {
            $null = sha256sum --check --quiet --strict SHA256SUMS 2>&1
            $LASTEXITCODE | Should -Be 0
            @(Get-Content SHA256SUMS).Count | Should -Be (@(Get-PackageFile $copy).Count - 1)
            Add-Content HedvigStorage.psm1 '#'
            sha256sum --check --quiet SHA256SUMS 2>$null | Should -BeLike 'HedvigStorage.psm1: *'
        }
        finally { Pop-Location }
    }

    It 'holds the licence of everything of others that ships' {
        $notices = Get-Content -Raw (Join-Path $module 'THIRD-PARTY-NOTICES.txt')
        foreach ($name in 'Docker.DotNet.Enhanced', 'Docker.DotNet.Enhanced.NPipe', 'Microsoft.Extensions.Logging.Abstractions',
            'Polly.Core', 'System.Text.Json', 'Spectre.Console', 'System.CommandLine', 'Microsoft.Data.Sqlite.Core', 'SourceGear.sqlite3') {
            $notices | Should -Match "(?m)^$([regex]::Escape($name)) \d"
        }
        foreach ($text in 'Redistribution and use in source and binary forms', 'Apache License', 'Permission is hereby granted') { $notices | Should -Match $text }
        Join-Path $module 'LICENSE' | Should -Exist
    }

    It 'is not made with a package whose licence is not known, or with a file that comes from none' {
        $unknown = New-Item -ItemType Directory (Join-Path $TestDrive 'unknown')
        Set-Content (Join-Path $unknown 'unknown.nuspec') '<package><metadata><id>Unknown.Thing</id><version>1.2.3</version><license type="expression">WTFPL</license></metadata></package>'
        $file = New-Item (Join-Path $unknown 'Unknown.Thing.dll')
        { Get-ThirdPartyNotice $file.FullName } | Should -Throw '*Unknown.Thing 1.2.3*licence is not known*'
        $stray = New-Item (Join-Path $TestDrive 'Stray.dll')
        { Get-ThirdPartyNotice $stray.FullName } | Should -Throw '*Stray.dll*comes from no package*'
    }

    It 'is not made in a folder that holds something else, which stays' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'mine')
        Set-Content (Join-Path $folder 'notes.txt') 'mine'
        $said = & $pwsh -NoProfile -NonInteractive -File (Join-Path $repository 'build.ps1') -Task Package -Configuration Debug -Runtime portable -NoBuild -Destination $folder 2>&1
        $LASTEXITCODE | Should -Not -Be 0
        "$said" | Should -Match 'notes\.txt'
        Get-Content (Join-Path $folder 'notes.txt') | Should -Be 'mine'
    }

    It 'is the same bytes when it is made again' {
        $again = New-Item -ItemType Directory (Join-Path $TestDrive 'again')
        foreach ($name in 'HedvigStorage', 'HedvigStorage.Dsc') {
            $archive = New-PackageArchive (Join-Path $package $name) $again
            (Get-FileHash $archive).Hash | Should -Be (Get-FileHash (Join-Path $package $archive.Name)).Hash
        }
    }
}

Describe 'The package, installed from a folder' {
    BeforeAll {
        $homeFolder = New-Item -ItemType Directory (Join-Path $TestDrive 'home')
        $installed = Join-Path $homeFolder '.local/share/powershell/Modules'
        # As an installer does that knows nothing of permissions: without what describes the archive, in a folder of the version.
        foreach ($name in 'HedvigStorage', 'HedvigStorage.Dsc') {
            $target = Join-Path $installed "$name/$version"
            $null = New-Item -ItemType Directory -Path $target
            [IO.Compression.ZipFile]::ExtractToDirectory((Join-Path $package "$name.$version.nupkg"), $target)
            Remove-Item -Recurse -Force -LiteralPath (Join-Path $target '_rels'), (Join-Path $target '[Content_Types].xml'), (Join-Path $target "$name.nuspec")
            Get-ChildItem $target -Recurse -File | ForEach-Object { $_.UnixFileMode = 'UserRead, UserWrite, GroupRead, OtherRead' }
        }
        $manifest = Join-Path $installed "HedvigStorage/$version/HedvigStorage.psd1"
        $programs = 'hv', 'hv-cluster', 'hv-plugin' | ForEach-Object { Join-Path (Split-Path $manifest) "hosts/portable/$_" }
        $before = $programs | ForEach-Object { (Get-Item -LiteralPath $_).UnixMode }
        # The first use of all: what follows starts the programs itself.
        $firstUse = & $pwsh -NoProfile -NonInteractive -Command "Import-Module '$manifest'; (New-HvCluster '$TestDrive/first').Running; Stop-HvCluster '$TestDrive/first'" 2>&1
    }

    It 'makes its programs ready to run at its first use' {
        $before | Should -Be '-rw-r--r--', '-rw-r--r--', '-rw-r--r--'
        "$firstUse" | Should -Be 'True'
        $programs | ForEach-Object { (Get-Item -LiteralPath $_).UnixMode } | Should -Be '-rwxr-xr-x', '-rwxr-xr-x', '-rwxr-xr-x'
    }

    It 'is imported by its name' {
        $output = & $pwsh -NoProfile -NonInteractive -Command "`$env:PSModulePath = '$installed'; Import-Module HedvigStorage; (Get-Module HedvigStorage).ModuleBase; (Get-Command -Module HedvigStorage).Count"
        $output | Should -Be (Split-Path $manifest), (Import-PowerShellDataFile $manifest).CmdletsToExport.Count
    }

    It 'passes the suite <_>' -ForEach 'Volume', 'Snapshot', 'Configuration', 'Loading', 'Isolation', 'Dsc' {
        $result = Join-Path $TestDrive "$_.xml"
        $output = & /usr/bin/env "HV_TEST_MODULE=$manifest" $pwsh -NoProfile -NonInteractive -File (Join-Path $PSScriptRoot 'Invoke-Suite.ps1') -Path (Join-Path $PSScriptRoot "$_.Tests.ps1") -ResultPath $result 2>&1
        $LASTEXITCODE | Should -Be 0 -Because ($output -join "`n")
        @(([xml] (Get-Content -Raw $result)).SelectNodes('//test-case[@result="Success"]')).Count | Should -BeGreaterOrEqual 5
    }
}
