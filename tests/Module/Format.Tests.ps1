# The texts are in Golden; HV_UPDATE_GOLDEN=1 rewrites them.
BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    Import-Module (Get-TestModulePath)
    Import-Module (Join-Path $PSScriptRoot 'FormatSamples.psm1')
    $rows = foreach ($name in (Get-FormatSample).Keys) {
        foreach ($view in 'Default', 'List', 'Wide') {
            foreach ($width in 80, 160) { @{ Sample = $name; View = $view; Width = $width } }
        }
    }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    Import-Module (Get-TestModulePath)
    Import-Module (Join-Path $PSScriptRoot 'FormatSamples.psm1')
    $samples = Get-FormatSample
    $golden = Join-Path $PSScriptRoot 'Golden'
    $noWide = 'ClusterInformation', 'Capabilities', 'Attributes'

    # Instants are shown in the time of the machine, which is this one's for the test.
    $zone = $env:TZ
    $env:TZ = 'Europe/Berlin'
    [TimeZoneInfo]::ClearCachedData()
    $rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'PlainText'

    function Format-Sample([object[]] $Objects, [string] $View, [int] $Width) {
        $text = switch ($View) {
            'Default' { $Objects | Out-String -Width $Width }
            'List' { $Objects | Format-List | Out-String -Width $Width }
            'Wide' { $Objects | Format-Wide -Column 2 | Out-String -Width $Width }
        }
        ($text -replace "`r" -replace '[ ]+(?=\n)').Trim("`n") + "`n"
    }
}

AfterAll {
    $env:TZ = $zone
    [TimeZoneInfo]::ClearCachedData()
    $PSStyle.OutputRendering = $rendering
}

Describe 'The view <View> of <Sample> in <Width> columns' -ForEach $rows {
    It 'is as it was' {
        if ($View -eq 'Wide' -and $Sample -in $noWide) { return }
        $text = Format-Sample $samples[$Sample] $View $Width
        $text -split "`n" | Where-Object Length -GT $Width | Should -BeNullOrEmpty
        $file = Join-Path $golden "$Sample.$View.$Width.txt"
        if ($env:HV_UPDATE_GOLDEN) { [IO.File]::WriteAllText($file, $text) }
        $text | Should -BeExactly ([IO.File]::ReadAllText($file))
    }
}

Describe 'A table in 80 columns' {
    BeforeAll {
        $instant = [DateTimeOffset]'2026-11-22T16:05:00Z'
        $wide = @{
            Volume   = [HedvigStorage.Volume]@{ Name = 'orders-production-database-volume'; Size = 200GB; Allocated = 1536MB; Policy = 'gold-two-sites'; Attachment = [HedvigStorage.Attachment]@{ Volume = 'x'; Host = 'db1.site' } }
            Node     = [HedvigStorage.ClusterNode]@{ Name = 'node1.example.org:7080'; Address = 'http://node1.example.org:7080'; Current = $true; Answers = $true; Version = '1.2.3'; StartedAt = $instant; Problems = [string[]]@('The disk is full. Free some space.') }
            User     = [HedvigStorage.ClusterUser]@{ UserName = 'HedvigAdmin'; Role = 'SuperUser'; DisplayName = 'The administrator'; Email = 'admin@example.org'; Owner = $true; CreatedAt = $instant }
            Profile  = [HedvigStorage.ConnectionProfile]@{ Name = 'production'; Nodes = [uri[]]@('https://node1.example.org:7443', 'https://node2.example.org:7443'); UserName = 'HedvigAdmin'; CredentialFile = '/home/me/.hedvig/credential.json' }
            Check    = [HedvigStorage.ClusterCheck]::new('answers', $false, 'No cluster answers at http://127.0.0.1:7080: the connection was refused. See whether it runs.')
            Outcome  = (Get-FormatSample).StepOutcome[0]
            Plan     = (Get-FormatSample).PlanStep
            Rule     = [HedvigStorage.AccessRule]@{ Volume = 'orders-production-data'; Target = 'proxy1.example.org'; Type = 'Ip'; Address = '10.0.0.0/24' }
        }
    }

    It 'breaks no word, of its head or of a cell: <Sample>' -ForEach @(
        @{ Sample = 'Volume'; Words = 'orders-production-database-volume', '200 GB', 'gold-two-sites', 'db1.site' }
        @{ Sample = 'Node'; Words = 'node1.example.org:7080', 'The', 'disk', 'is', 'full.', 'Free', 'some', 'space.' }
        @{ Sample = 'User'; Words = 'HedvigAdmin', 'SuperUser', 'admin@example.org', 'The administrator' }
        @{ Sample = 'Profile'; Words = 'production', 'https://node1.example.org:7443 +1', '/home/me/.hedvig/credential.json' }
        @{ Sample = 'Check'; Words = 'answers', 'http://127.0.0.1:7080:', 'connection', 'refused.', 'whether', 'runs.' }
        @{ Sample = 'Outcome'; Words = 'Failed', 'volume/pgdata', 'The', 'volume', 'is', 'attached', 'to', 'db1.' }
        @{ Sample = 'Plan'; Words = 'Replace', 'pgdata', 'type: Block -> File', 'policy: gold' }
        @{ Sample = 'Rule'; Words = 'orders-production-data', 'proxy1.example.org', 'Ip', '10.0.0.0/24' }
    ) {
        $lines = (Format-Sample $wide[$Sample] Default 80) -split "`n"
        $lines[1] | Should -Match '^ *-' -Because "the head takes one line: $($lines -join "`n")"
        foreach ($word in $Words) { $lines -join "`n" | Should -Match "(?m)(^| )$([regex]::Escape($word))( |$)" }
    }
}

