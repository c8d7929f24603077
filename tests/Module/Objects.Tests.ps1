# What people do with the objects that cmdlets write, besides piping them into the next one.
BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    Import-Module (Get-TestModulePath)
    Import-Module (Join-Path $PSScriptRoot 'FormatSamples.psm1')
    $samples = @((Get-FormatSample).Keys | Where-Object { $_ -ne 'Attributes' } | ForEach-Object { @{ Sample = $_ } })
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    Import-Module (Get-TestModulePath)
    Import-Module (Join-Path $PSScriptRoot 'FormatSamples.psm1')
    $module = Get-TestModulePath
    $cluster = Start-TestCluster
    $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
    $null = New-HvVolume small 16MB
    $null = New-HvVolume large 3GB
    $null = New-HvSnapshot small nightly
    $null = New-HvTarget proxy1
    $null = New-HvPolicy gold -ReplicationFactor 3 -WarningAction Ignore
}

AfterAll {
    Disconnect-HvCluster
    Stop-TestCluster $cluster
}

Describe 'A size' {
    It 'is a number: <Expression>' -ForEach @(
        @{ Expression = { $v.Size / 1MB }; Value = 16 }
        @{ Expression = { $v.Size + 1MB }; Value = 17MB }
        @{ Expression = { $v.Size * 2 }; Value = 32MB }
        @{ Expression = { [long] $v.Size }; Value = 16MB }
        @{ Expression = { 16MB -eq $v.Size }; Value = $true }
        @{ Expression = { $v.Size -eq 16MB }; Value = $true }
        @{ Expression = { $v.Size -eq '16MB' }; Value = $true }
        @{ Expression = { $v.Size -lt 1GB }; Value = $true }
        @{ Expression = { '{0:N0}' -f $v.Size }; Value = '{0:N0}' -f 16MB }
        @{ Expression = { (Get-HvVolume | Measure-Object Size -Sum -Maximum).Sum }; Value = 3GB + 16MB }
        @{ Expression = { (Get-HvVolume | Sort-Object Size -Descending).Name -join ',' }; Value = 'large,small' }
        @{ Expression = { (Get-HvVolume | Where-Object Size -GT 1GB).Name }; Value = 'large' }
        @{ Expression = { ($v | ConvertTo-Json -Depth 1 -WarningAction Ignore | ConvertFrom-Json).Size }; Value = 16MB }
        @{ Expression = { ($v | ConvertTo-Csv | ConvertFrom-Csv).Size }; Value = "$(16MB)" }
        @{ Expression = { (Get-HvSnapshot small).Size / 1MB }; Value = 16 }
        @{ Expression = { (Get-HvCluster).Capabilities.MaximumVolumeSize -gt 1TB }; Value = $true }
        @{ Expression = { (Get-HvCluster).Information.Total -gt 1MB }; Value = $true }
    ) {
        $v = Get-HvVolume small
        & $Expression | Should -Be $Value
    }

    It 'is a number in every object that a cmdlet writes' {
        $types = @((Get-Command -Module HedvigStorage).OutputType.Type) + [HedvigStorage.ClusterInformation], [HedvigStorage.ClusterCapabilities] | Where-Object { $_ -and $_.Namespace -like 'HedvigStorage*' } | Sort-Object FullName -Unique
        @(foreach ($type in $types) {
            foreach ($property in $type.GetProperties()) { if ("$($property.PropertyType)" -match 'ByteSize') { "$type.$($property.Name)" } }
        }) | Should -BeNullOrEmpty
    }

    It 'is taken back by every parameter that is a size: <Value>' -ForEach @(
        @{ Value = { (Get-HvVolume small).Size } }
        @{ Value = { (Get-HvVolume small | ConvertTo-Json -WarningAction Ignore | ConvertFrom-Json).Size } }
        @{ Value = { (Get-HvVolume small | ConvertTo-Csv | ConvertFrom-Csv).Size } }
        @{ Value = { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((Get-HvVolume small))).Size } }
        @{ Value = { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize([HedvigStorage.ByteSize]'16MB')) } }
    ) {
        (New-HvVolume again (& $Value)).Size | Should -Be 16MB
        Remove-HvVolume again -Force
    }

    It 'is still shown for people' {
        Get-HvVolume large | Out-String | Should -Match 'large +3 GB'
        Get-HvVolume large | Format-List | Out-String | Should -Match 'Size +: 3 GB'
    }
}

