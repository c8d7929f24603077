Describe 'Snapshots on a cluster' {
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

    BeforeEach {
        $null = 'a', 'b' | New-HvVolume -Size 16MB
    }

    AfterEach {
        Get-HvVolume | Set-HvVolume -Protected:$false
        Get-HvVolume | Remove-HvVolume -Force
    }

    Context 'New-HvSnapshot' {
        It 'makes a snapshot of a name, and of one that the cluster chooses' {
            $snapshot = New-HvSnapshot a one
            "$snapshot" | Should -Be 'a@one'
            $snapshot.Size | Should -Be 16MB
            (New-HvSnapshot a).Name | Should -Not -BeNullOrEmpty
            @(Get-HvSnapshot a).Count | Should -Be 2
            (Get-HvVolume a).SnapshotCount | Should -Be 2
        }

        It 'makes one of each volume that comes down the pipeline' {
            Get-HvVolume | New-HvSnapshot -Name nightly | ForEach-Object ToString | Should -Be 'a@nightly', 'b@nightly'
        }

        It 'makes the good ones of three' {
            $result = Invoke-Partly { 'a', 'nowhere', 'b' | New-HvSnapshot -Name s }
            $result.Output.Volume | Should -Be 'a', 'b'
            $result.Errors.FullyQualifiedErrorId | Should -Be 'VolumeNotFound,HedvigStorage.Commands.NewHvSnapshotCommand'
        }

        It 'refuses a name that is not valid' {
            { New-HvSnapshot a 'x/y' -ErrorAction Stop } | Should -Throw '*x/y*'
            Get-HvSnapshot | Should -BeNullOrEmpty
        }
    }

    Context 'Get-HvSnapshot' {
        BeforeEach {
            $null = New-HvSnapshot a one
            $null = New-HvSnapshot a two
            $null = New-HvSnapshot b one
        }

        It 'lists all, of a volume, of a pattern, and from the pipeline' {
            Get-HvSnapshot | ForEach-Object ToString | Should -Be 'a@one', 'a@two', 'b@one'
            Get-HvSnapshot a | ForEach-Object ToString | Should -Be 'a@one', 'a@two'
            Get-HvSnapshot * O* | ForEach-Object ToString | Should -Be 'a@one', 'b@one'
            Get-HvSnapshot -Name two | ForEach-Object ToString | Should -Be 'a@two'
            Get-HvVolume b | Get-HvSnapshot | ForEach-Object ToString | Should -Be 'b@one'
        }

        It 'says whether the volume or the snapshot is missing' {
            { Get-HvSnapshot nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'VolumeNotFound,*'
            { Get-HvSnapshot nowhere one -ErrorAction Stop } | Should -Throw -ErrorId 'VolumeNotFound,*'
            { Get-HvSnapshot a three -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotNotFound,*'
            Get-HvSnapshot x* -ErrorAction Stop | Should -BeNullOrEmpty
            Get-HvSnapshot a x* -ErrorAction Stop | Should -BeNullOrEmpty
        }

        It 'is shown as a table' {
            Get-HvSnapshot a one | Out-String -Width 200 | Should -Match 'a +one +16 MB'
        }
    }

    Context 'Restore-HvSnapshot' {
        It 'puts a volume back' {
            $null = New-HvSnapshot a one
            (Get-HvSnapshot a one | Restore-HvSnapshot -Force -PassThru).Name | Should -Be 'a'
            Restore-HvSnapshot a one -Confirm:$false | Should -BeNullOrEmpty
        }

        It 'does not touch a protected volume, even with -Force' {
            $null = New-HvSnapshot a one
            Set-HvVolume a -Protected:$true
            { Restore-HvSnapshot a one -Force -ErrorAction Stop } | Should -Throw -ErrorId 'SnapshotRefused,*'
        }

        It 'says that there is no such snapshot' {
            { Restore-HvSnapshot a three -Force -ErrorAction Stop } | Should -Throw '*three*' -ErrorId 'SnapshotNotFound,*'
        }
    }

    Context 'Remove-HvSnapshot' {
        It 'removes from the pipeline and does not mind one that is gone' {
            $null = New-HvSnapshot a one
            $null = New-HvSnapshot a two
            $null = New-HvSnapshot b one
            Get-HvSnapshot a | Remove-HvSnapshot -Force
            Get-HvSnapshot | ForEach-Object ToString | Should -Be 'b@one'
            { Remove-HvSnapshot a one -Force -ErrorAction Stop } | Should -Not -Throw
        }
    }

    Context 'A preview' {
        It 'changes nothing' {
            $null = New-HvSnapshot a one
            $before = Get-ClusterListing
            New-HvSnapshot a two -WhatIf | Should -BeNullOrEmpty
            Restore-HvSnapshot a one -Force -PassThru -WhatIf | Should -BeNullOrEmpty
            Remove-HvSnapshot a one -Force -WhatIf
            Get-ClusterListing | Should -Be $before
        }
    }
}
