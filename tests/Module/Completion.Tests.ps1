BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    Import-Module (Get-TestModulePath)

    function Get-Completion([string] $Text) {
        [System.Management.Automation.CommandCompletion]::CompleteInput($Text, $Text.Length, $null).CompletionMatches
    }

    function Get-Completer([string] $Name) {
        [Activator]::CreateInstance((Get-Command Get-HvVolume).ImplementingType.Assembly.GetType("HedvigStorage.Completers.$Name", $true))
    }
}

Describe 'Completion from a cluster' {
    BeforeAll {
        $cluster = Start-TestCluster
        $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
        $null = New-HvPolicy gold, silver -Compression $true -WarningAction Ignore
        $null = New-HvVolume pgdata 16MB -Policy gold -WarningAction Ignore
        $null = New-HvVolume pglog 32MB -Type File
        $null = New-HvVolume 2024, web 16MB
        $null = New-HvSnapshot pgdata nightly
        $null = New-HvSnapshot pgdata weekly
        $null = New-HvSnapshot web noon
        $null = New-HvTarget proxy1
    }

    AfterAll {
        Disconnect-HvCluster
        Stop-TestCluster $cluster
    }

    It 'offers for "<Text>": <Offered>' -ForEach @(
        @{ Text = 'Get-HvVolume pg'; Offered = 'pgdata', 'pglog' }
        @{ Text = 'Get-HvVolume PG'; Offered = 'pgdata', 'pglog' }
        @{ Text = 'Get-HvVolume -Name web, pgl'; Offered = @('pglog') }
        @{ Text = 'Get-HvVolume *log'; Offered = @('pglog') }
        @{ Text = 'Get-HvVolume nothing'; Offered = @() }
        @{ Text = "Remove-HvVolume 'pgd"; Offered = @("'pgdata'") }
        @{ Text = 'Remove-HvVolume "pgd'; Offered = @('"pgdata"') }
        @{ Text = 'Set-HvVolume 20'; Offered = @("'2024'") }
        @{ Text = 'Set-HvVolume web -Policy '; Offered = 'gold', 'silver' }
        @{ Text = 'New-HvVolume x 1GB -Policy s'; Offered = @('silver') }
        @{ Text = 'Get-HvPolicy g'; Offered = @('gold') }
        @{ Text = 'Restore-HvSnapshot pgdata '; Offered = 'nightly', 'weekly' }
        @{ Text = 'Remove-HvSnapshot -Volume web -Name '; Offered = @('noon') }
        @{ Text = 'Get-HvSnapshot * n'; Offered = 'nightly', 'noon' }
        @{ Text = 'Copy-HvVolume pgdata -Snapshot '; Offered = 'nightly', 'weekly' }
        @{ Text = 'New-HvSnapshot we'; Offered = @('web') }
        @{ Text = 'Get-HvVolume pgdata | Restore-HvSnapshot '; Offered = 'nightly', 'noon', 'weekly' }
        @{ Text = 'Get-HvVolume pgdata | Get-HvSnapshot ni'; Offered = @('nightly') }
        @{ Text = 'Get-HvVolume web | Restore-HvSnapshot -Volume p'; Offered = 'pgdata', 'pglog' }
        @{ Text = 'Get-HvVolume pgdata | Resize-HvVolume p'; Offered = @() }
        @{ Text = 'Get-HvVolume pgdata | Add-HvLun pr'; Offered = @('proxy1') }
        @{ Text = 'Get-HvTarget proxy1 | Add-HvLun pg'; Offered = 'pgdata', 'pglog' }
        @{ Text = 'Get-HvVolume pgdata | Add-HvAccess -Address 10.0.0.7 pr'; Offered = @('proxy1') }
        @{ Text = 'Get-HvVolume | Set-HvVolume -Policy s'; Offered = @('silver') }
        @{ Text = 'New-HvVolume x 1GB -Residence '; Offered = 'Flash', 'HDD' }
    ) {
        @(Get-Completion $Text | ForEach-Object CompletionText) | Should -Be $Offered
    }

    It 'tells of each volume its size, type and policy' {
        (Get-Completion 'Get-HvVolume pg').ToolTip | Should -Be 'pgdata: 16 MB, Block, policy gold', 'pglog: 32 MB, File'
        (Get-Completion 'Get-HvPolicy gol').ToolTip | Should -Be 'gold: compression=true'
        (Get-Completion 'Restore-HvSnapshot web no').ToolTip | Should -Match '^noon: 16 MB, \d{4}-\d\d-\d\d \d\d:\d\d$'
    }

    It 'offers hosts that have volumes attached' {
        $client = (Get-HvCluster).GetType().GetProperty('Client', [System.Reflection.BindingFlags]'Instance, NonPublic').GetValue((Get-HvCluster))
        $boot = (Get-Content /proc/sys/kernel/random/boot_id).Trim()
        $request = [HedvigStorage.AttachmentRequest]@{ Volume = 'web'; Host = 'db1'; BootId = $boot; MachineId = $boot }
        $null = $client.AttachAsync($request, [Threading.CancellationToken]::None).GetAwaiter().GetResult()
        $match = Get-Completion 'Get-HvAttachment -HostName '
        $match.CompletionText | Should -Be 'db1'
        $match.ToolTip | Should -Be 'db1: has web attached'
    }

    It 'offers addresses of nodes' {
        (Get-Completion 'Connect-HvCluster ').CompletionText | Should -Contain $cluster.Address.TrimEnd('/')
    }

    It 'offers targets and users, where a cmdlet asks for them' {
        (Get-Completer UserCompleter).CompleteArgument('Get-HvUser', 'Name', 'h', $null, @{}).CompletionText | Should -Be 'HedvigAdmin'
        (Get-Completer TargetCompleter).CompleteArgument('Get-HvTarget', 'Name', '', $null, @{}).CompletionText | Should -Be 'proxy1'
    }

    It 'offers what has been made meanwhile after a few seconds at the latest' {
        $null = Get-Completion 'Get-HvVolume lat'
        $null = New-HvVolume later 16MB
        $deadline = [DateTime]::UtcNow.AddSeconds(20)
        do {
            $found = Get-Completion 'Get-HvVolume lat'
            if (-not $found) { Start-Sleep -Milliseconds 200 }
        } until ($found -or [DateTime]::UtcNow -gt $deadline)
        $found.CompletionText | Should -Be 'later'
    }

    It 'asks the cluster of -Cluster and not that of the default connection' {
        $other = Start-TestCluster
        try {
            $default = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
            $second = Connect-HvCluster $other.Address -CredentialFile $other.CredentialFile
            $null = New-HvVolume pgother 16MB
            (Get-Completion 'Get-HvVolume pg').CompletionText | Should -Be 'pgother'
            $global:HvCompletionCluster = $default
            (Get-Completion 'Get-HvVolume -Cluster $HvCompletionCluster -Name pg').CompletionText | Should -Be 'pgdata', 'pglog'
        }
        finally {
            Remove-Variable HvCompletionCluster -Scope Global -ErrorAction Ignore
            Disconnect-HvCluster $second
            $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
            Stop-TestCluster $other
        }
    }
}