Describe 'An object that was written to a file' {
    BeforeAll {
        function Copy-Object($Object) {
            $Object | Export-Clixml (Join-Path $TestDrive 'object.xml')
            Import-Clixml (Join-Path $TestDrive 'object.xml')
        }
    }

    It 'is shown as it was: <Sample>' -ForEach $samples {
        $objects = (Get-FormatSample)[$Sample]
        Copy-Object $objects | Out-String -Width 160 | Should -BeExactly ($objects | Out-String -Width 160)
        (Copy-Object $objects | Format-List | Out-String -Width 160) -replace '(?m)^(Requested|Effective|Labels) .*' | Should -BeExactly (($objects | Format-List | Out-String -Width 160) -replace '(?m)^(Requested|Effective|Labels) .*')
    }

    It 'binds where it did' {
        Copy-Object (Get-HvVolume small) | Set-HvVolume -Description 'from a file' -PassThru | ForEach-Object Description | Should -Be 'from a file'
        (Copy-Object (Get-HvSnapshot small) | Copy-HvVolume -Destination clone).SourceSnapshot | Should -Be 'nightly'
        Remove-HvVolume clone -Force
        Copy-Object (Get-HvTarget proxy1) | Add-HvLun -Volume small | ForEach-Object Target | Should -Be 'proxy1'
        (Copy-Object (Get-HvTarget proxy1) | Get-HvLun).Volume | Should -Be 'small'
        Get-HvLun | Remove-HvLun -Force
        (New-HvVolume bound 16MB -Policy (Copy-Object (Get-HvPolicy gold)) -WarningAction Ignore).Policy | Should -Be 'gold'
        Remove-HvVolume bound -Force
    }

    It 'means the cluster that it is of: -Cluster takes a connection' {
        (Get-HvVolume small -Cluster (Copy-Object (Get-HvCluster))).Name | Should -Be 'small'
    }
}

Describe 'An object of a background job' {
    It 'is shown and binds as it did' {
        $job = Start-Job {
            Import-Module $using:module
            $null = Connect-HvCluster $using:cluster.Address -CredentialFile $using:cluster.CredentialFile
            Get-HvVolume small
        }
        $received = $job | Receive-Job -Wait -AutoRemoveJob
        $received.PSTypeNames[0] | Should -Be 'Deserialized.HedvigStorage.Volume'
        $received.CreatedAt.LocalDateTime | Should -BeOfType datetime
        $received | Out-String | Should -Match 'small +16 MB'
        $received | Get-HvSnapshot | ForEach-Object Name | Should -Be 'nightly'
    }
}

Describe 'A session whose path of modules lacks those of PowerShell' {
    It 'serialises objects as deep as any other: <Language> <Preference>' -ForEach @(
        @{ Language = 'FullLanguage'; Preference = '' }
        @{ Language = 'FullLanguage'; Preference = '$WhatIfPreference = $true' }
        @{ Language = 'FullLanguage'; Preference = '$ConfirmPreference = ''Low''' }
        @{ Language = 'ConstrainedLanguage'; Preference = '' }
    ) {
        $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
        $paths = $env:PSModulePath
        try {
            $env:PSModulePath = ''
            $shell.Runspace.SessionStateProxy.LanguageMode = $Language
            $found = $shell.AddScript("$Preference; Import-Module '$module'; `$c = Connect-HvCluster $($cluster.Address) -CredentialFile '$($cluster.CredentialFile)'; Get-HvVolume small").Invoke()
            $shell.Streams.Error | Should -BeNullOrEmpty
            $found.Name | Should -Be 'small'
            # As what is sent to another process is: with the type data of that session.
            $shell.Commands.Clear()
            $shell.Runspace.SessionStateProxy.LanguageMode = 'FullLanguage'
            $text = $shell.AddScript('[System.Management.Automation.PSSerializer]::Serialize($args[0])').AddArgument($found[0]).Invoke()[0]
            [System.Management.Automation.PSSerializer]::Deserialize($text).CreatedAt.LocalDateTime | Should -BeOfType datetime
        }
        finally {
            $env:PSModulePath = $paths
            $shell.Dispose()
        }
    }
}

Describe 'A session with constrained language' {
    It 'shows objects as any other session' {
        $file = Join-Path $TestDrive 'constrained.ps1'
        Set-Content $file @"
Import-Module '$module'
Import-Module '$PSScriptRoot/FormatSamples.psm1'
`$samples = Get-FormatSample
`$PSStyle.OutputRendering = 'PlainText'
`$full = (`$samples.Values | ForEach-Object { `$_ | Out-String -Width 160; `$_ | Format-List | Out-String -Width 160 }) -join ''
`$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'
`$constrained = (`$samples.Values | ForEach-Object { `$_ | Out-String -Width 160; `$_ | Format-List | Out-String -Width 160 }) -join ''
if (`$constrained -cne `$full) { `$full; '--- constrained:'; `$constrained }
foreach (`$problem in `$Error) { "`$problem" }
"@
        (& (Get-Process -Id $PID).Path -NoProfile -NonInteractive -File $file) -join "`n" | Should -BeNullOrEmpty
    }

    It 'makes, lists and removes' {
        $file = Join-Path $TestDrive 'bind.ps1'
        Set-Content $file @"
Import-Module '$module'
`$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'
`$c = Connect-HvCluster $($cluster.Address) -CredentialFile '$($cluster.CredentialFile)'
(New-HvVolume constrained 16MB -Type File -Cluster `$c).Type
(Get-HvVolume constrained -Cluster $($cluster.Address) | Set-HvVolume -Description x -PassThru).Description
Get-HvVolume constrained | Remove-HvVolume -Force
foreach (`$problem in `$Error) { "`$problem" }
"@
        (& (Get-Process -Id $PID).Path -NoProfile -NonInteractive -File $file) -join ',' | Should -Be 'File,x'
    }
}
