BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    Import-Module (Get-TestModulePath)
    $changing = 'Add', 'New', 'Set', 'Move', 'Resize', 'Copy', 'Remove', 'Restore', 'Invoke', 'Install', 'Uninstall', 'Start', 'Stop'
    $commands = Get-Command -Module HedvigStorage | ForEach-Object { @{ Command = $_ } }
    $changingCommands = $commands | Where-Object { $_.Command.Verb -in $changing }
}

Describe 'The module' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
        $manifest = Get-TestModulePath
        Import-Module $manifest
        $repository = Get-TestRepository
        $pwsh = (Get-Process -Id $PID).Path
        $count = @((Import-PowerShellDataFile $manifest).CmdletsToExport).Count
    }

    It 'exports exactly these cmdlets and nothing else' {
        $expected = @(
            'Add-HvAccess', 'Add-HvExport', 'Add-HvLun', 'Compare-HvConfiguration', 'Connect-HvCluster', 'Copy-HvVolume', 'Disconnect-HvCluster',
            'Export-HvConfiguration', 'Get-HvAccess', 'Get-HvAttachment', 'Get-HvAuditEvent', 'Get-HvCluster', 'Get-HvClusterNode', 'Get-HvClusterProfile',
            'Get-HvContainer', 'Get-HvDockerPlugin', 'Get-HvDockerVolume', 'Get-HvExport', 'Get-HvLun', 'Get-HvPolicy', 'Get-HvSnapshot', 'Get-HvTarget',
            'Get-HvUser', 'Get-HvVolume', 'Install-HvDockerPlugin', 'Invoke-HvConfiguration', 'Move-HvVolume', 'New-HvCluster', 'New-HvPolicy', 'New-HvSnapshot',
            'New-HvTarget', 'New-HvUser', 'New-HvVolume', 'Remove-HvAccess', 'Remove-HvAttachment', 'Remove-HvCluster', 'Remove-HvClusterProfile',
            'Remove-HvExport', 'Remove-HvLun', 'Remove-HvPolicy', 'Remove-HvSnapshot', 'Remove-HvTarget', 'Remove-HvUser', 'Remove-HvVolume', 'Resize-HvVolume',
            'Restore-HvSnapshot', 'Set-HvPolicy', 'Set-HvTarget', 'Set-HvUser', 'Set-HvVolume', 'Start-HvCluster', 'Stop-HvCluster', 'Test-HvCluster',
            'Test-HvConfiguration', 'Test-HvDockerPlugin', 'Uninstall-HvDockerPlugin', 'Update-HvDockerPlugin')
        $module = Get-Module HedvigStorage
        @($module.ExportedCmdlets.Keys | Sort-Object) | Should -Be $expected
        $module.ExportedFunctions.Count + $module.ExportedAliases.Count + $module.ExportedVariables.Count | Should -Be 0
    }

    It 'has a manifest without wildcards that names both editions' {
        $data = Import-PowerShellDataFile $manifest
        $data.PowerShellVersion | Should -Be '5.1'
        $data.CompatiblePSEditions | Should -Be @('Desktop', 'Core')
        @($data.CmdletsToExport) + @($data.FunctionsToExport) + @($data.AliasesToExport) -match '[*?]' | Should -BeNullOrEmpty
    }

    It 'is laid out under artifacts with a valid manifest of its own' {
        $laidOut = Test-ModuleManifest (Join-Path $repository 'artifacts/HedvigStorage/HedvigStorage.psd1')
        $laidOut.ExportedCmdlets.Count | Should -Be $count
        & $pwsh -NoProfile -NonInteractive -Command "Import-Module '$repository/artifacts/HedvigStorage'; (Get-Command -Module HedvigStorage).Count" | Should -Be $count
    }

    It 'says in one error that it has not been built' {
        $source = New-Item -ItemType Directory -Path (Join-Path $TestDrive 'src/HedvigStorage.Module')
        Copy-Item (Join-Path $repository 'HedvigStorage.psd1') $TestDrive
        Copy-Item (Join-Path $repository 'src/HedvigStorage.Module/HedvigStorage.psm1'), (Join-Path $repository 'src/HedvigStorage.Module/*.ps1xml') $source
        { Import-Module (Join-Path $TestDrive 'HedvigStorage.psd1') -ErrorAction Stop } | Should -Throw "*has not been built. Run 'dotnet build'*"
    }

    It 'is imported, removed and imported again' {
        $output = & $pwsh -NoProfile -NonInteractive -Command @"
            `$ErrorActionPreference = 'Stop'
            foreach (`$round in 1..3) {
                Import-Module '$manifest'
                (Get-Command -Module HedvigStorage).Count
                try { Get-HvVolume } catch { `$_.FullyQualifiedErrorId }
                Remove-Module HedvigStorage
                @(Get-Command *-Hv* -ErrorAction Ignore -ListImported).Count
            }
            Import-Module '$manifest' -Force
            (Get-Command -Module HedvigStorage).Count
"@
        $round = "$count", 'ClusterInvalid,HedvigStorage.Commands.GetHvVolumeCommand', '0'
        $output | Should -Be ($round + $round + $round + "$count")
    }

    It 'is imported within a time that is only told' {
        $times = 1..3 | ForEach-Object {
            [double](& $pwsh -NoProfile -NonInteractive -Command "(Measure-Command { Import-Module '$manifest' }).TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)")
        }
        Write-Host "      import: $(($times | ForEach-Object { '{0:0} ms' -f $_ }) -join ', ')"
        $times.Count | Should -Be 3
    }

    It 'lets scripts name the types that it takes and returns' {
        [HedvigStorage.ByteSize]'10GiB' | Should -Be ([HedvigStorage.ByteSize]10GB)
        [HedvigStorage.Volume].Assembly.GetName().Name | Should -Be 'HedvigStorage.Core'
    }
}

Describe 'The cmdlet <Command.Name>' -ForEach $commands {
    It 'has an approved verb and a singular noun with the prefix' {
        $Command.Verb | Should -BeIn (Get-Verb).Verb
        $Command.Noun | Should -MatchExactly '^Hv[A-Z][A-Za-z]*([^s]|ss)$'
    }

    It 'is a class that is named after it' {
        $Command.ImplementingType.FullName | Should -BeExactly "HedvigStorage.Commands.$($Command.Verb)$($Command.Noun)Command"
    }

    It 'has parameters with singular names in Pascal case, switches instead of bool, and no ambiguous pipeline' {
        $common = [System.Management.Automation.Cmdlet]::CommonParameters + [System.Management.Automation.Cmdlet]::OptionalCommonParameters
        foreach ($parameter in $Command.Parameters.Values | Where-Object Name -NotIn $common) {
            $parameter.Name | Should -MatchExactly '^[A-Z][A-Za-z]*$'
            $parameter.ParameterType | Should -Not -Be ([bool])
        }
        foreach ($set in $Command.ParameterSets) {
            @($set.Parameters | Where-Object ValueFromPipeline).Count | Should -BeLessOrEqual 1
        }
    }

    It 'says what it returns' {
        if ($Command.Verb -notin 'Remove', 'Uninstall', 'Disconnect') {
            $Command.OutputType.Count | Should -BeGreaterThan 0
        }
    }

    It 'takes -Cluster where it speaks to a cluster' {
        $local = 'Connect-HvCluster', 'New-HvCluster', 'Start-HvCluster', 'Stop-HvCluster', 'Remove-HvCluster', 'Get-HvClusterProfile', 'Remove-HvClusterProfile',
            'Get-HvContainer', 'Get-HvDockerPlugin', 'Test-HvDockerPlugin', 'Uninstall-HvDockerPlugin', 'Update-HvDockerPlugin'
        if ($Command.Name -notin $local) {
            $Command.Parameters['Cluster'].ParameterType.FullName -replace '\[\]$' | Should -Be 'HedvigStorage.ClusterReference'
        }
    }
}

Describe 'The changing cmdlet <Command.Name>' -ForEach $changingCommands {
    It 'supports -WhatIf and -Confirm' {
        $Command.Parameters.Keys | Should -Contain 'WhatIf'
        $Command.Parameters.Keys | Should -Contain 'Confirm'
    }

    It 'asks by default if it destroys, and -Force answers' {
        $impact = $Command.ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false).ConfirmImpact
        if ($Command.Verb -in 'Remove', 'Move', 'Restore', 'Uninstall') {
            $impact | Should -Be 'High'
            $Command.Parameters.Keys | Should -Contain 'Force'
        }
        else {
            $impact | Should -Be 'Medium'
        }
    }
}
