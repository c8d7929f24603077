Describe 'The example Converge.ps1' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
        Import-Module (Get-TestModulePath)
        $cluster = Start-TestCluster
        $script = Join-Path (Get-TestRepository) 'examples/powershell/Converge.ps1'
        $arguments = @{ Cluster = $cluster.Address; CredentialFile = $cluster.CredentialFile; Database = 'orders', 'customers'; WarningAction = 'SilentlyContinue' }
    }

    AfterAll {
        Disconnect-HvCluster
        Stop-TestCluster $cluster
    }

    It 'tells what differs and changes nothing with -WhatIf' {
        $plan = & $script @arguments -WhatIf
        @($plan | ForEach-Object { $_.GetType().Name } | Sort-Object -Unique) | Should -Be 'PlanStep'
        $plan.Id | Should -Be 'policy/database', 'volume/db-orders', 'volume/db-customers'
        Get-HvVolume | Should -BeNullOrEmpty
    }

    It 'makes a volume for each database, once' {
        $written = & $script @arguments -Confirm:$false
        # Objects of one type in one stream: another one would be shown in the columns of the first.
        @($written | ForEach-Object { $_.GetType().Name } | Sort-Object -Unique) | Should -Be 'StepOutcome'
        (Get-HvVolume db-*).Name | Should -Be 'db-customers', 'db-orders'
        (Get-HvPolicy database).SnapshotSchedule.Hourly | Should -Be 24
        & $script @arguments -Confirm:$false | Should -BeNullOrEmpty
    }
}
