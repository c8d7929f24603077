Describe 'Volumes on a cluster' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
        Import-Module (Get-TestModulePath)
        $cluster = Start-TestCluster
        $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
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

    Context 'New-HvVolume' {
        It 'makes a volume with everything that was asked for' {
            $null = New-HvPolicy gold -Compression $true -WarningAction Ignore
            $volume = New-HvVolume -Name data -Size 32MB -Policy gold -FileSystem Ext4 -Uid 70 -Gid 71 -Mode 0750 -Protected -Description 'for tests' -WarningAction Ignore
            $volume | Should -BeOfType HedvigStorage.Volume
            $found = Get-HvVolume data
            $found.Size | Should -Be 32MB
            $found.Type | Should -Be 'Block'
            $found.Policy | Should -Be 'gold'
            $found.Uid, $found.Gid, $found.Mode | Should -Be 70, 71, ([Convert]::ToInt32('750', 8))
            $found.Protected | Should -BeTrue
            $found.Description | Should -Be 'for tests'
        }

        It 'takes a size as <Text>' -ForEach @(
            @{ Text = 'a literal'; Size = 16MB; Bytes = 16777216 }
            @{ Text = 'a literal with a fraction'; Size = 16.5MB; Bytes = 17301504 }
            @{ Text = 'text'; Size = '16MiB'; Bytes = 16777216 }
            @{ Text = 'a bare number as text'; Size = '16777216'; Bytes = 16777216 }
        ) {
            (New-HvVolume sized $Size).Size | Should -Be $Bytes
        }

        It 'refuses the size <Size> with an error that names it' -ForEach @(
            @{ Size = '10XB' }, @{ Size = '-1GB' }, @{ Size = -1 }, @{ Size = '9EB' }, @{ Size = '0.3B' }
        ) {
            { New-HvVolume bad $Size -ErrorAction Stop } | Should -Throw "*$Size*"
            Get-HvVolume | Should -BeNullOrEmpty
        }

        It 'refuses a size of 0 and one that no file can have' {
            { New-HvVolume bad 0 -ErrorAction Stop } | Should -Throw
            { New-HvVolume bad 7EB -ErrorAction Stop } | Should -Throw
            Get-HvVolume | Should -BeNullOrEmpty
        }

        It 'refuses the name <Name> and makes nothing' -ForEach @(
            @{ Name = 'a/b' }, @{ Name = '..' }, @{ Name = "a`nb" }, @{ Name = 'a' * 256 }, @{ Name = 'a b' }
        ) {
            $problem = { New-HvVolume $Name 16MB -ErrorAction Stop } | Should -Throw -PassThru
            $problem.FullyQualifiedErrorId | Should -Be 'VolumeInvalid,HedvigStorage.Commands.NewHvVolumeCommand'
            $problem.CategoryInfo.Category | Should -Be 'InvalidArgument'
            Get-HvVolume | Should -BeNullOrEmpty
        }

        It 'succeeds again for the same volume and refuses another size under its name' {
            $first = New-HvVolume same 16MB
            (New-HvVolume same 16MB).Id | Should -Be $first.Id
            $problem = { New-HvVolume same 32MB -ErrorAction Stop } | Should -Throw -PassThru
            $problem.FullyQualifiedErrorId | Should -Be 'VolumeConflict,HedvigStorage.Commands.NewHvVolumeCommand'
            $problem.CategoryInfo.Category | Should -Be 'ResourceExists'
            "$problem" | Should -Match '16MB|16 MB'
        }

        It 'makes the good ones of three and says what was wrong with the bad one' {
            $result = Invoke-Partly { 'one', 'bad/name', 'three' | New-HvVolume -Size 16MB }
            $result.Output.Name | Should -Be 'one', 'three'
            $result.Errors.Count | Should -Be 1
            $result.Errors[0].TargetObject | Should -Be 'bad/name'
            (Get-HvVolume).Name | Should -Be 'one', 'three'
        }

        It 'takes everything from the properties of objects' {
            $volumes = "Name,Size,Description`na,16MB,first`nb,32MB,second" | ConvertFrom-Csv | New-HvVolume
            $volumes.Name | Should -Be 'a', 'b'
            $volumes.Size | Should -Be 16MB, 32MB
            $volumes.Description | Should -Be 'first', 'second'
        }

        It 'warns of what the engine does not give' {
            $null = New-HvVolume replicated 16MB -ReplicationFactor 3 -WarningVariable warnings -WarningAction SilentlyContinue
            $warnings.Count | Should -Be 1
            "$warnings" | Should -Match "replicated.*replicationFactor is 1 instead of 3"
            (Get-HvVolume replicated).Requested.ReplicationFactor | Should -Be 3
        }

        It 'does not promise encryption' {
            $problem = { New-HvVolume secret 16MB -Encryption $true -ErrorAction Stop } | Should -Throw -PassThru
            $problem.FullyQualifiedErrorId | Should -BeLike 'Volume*,HedvigStorage.Commands.NewHvVolumeCommand'
            Get-HvVolume | Should -BeNullOrEmpty
        }
    }

    Context 'Get-HvVolume' {
        BeforeEach {
            $null = 'alpha', 'alps', 'beta', 'Gamma' | New-HvVolume -Size 16MB
        }

        It 'lists all, in the order of their names' {
            (Get-HvVolume).Name | Should -Be 'Gamma', 'alpha', 'alps', 'beta'
        }

        It 'takes the pattern <Pattern>' -ForEach @(
            @{ Pattern = 'al*'; Names = 'alpha', 'alps' }
            @{ Pattern = 'AL*'; Names = 'alpha', 'alps' }
            @{ Pattern = '?eta'; Names = , 'beta' }
            @{ Pattern = '[ab]*a'; Names = 'alpha', 'beta' }
        ) {
            (Get-HvVolume $Pattern).Name | Should -Be $Names
        }

        It 'writes nothing for a pattern without a match and an error for a name that is not there' {
            Get-HvVolume 'x*' -ErrorAction Stop | Should -BeNullOrEmpty
            $problem = { Get-HvVolume xyz -ErrorAction Stop } | Should -Throw -PassThru
            $problem.FullyQualifiedErrorId | Should -Be 'VolumeNotFound,HedvigStorage.Commands.GetHvVolumeCommand'
            $problem.CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $problem.TargetObject | Should -Be 'xyz'
        }

        It 'finds the good ones of three and writes one error' {
            $result = Invoke-Partly { Get-HvVolume alpha, nowhere, beta }
            $result.Output.Name | Should -Be 'alpha', 'beta'
            $result.Errors.FullyQualifiedErrorId | Should -Be 'VolumeNotFound,HedvigStorage.Commands.GetHvVolumeCommand'
        }

        It 'stops when enough was taken' {
            (Get-HvVolume | Select-Object -First 1).Name | Should -Be 'Gamma'
            (Get-HvVolume beta).Name | Should -Be 'beta'
        }

        It 'is shown as a table with sizes for people' {
            Get-HvVolume alpha | Out-String -Width 200 | Should -Match 'alpha +16 MB'
        }

        It 'keeps its properties in a remote session' {
            $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((Get-HvVolume alpha)))
            $copy.Name | Should -Be 'alpha'
            $copy.Size | Should -Be 16MB
        }
    }

    Context 'Set-HvVolume' {
        It 'changes what is given and nothing else' {
            $null = New-HvVolume v 16MB -Description before
            Set-HvVolume v -Protected:$true | Should -BeNullOrEmpty
            $volume = Set-HvVolume v -Description after -PassThru
            $volume.Description | Should -Be 'after'
            $volume.Protected | Should -BeTrue
        }

        It 'gives a policy and takes it away' {
            $null = New-HvPolicy p -CacheEnabled $false -WarningAction Ignore
            $null = New-HvVolume v 16MB
            (Set-HvVolume v -Policy p -PassThru -WarningAction Ignore).Policy | Should -Be 'p'
            (Set-HvVolume v -Policy '' -PassThru).Policy | Should -BeNullOrEmpty
        }

        It 'changes the good ones of three from the pipeline' {
            $null = 'a', 'c' | New-HvVolume -Size 16MB
            $result = Invoke-Partly { 'a', 'b', 'c' | Set-HvVolume -Description x -PassThru }
            $result.Output.Name | Should -Be 'a', 'c'
            $result.Errors.FullyQualifiedErrorId | Should -Be 'VolumeNotFound,HedvigStorage.Commands.SetHvVolumeCommand'
        }

        It 'says that there is nothing to change' {
            $null = New-HvVolume v 16MB
            { Set-HvVolume v -ErrorAction Stop } | Should -Throw '*Nothing is to change*'
        }
    }

    Context 'Set-HvVolume and what the engine does not give' {
        It 'warns of what is asked for now, and not of what was asked for before' {
            $null = New-HvVolume v 16MB -ReplicationFactor 3 -WarningAction Ignore
            Set-HvVolume v -Description d -WarningVariable warnings -WarningAction SilentlyContinue
            $warnings | Should -BeNullOrEmpty
            Set-HvVolume v -ReplicationFactor 2 -WarningVariable warnings -WarningAction SilentlyContinue
            "$warnings" | Should -Match 'replicationFactor is 1 instead of 2'
        }
    }

    Context 'Resize-HvVolume' {
        It 'grows, succeeds again, and refuses to shrink with both sizes' {
            $null = New-HvVolume v 16MB
            (Get-HvVolume v | Resize-HvVolume -Size 32MB -PassThru).Size | Should -Be 32MB
            { Resize-HvVolume v 32MB -ErrorAction Stop } | Should -Not -Throw
            $problem = { Resize-HvVolume v '16MiB' -ErrorAction Stop } | Should -Throw -PassThru
            $problem.FullyQualifiedErrorId | Should -Be 'VolumeRefused,HedvigStorage.Commands.ResizeHvVolumeCommand'
            "$problem" | Should -Match '32 ?MB'
            "$problem" | Should -Match '16 ?MB'
        }

        It 'says that the volume is not there' {
            { Resize-HvVolume nowhere 16MB -ErrorAction Stop } | Should -Throw '*nowhere*' -ErrorId 'VolumeNotFound,*'
        }
    }

    Context 'Copy-HvVolume' {
        BeforeEach {
            $null = New-HvVolume origin 16MB
        }

        It 'clones a volume as it is now, larger if asked' {
            $clone = Copy-HvVolume origin clone -Size 32MB
            $clone.SourceVolume | Should -Be 'origin'
            $clone.Size | Should -Be 32MB
            (Get-HvVolume origin | Copy-HvVolume -Destination another).SourceVolume | Should -Be 'origin'
        }

        It 'clones a snapshot, named or from the pipeline' {
            $null = New-HvSnapshot origin then
            (Copy-HvVolume origin clone1 -Snapshot then).SourceSnapshot | Should -Be 'then'
            (Get-HvSnapshot origin then | Copy-HvVolume -Destination clone2).SourceSnapshot | Should -Be 'then'
        }

        It 'says that the source is not there' {
            { Copy-HvVolume nowhere clone -ErrorAction Stop } | Should -Throw '*nowhere*' -ErrorId 'VolumeNotFound,*'
            (Get-HvVolume).Name | Should -Be 'origin'
        }
    }

    Context 'Remove-HvVolume' {
        It 'removes volumes from the pipeline and does not mind one that is gone' {
            $null = 'a', 'b', 'c' | New-HvVolume -Size 16MB
            Get-HvVolume a, b | Remove-HvVolume -Confirm:$false
            Remove-HvVolume a -Force -ErrorAction Stop
            (Get-HvVolume).Name | Should -Be 'c'
        }

        It 'removes the good ones of three; a protected one stays, even with -Force' {
            $null = 'a', 'c' | New-HvVolume -Size 16MB
            $null = New-HvVolume b 16MB -Protected
            $result = Invoke-Partly { Get-HvVolume | Remove-HvVolume -Force }
            $result.Errors.FullyQualifiedErrorId | Should -Be 'VolumeRefused,HedvigStorage.Commands.RemoveHvVolumeCommand'
            $result.Errors[0].TargetObject | Should -Be 'b'
            (Get-HvVolume).Name | Should -Be 'b'
        }

        It 'does not take a snapshot for a volume' {
            $null = New-HvVolume a 16MB
            $null = New-HvVolume b 16MB
            $null = New-HvSnapshot a b
            $null = Invoke-Partly { Get-HvSnapshot a | Remove-HvVolume -Force }
            (Get-HvVolume).Name | Should -Be 'a', 'b'
            { Get-HvSnapshot a | Remove-HvVolume -Force -ErrorAction Stop } | Should -Throw "*'a@b' is not a volume*"
        }

        It 'asks, and removes nothing without an answer' {
            $null = New-HvVolume a 16MB
            { Remove-HvVolume a -ErrorAction Stop } | Should -Throw
            (Get-HvVolume).Name | Should -Be 'a'
        }
    }

    Context 'A preview' {
        It 'changes nothing' {
            $null = New-HvVolume v 16MB -Description before
            $before = Get-ClusterListing
            New-HvVolume new 16MB -WhatIf | Should -BeNullOrEmpty
            Set-HvVolume v -Description after -PassThru -WhatIf | Should -BeNullOrEmpty
            Resize-HvVolume v 32MB -PassThru -WhatIf | Should -BeNullOrEmpty
            Copy-HvVolume v copy -WhatIf | Should -BeNullOrEmpty
            Remove-HvVolume v -WhatIf
            Remove-HvVolume v -Force -WhatIf
            & { $WhatIfPreference = $true; Remove-HvVolume v -Force }
            Get-ClusterListing | Should -Be $before
        }
    }
}