Describe 'Views of a connection' {
    BeforeAll {
        $cluster = Start-TestCluster
        $connection = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
    }

    AfterAll {
        Disconnect-HvCluster
        Stop-TestCluster $cluster
    }

    It 'is a table that shows the whole address in 80 columns' {
        $lines = (Format-Sample $connection Default 80) -split "`n"
        $lines[0] -replace ' +', ' ' | Should -BeExactly 'Name Address Engine Used Total Healthy'
        $lines[2] | Should -Match "$([regex]::Escape($cluster.Address.TrimEnd('/'))) +Embedded +[\d.]+ [KMGT]?B +[\d.]+ [KMGT]?B +True"
    }

    It 'has a list and a wide view' {
        Format-Sample $connection List 160 | Should -Match 'UserName +: HedvigAdmin'
        Format-Sample $connection Wide 80 | Should -Not -BeNullOrEmpty
    }
}

Describe 'Colours' {
    It 'are not in text that is redirected' {
        $output = & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command "
            `$env:NO_COLOR = `$null
            Import-Module '$(Get-TestModulePath)'; Import-Module '$PSScriptRoot/FormatSamples.psm1'
            `$PSStyle.OutputRendering = 'Ansi'
            ((Get-FormatSample).PluginCheck | Format-Wide -Column 1 | Out-String) + [HedvigStorage.Formatting.Shown]::WrongBegins + 'Failed' + [HedvigStorage.Formatting.Shown]::WrongEnds"
        $output -join "`n" | Should -Match 'Failed'
        $output -join "`n" | Should -Not -Match 'Failed.*\x1b|\x1b.*Failed'
    }

    It 'are on a terminal, for what is wrong alone, and not where it wants none' -Skip:(-not (Get-Command script -CommandType Application -ErrorAction Ignore)) {
        $command = "Import-Module '$(Get-TestModulePath)'; Import-Module '$PSScriptRoot/FormatSamples.psm1'; (Get-FormatSample).StepOutcome | Format-Table State"
        $file = Join-Path $TestDrive 'terminal.ps1'
        Set-Content $file $command.Replace('Format-Table State', 'Out-Host')
        $line = "$((Get-Process -Id $PID).Path) -NoProfile -File $file"
        $plain = $env:NO_COLOR
        $terminal = $env:TERM
        try {
            $env:TERM = 'xterm-256color'
            $env:NO_COLOR = $null
            $coloured = (script -qec $line /dev/null) -join "`n"
            $env:NO_COLOR = '1'
            $uncoloured = (script -qec $line /dev/null) -join "`n"
        }
        finally {
            $env:NO_COLOR = $plain
            $env:TERM = $terminal
        }
        $coloured | Should -Match '\x1b\[31;1mFailed'
        $coloured | Should -Match '(?m)^Succeeded'
        $uncoloured | Should -Match '(?m)^Failed'
    }
}

Describe 'The format file' {
    It 'shows nothing that a type does not have' {
        [xml]$file = Get-Content -Raw (Join-Path (Get-TestRepository) 'src/HedvigStorage.Module/HedvigStorage.Format.ps1xml')
        foreach ($view in $file.Configuration.ViewDefinitions.View) {
            $properties = ([type]$view.ViewSelectedBy.TypeName).GetProperties().Name
            $view.SelectNodes('.//PropertyName').InnerText | Where-Object { $_ -and $_ -notin $properties } | Should -BeNullOrEmpty -Because $view.Name
        }
    }
}