Describe 'Names with other characters' {
    It 'writes <Name> for <Cmdlet> as <Text>' -ForEach @(
        @{ Name = 'a b'; Cmdlet = 'Remove-HvVolume'; Word = ''; Text = "'a b'" }
        @{ Name = "it's"; Cmdlet = 'Remove-HvVolume'; Word = ''; Text = "'it''s'" }
        @{ Name = '$x'; Cmdlet = 'Remove-HvVolume'; Word = '"'; Text = '"`$x"' }
        @{ Name = '-x'; Cmdlet = 'Remove-HvVolume'; Word = ''; Text = "'-x'" }
        @{ Name = 'a[1]'; Cmdlet = 'Remove-HvVolume'; Word = ''; Text = "'a[1]'" }
        @{ Name = 'a[1]'; Cmdlet = 'Get-HvVolume'; Word = ''; Text = "'a``[1``]'" }
        @{ Name = 'plain-1.x_y'; Cmdlet = 'Get-HvVolume'; Word = ''; Text = 'plain-1.x_y' }
    ) {
        $type = (Get-Command Get-HvVolume).ImplementingType.Assembly.GetType('HedvigStorage.Completers.CompletionWord', $true)
        $written = [Activator]::CreateInstance($type, @($Word, ($Cmdlet -like 'Get-*'))).Write($Name)
        $written | Should -BeExactly $Text
        [System.Management.Automation.Language.Parser]::ParseInput("Get-Item $written", [ref]$null, [ref]$null).EndBlock.Statements[0].PipelineElements[0].CommandElements.Count | Should -Be 2
    }
}

Describe 'Completion without an answer' {
    It 'offers no name and says nothing without a connection' {
        Disconnect-HvCluster
        $Error.Clear()
        @(Get-Completion 'Get-HvVolume -Name pg').Count | Should -Be 0
        @(Get-Completion 'Set-HvVolume x -Policy g').Count | Should -Be 0
        $Error.Count | Should -Be 0
    }

    It 'offers no name, says nothing and soon ends when the cluster has stopped' {
        $cluster = Start-TestCluster
        $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
        $null = New-HvVolume pgdata 16MB
        Stop-TestCluster $cluster
        $Error.Clear()
        $watch = [Diagnostics.Stopwatch]::StartNew()
        @(Get-Completion 'Get-HvVolume -Name pg').Count | Should -Be 0
        # A login, its repeats and their pauses take far longer than the limit of 1.5 seconds.
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 10
        $Error.Count | Should -Be 0
        Disconnect-HvCluster
    }

    It 'offers no container and says nothing when no Docker Engine answers' {
        $Error.Clear()
        @((Get-Completer ContainerCompleter).CompleteArgument('Get-HvContainer', 'Name', '', $null, @{ DockerHost = "unix://$TestDrive/none.sock" })).Count | Should -Be 0
        $Error.Count | Should -Be 0
    }
}
