Describe 'Configurations on a cluster' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
        Import-Module (Get-TestModulePath)
        $cluster = Start-TestCluster
        $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
        $json = Join-Path $TestDrive 'storage.json'
        Set-Content $json '{
            "policies":  [ { "name": "gold", "compression": true } ],
            "volumes":   [ { "name": "data", "size": "16MB", "policy": "gold" }, { "name": "logs", "size": "16MB" } ],
            "snapshots": [ { "volume": "data", "name": "first" } ]
        }'
        $psd1 = Join-Path $TestDrive 'storage.psd1'
        Set-Content $psd1 "@{
            policies  = @(@{ name = 'gold'; compression = `$true })
            volumes   = @(@{ name = 'data'; size = 16777216; policy = 'gold' }, @{ name = 'logs'; size = '16MB' })
            snapshots = @{ volume = 'data'; name = 'first' }
        }"
    }

    AfterAll {
        Disconnect-HvCluster
        Stop-TestCluster $cluster
    }

    AfterEach {
        Get-HvVolume | Set-HvVolume -Protected:$false
        Get-HvVolume | Remove-HvVolume -Force
        Get-HvPolicy | Remove-HvPolicy -Force
    }

    Context 'The cmdlets for configurations' {
        It 'converge a JSON document, and have nothing to do the second time' {
            $steps = Compare-HvConfiguration $json
            $steps.Id | Should -Be 'policy/gold', 'volume/data', 'volume/logs', 'snapshot/data@first'
            $steps.Action | Should -Be (@('Create') * 4)
            Test-HvConfiguration $json | Should -BeFalse

            $outcomes = Invoke-HvConfiguration $json -WarningAction Ignore
            $outcomes.State | Should -Be (@('Succeeded') * 4)
            (Get-HvVolume).Name | Should -Be 'data', 'logs'
            (Get-HvSnapshot).Name | Should -Be 'first'

            $before = Get-ClusterListing
            Test-HvConfiguration $json | Should -BeTrue
            Compare-HvConfiguration $json | Should -BeNullOrEmpty
            @(Compare-HvConfiguration $json -IncludeEqual).Count | Should -Be 4
            Invoke-HvConfiguration $json | Should -BeNullOrEmpty
            Get-ClusterListing | Should -Be $before
        }

        It 'read a PowerShell data file, a hashtable and an object with the same meaning' {
            $null = Invoke-HvConfiguration $psd1 -WarningAction Ignore
            Test-HvConfiguration $json | Should -BeTrue
            Test-HvConfiguration $psd1 | Should -BeTrue
            $volume = [pscustomobject]@{ name = 'data'; size = 16MB }
            @{ volumes = @($volume, @{ name = 'logs'; size = '16MiB' }) } | Test-HvConfiguration | Should -BeTrue
            Test-HvConfiguration -Configuration @{ volumes = @{ name = 'data'; size = 32MB } } | Should -BeFalse
        }

        It 'take files from the pipeline; one bad of three gives two results and one error' {
            $bad = Join-Path $TestDrive 'bad.json'
            Set-Content $bad '{ "volumes": [ { "name": "x", "sise": "1GB" } ] }'
            $result = Invoke-Partly { Get-Item $json, $bad, $psd1 | Test-HvConfiguration }
            $result.Output | Should -Be $false, $false
            $result.Errors.Count | Should -Be 1
            $result.Errors[0].FullyQualifiedErrorId | Should -Be 'ConfigurationInvalid,HedvigStorage.Commands.TestHvConfigurationCommand'
            "$($result.Errors[0])" | Should -Match "sise.*'?size"
        }

        It 'refuse <Case>' -ForEach @(
            @{ Case = 'text that is not JSON'; Name = 'broken.json'; Text = '{ "volumes": [ '; Like = '*broken.json*' }
            @{ Case = 'a script'; Name = 'script.psd1'; Text = '@{ volumes = @(Get-Process) }'; Like = '*literal values only*' }
            @{ Case = 'a data file that is not a hashtable'; Name = 'list.psd1'; Text = '1, 2'; Like = '*one hashtable*' }
            @{ Case = 'a data file with a broken line'; Name = 'broken.psd1'; Text = '@{ volumes = '; Like = '*broken.psd1:1:*' }
            @{ Case = 'a size of another unit'; Name = 'size.json'; Text = '{ "volumes": [ { "name": "x", "size": "10XB" } ] }'; Like = '*10XB*' }
        ) {
            $path = Join-Path $TestDrive $Name
            Set-Content $path $Text
            { Invoke-HvConfiguration $path -ErrorAction Stop } | Should -Throw $Like -ErrorId 'ConfigurationInvalid,*'
            Get-HvVolume | Should -BeNullOrEmpty
        }

        It 'say that a file is not there' {
            { Compare-HvConfiguration (Join-Path $TestDrive 'none.json') -ErrorAction Stop } | Should -Throw '*none.json*' -ErrorId 'ConfigurationNotFound,*'
        }

        It 'preview with the same plan and change nothing' {
            $null = New-HvVolume data 16MB
            $before = Get-ClusterListing
            $output = & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command "
                Import-Module '$(Get-TestModulePath)'
                `$null = Connect-HvCluster $($cluster.Address) -CredentialFile '$($cluster.CredentialFile)'
                Invoke-HvConfiguration '$json' -WhatIf
                'steps: ' + @(Compare-HvConfiguration '$json').Count"
            @($output -match '^What if').Count | Should -Be 4
            $output | Should -Contain 'steps: 4'
            "$output" | Should -Match 'volume/logs'
            Get-ClusterListing | Should -Be $before
        }

        It 'grow what has grown, and refuse to shrink' {
            $null = New-HvVolume data 16MB
            $step = Compare-HvConfiguration -Configuration @{ volumes = @{ name = 'data'; size = '32MB' } }
            $step.Action | Should -Be 'Grow'
            $step | Out-String -Width 200 | Should -Match 'Grow +Volume +data +size: 16MB -> 32MB'
            (Invoke-HvConfiguration -Configuration @{ volumes = @{ name = 'data'; size = '32MB' } }).State | Should -Be 'Succeeded'
            (Get-HvVolume data).Size | Should -Be 32MB
            { Test-HvConfiguration -Configuration @{ volumes = @{ name = 'data'; size = '16MB' } } -ErrorAction Stop } | Should -Throw '*16MB*'
        }

        It 'report a step that fails and those that wait for it, and do the rest' {
            # An image that is gone is found out by the cluster when it is to copy it; a plan cannot know.
            $null = New-HvVolume holder 16MB
            Get-ChildItem (Join-Path $cluster.Data 'volumes') -Filter "$((Get-HvVolume holder).Id)*" | Remove-Item
            $result = Invoke-Partly {
                Invoke-HvConfiguration -Configuration @{
                    volumes   = @{ name = 'other'; size = '16MB' }, @{ name = 'copy'; from = 'holder'; snapshot = 'before' }
                    snapshots = @{ volume = 'holder'; name = 'before' }
                }
            }
            ($result.Output | Where-Object { $_.Step.Id -eq 'snapshot/holder@before' }).State | Should -Be 'Failed'
            ($result.Output | Where-Object { $_.Step.Id -eq 'volume/copy' }).State | Should -Be 'Skipped'
            ($result.Output | Where-Object { $_.Step.Id -eq 'volume/other' }).State | Should -Be 'Succeeded'
            $result.Errors.FullyQualifiedErrorId | Should -Be 'StepFailed,HedvigStorage.Commands.InvokeHvConfigurationCommand'
            (Get-HvVolume).Name | Should -Be 'holder', 'other'
        }

        It 'replace objects only of the kinds that are allowed' {
            $null = New-HvVolume data 16MB
            $other = @{ volumes = @{ name = 'data'; size = '16MB'; type = 'File' } }
            { Invoke-HvConfiguration -Configuration $other -ErrorAction Stop } | Should -Throw '*volume/data would be replaced*'
            { Invoke-HvConfiguration -Configuration $other -AllowReplaceKind Container, Network -ErrorAction Stop } | Should -Throw '*volume/data would be replaced*'
            (Get-HvVolume data).Type | Should -Be 'Block'
            (Invoke-HvConfiguration -Configuration $other -AllowReplaceKind Volume).State | Should -Be 'Succeeded'
            (Get-HvVolume data).Type | Should -Be 'File'
            $back = @{ volumes = @{ name = 'data'; size = '16MB'; type = 'Block' } }
            (Invoke-HvConfiguration -Configuration $back -AllowReplace).State | Should -Be 'Succeeded'
        }

        It 'remove what the document made and no longer describes, if both words are given' {
            $null = Invoke-HvConfiguration -Configuration @{ name = 'site'; volumes = @(@{ name = 'kept'; size = '16MB' }, @{ name = 'left'; size = '16MB' }) }
            $less = @{ name = 'site'; volumes = @{ name = 'kept'; size = '16MB' } }
            Test-HvConfiguration -Configuration $less | Should -BeTrue
            Test-HvConfiguration -Configuration $less -Prune | Should -BeFalse
            (Compare-HvConfiguration -Configuration $less -Prune).Id | Should -Be 'volume/left'
            { Invoke-HvConfiguration -Configuration $less -Prune -ErrorAction Stop } | Should -Throw '*volume/left would be removed*'
            $null = Invoke-HvConfiguration -Configuration $less -Prune -AllowRemove
            (Get-HvVolume).Name | Should -Be 'kept'
        }

        It 'export what is there as JSON and as a data file, each of which has nothing to do' {
            $null = Invoke-HvConfiguration $json -WarningAction Ignore
            Set-HvVolume logs -Description "it's `u{2019}quoted`u{2019} and `"so`""
            $text = Export-HvConfiguration
            ($text | ConvertFrom-Json).volumes.name | Should -Be 'data', 'logs'
            foreach ($extension in 'json', 'psd1') {
                $file = Join-Path $TestDrive "export.$extension"
                (Export-HvConfiguration $file).FullName | Should -Be $file
                $null = Export-HvConfiguration $file
                Test-HvConfiguration $file | Should -BeTrue
                if ($IsLinux) { [string] (Get-Item $file).UnixFileMode | Should -Be 'UserWrite, UserRead' }
            }
            Get-Content -Raw (Join-Path $TestDrive 'export.json') | Should -Be "$text`n"
            Export-HvConfiguration (Join-Path $TestDrive 'preview.json') -WhatIf
            Test-Path (Join-Path $TestDrive 'preview.json') | Should -BeFalse
            { Export-HvConfiguration (Join-Path $TestDrive 'export.yml') -ErrorAction Stop } | Should -Throw '*neither*'
            { Export-HvConfiguration -IncludeEnvironment -ErrorAction Stop } | Should -Throw '*-Containers*'
        }
    }
}
