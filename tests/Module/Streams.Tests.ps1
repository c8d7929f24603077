# What is written besides objects: requests, and what is wrong with a connection.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    Import-Module (Get-TestModulePath)
    $cluster = Start-TestCluster
    $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
    $address = [regex]::Escape($cluster.Address.TrimEnd('/'))
    $said = "to ${address}: (?<outcome>\w+) after \d+\.\d{3} s, (?<tries>\d+) tr(y|ies) \(request [0-9a-f]{12}\)\.$"
}

AfterAll {
    Disconnect-HvCluster
    Stop-TestCluster $cluster
}

Describe '-Verbose' {
    It 'tells each request of a listing' {
        $lines = @(Get-HvVolume -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] })
        "$lines" | Should -Match "^ListVolumes $said"
    }

    It 'tells the requests of several objects that are worked on at once, each before what came of it' {
        $said = @('a', 'b', 'c' | New-HvVolume -Size 16MB -Verbose 4>&1 | Where-Object { "$_" -notlike 'Performing*' } | ForEach-Object { "$_" -replace ' .*' })
        $said | Should -Be 'AddVirtualDisk', 'a', 'AddVirtualDisk', 'b', 'AddVirtualDisk', 'c'
    }

    It 'tells a request that fails' {
        $said = Get-HvVolume missing -Verbose -ErrorAction SilentlyContinue 4>&1
        "$said" | Should -Match 'VirtualDiskDetails to '
    }

    It 'is asked for by the variable too, and is not without' {
        & { $VerbosePreference = 'Continue'; Get-HvVolume a 4>&1 } | Should -HaveCount 2
        & { $VerbosePreference = 'Continue'; Get-HvVolume a -Verbose:$false 4>&1 } | Should -HaveCount 1
        Get-HvVolume a 4>&1 | Should -HaveCount 1
    }

    It 'tells no parameters' {
        "$(Get-HvVolume a -Verbose 4>&1)" | Should -Not -Match '\{'
    }
}

Describe '-Debug' {
    It 'tells what was asked, and no secret' {
        $user = [pscredential]::new('reader', (ConvertTo-SecureString 'A-password-for-4711' -AsPlainText -Force))
        $said = @(New-HvUser $user -Debug 5>&1 | Where-Object { $_ -is [System.Management.Automation.DebugRecord] })
        "$said" | Should -Match '"userName":"reader"'
        "$said" | Should -Match '"password":"\*\*\*"'
        "$said" | Should -Not -Match '4711'
    }

    It 'tells no password of a log-in' {
        $password = (Get-Content -Raw $cluster.CredentialFile | ConvertFrom-Json).password
        $said = @(Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile -NotDefault -Debug -Verbose 4>&1 5>&1)
        "$said" | Should -Match 'Login to '
        "$said" | Should -Not -Match ([regex]::Escape($password))
    }
}

Describe 'A connection that ends while it is used' {
    It 'is one clear error' {
        $own = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile -NotDefault
        $problem = { 'a', 'b', 'c' | ForEach-Object { if ($_ -eq 'b') { Disconnect-HvCluster $own }; $_ } | Get-HvVolume -Cluster $own -ErrorAction Stop } | Should -Throw -PassThru
        "$problem" | Should -BeLike "The connection to the cluster at $($cluster.Address)* has been closed*"
        $problem.FullyQualifiedErrorId | Should -Be 'ClusterUnreachable,HedvigStorage.Commands.GetHvVolumeCommand'
    }

    It 'is one clear error where the module is removed' {
        $file = Join-Path $TestDrive 'removed.ps1'
        Set-Content $file @"
Import-Module '$(Get-TestModulePath)'
`$c = Connect-HvCluster $($cluster.Address) -CredentialFile '$($cluster.CredentialFile)'
try { 'a', 'b', 'c' | ForEach-Object { if (`$_ -eq 'b') { Remove-Module HedvigStorage }; `$_ } | Get-HvVolume -Cluster `$c -ErrorAction Stop | ForEach-Object Name } catch { "`$_" }
`$job = { Get-HvVolume a -Cluster `$c }
Import-Module '$(Get-TestModulePath)'
try { & `$job } catch { "`$_" }
"@
        $output = @(& (Get-Process -Id $PID).Path -NoProfile -NonInteractive -File $file)
        $output[0] | Should -Be 'a'
        $output[1] | Should -BeLike 'The connection to the cluster at * has been closed*'
        $output[2] | Should -BeLike 'The connection * has ended. Run Connect-HvCluster * again.'
        $output.Count | Should -Be 3
    }
}
