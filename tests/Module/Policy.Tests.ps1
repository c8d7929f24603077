Describe 'Policies on a cluster' {
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
        Get-HvVolume | Remove-HvVolume -Force
        Get-HvPolicy | Remove-HvPolicy -Force
    }

    Context 'New-HvPolicy' {
        It 'makes a policy with all attributes' {
            $null = New-HvPolicy gold -Description best -ReplicationFactor 3 -ReplicationPolicy DataCenterAware -DataCenter east, west -Residence Flash -CacheEnabled $true -Compression $true -Deduplication $true -WarningAction Ignore
            $policy = Get-HvPolicy gold
            $policy.Description | Should -Be 'best'
            $policy.Requested.ReplicationFactor | Should -Be 3
            $policy.Requested.ReplicationPolicy | Should -Be 'DataCenterAware'
            $policy.Requested.DataCenters | Should -Be 'east', 'west'
            $policy.Requested.Residence | Should -Be 'Flash'
            $policy.Requested.CacheEnabled, $policy.Requested.Compression, $policy.Requested.Deduplication | Should -Be $true, $true, $true
            $policy.Requested.Encryption | Should -BeNullOrEmpty
        }

        It 'warns of what the engine does not give' {
            $null = New-HvPolicy gold -ReplicationFactor 3 -WarningVariable warnings -WarningAction SilentlyContinue
            "$warnings" | Should -Match 'gold.*replicationFactor is 1 instead of 3'
        }

        It 'succeeds again for the same and refuses other attributes under its name' {
            $null = New-HvPolicy p -CacheEnabled $false -WarningAction Ignore
            { New-HvPolicy p -CacheEnabled $false -WarningAction Ignore -ErrorAction Stop } | Should -Not -Throw
            { New-HvPolicy p -CacheEnabled $true -WarningAction Ignore -ErrorAction Stop } | Should -Throw -ErrorId 'PolicyConflict,*'
        }

        It 'refuses deduplication without compression, and a factor out of range' {
            { New-HvPolicy p -Compression $false -Deduplication $true -ErrorAction Stop } | Should -Throw '*needs compression*' -ErrorId 'PolicyInvalid,*'
            { New-HvPolicy p -ReplicationFactor 7 -ErrorAction Stop } | Should -Throw
            Get-HvPolicy | Should -BeNullOrEmpty
        }

        It 'makes the good ones of three' {
            $result = Invoke-Partly { 'a', '-', 'c' | New-HvPolicy -CacheEnabled $false -WarningAction Ignore }
            $result.Output.Name | Should -Be 'a', 'c'
            $result.Errors.Count | Should -Be 1
        }
    }

    Context 'Get-HvPolicy' {
        BeforeEach {
            $null = 'gold', 'green', 'silver' | New-HvPolicy -CacheEnabled $false -WarningAction Ignore
        }

        It 'lists by pattern and by name' {
            (Get-HvPolicy).Name | Should -Be 'gold', 'green', 'silver'
            (Get-HvPolicy G*).Name | Should -Be 'gold', 'green'
            (Get-HvPolicy x*) | Should -BeNullOrEmpty
            $result = Invoke-Partly { Get-HvPolicy gold, tin, silver }
            $result.Output.Name | Should -Be 'gold', 'silver'
            $result.Errors.FullyQualifiedErrorId | Should -Be 'PolicyNotFound,HedvigStorage.Commands.GetHvPolicyCommand'
        }

        It 'counts volumes and is shown as a table' {
            $null = New-HvVolume v 16MB -Policy gold -WarningAction Ignore
            (Get-HvPolicy gold).VolumeCount | Should -Be 1
            Get-HvPolicy gold | Out-String -Width 200 | Should -Match 'gold +1 +cacheEnabled=false'
        }
    }

    Context 'Set-HvPolicy' {
        It 'changes what is given and nothing else, and so the volumes' {
            $null = New-HvPolicy p -CacheEnabled $false -Compression $true -WarningAction Ignore
            $null = New-HvVolume v 16MB -Policy p -WarningAction Ignore
            Set-HvPolicy p -CacheEnabled $true -WarningAction Ignore | Should -BeNullOrEmpty
            $policy = Get-HvPolicy p | Set-HvPolicy -Description d -PassThru -WarningAction Ignore
            $policy.Requested.CacheEnabled, $policy.Requested.Compression | Should -Be $true, $true
            $policy.Description | Should -Be 'd'
            (Get-HvVolume v).Requested.CacheEnabled | Should -BeTrue
        }

        It 'says that there is nothing to change, or no such policy' {
            { Set-HvPolicy p -ErrorAction Stop } | Should -Throw '*Nothing is to change*'
            { Set-HvPolicy nowhere -Description d -ErrorAction Stop } | Should -Throw -ErrorId 'PolicyNotFound,*'
        }
    }

    Context 'Remove-HvPolicy' {
        It 'removes the good ones of three; one that a volume has stays' {
            $null = 'a', 'b', 'c' | New-HvPolicy -CacheEnabled $false -WarningAction Ignore
            $null = New-HvVolume v 16MB -Policy b -WarningAction Ignore
            $result = Invoke-Partly { Get-HvPolicy | Remove-HvPolicy -Force }
            $result.Errors.Count | Should -Be 1
            "$($result.Errors[0])" | Should -Match '\bv\b'
            $result.Errors[0].FullyQualifiedErrorId | Should -Match '^Policy(Refused|Busy),'
            (Get-HvPolicy).Name | Should -Be 'b'
            { Remove-HvPolicy a -Force -ErrorAction Stop } | Should -Not -Throw
        }
    }

    Context 'A preview' {
        It 'changes nothing' {
            $null = New-HvPolicy p -CacheEnabled $false -WarningAction Ignore
            $before = Get-ClusterListing
            New-HvPolicy q -CacheEnabled $false -WhatIf | Should -BeNullOrEmpty
            Set-HvPolicy p -CacheEnabled $true -PassThru -WhatIf | Should -BeNullOrEmpty
            Remove-HvPolicy p -Force -WhatIf
            Get-ClusterListing | Should -Be $before
        }
    }
}
