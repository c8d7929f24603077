# The texts are in Golden; HV_UPDATE_GOLDEN=1 writes them anew.
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
