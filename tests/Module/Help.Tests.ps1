BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    Import-Module (Get-TestModulePath)
    $commands = Get-Command -Module HedvigStorage | ForEach-Object { @{ Name = $_.Name } }
    $manifests = @(
        @{ Manifest = Get-TestModulePath }
        @{ Manifest = Join-Path (Get-TestRepository) 'artifacts/HedvigStorage/HedvigStorage.psd1' }
    )
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    Import-Module (Get-TestModulePath)
    $repository = Get-TestRepository
    $common = [System.Management.Automation.Cmdlet]::CommonParameters
    $names = (Get-Command -Module HedvigStorage).Name
    $topics = (Get-ChildItem (Join-Path $repository 'docs/about') -Filter about_*.md).BaseName
}

Describe 'The help of <Name>' -ForEach $commands {
    BeforeAll {
        $help = Get-Help $Name -Full
        $command = Get-Command $Name
    }

    It 'says in a sentence what it does, and describes it' {
        $help.Synopsis | Should -Match '^[A-Z].*\.$'
        $help.description.Text -join ' ' | Should -Match '\w+ \w+ \w+ \w+'
    }

    It 'tells of each parameter' {
        $parameters = @($command.Parameters.Keys | Where-Object { $_ -notin $common })
        foreach ($parameter in $parameters) {
            $text = $help.parameters.parameter | Where-Object name -EQ $parameter
            @($text).Count | Should -Be 1 -Because "-$parameter is a parameter"
            $text.description.Text -join ' ' | Should -Match '\w+ \w+ \w+' -Because "-$parameter has a meaning"
        }
        @($help.parameters.parameter.name | Sort-Object) | Should -Be @($parameters | Sort-Object)
    }

    It 'tells of parameters what the cmdlet declares' {
        foreach ($parameter in $help.parameters.parameter) {
            $declared = $command.Parameters[$parameter.name]
            $attribute = @($declared.Attributes | Where-Object { $_ -is [System.Management.Automation.ParameterAttribute] })[0]
            $parameter.required | Should -Be "$($attribute.Mandatory)" -Because "-$($parameter.name)"
            $parameter.position | Should -Be $(if ($attribute.Position -ge 0) { "$($attribute.Position)" } else { 'named' }) -Because "-$($parameter.name)"
            $parameter.globbing | Should -Be "$([bool]($declared.Attributes | Where-Object { $_ -is [System.Management.Automation.SupportsWildcardsAttribute] }))" -Because "-$($parameter.name)"
            $parameter.aliases | Should -Be $(if ($declared.Aliases) { $declared.Aliases -join ', ' } else { 'none' }) -Because "-$($parameter.name)"
        }
    }

    It 'has a syntax for each parameter set' {
        @($help.syntax.syntaxItem).Count | Should -Be $command.ParameterSets.Count
    }

    It 'links to each neighbour once, and to nothing that is not there' {
        $links = @($help.relatedLinks.navigationLink.linkText)
        $links | Should -BeIn ($names + $topics)
        $links | Should -Be @($links | Select-Object -Unique)
        $links | Should -Not -Contain $Name
        @($links | Where-Object { $_ -in $topics }).Count | Should -BeGreaterOrEqual 1
        @($names | Where-Object { $_ -ne $Name -and ($_ -split '-')[1] -eq $command.Noun -and $_ -notin $links }) | Should -BeNullOrEmpty
    }

    It 'has two examples or more, and says what goes in and what comes out' {
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2
        @($help.inputTypes.inputType).Count | Should -BeGreaterOrEqual 1
        @($help.returnValues.returnValue).Count | Should -BeGreaterOrEqual 1
    }
}

Describe 'The related links' {
    It 'lead from <Name> to <Expected>' -ForEach @(
        @{ Name = 'New-HvVolume'; Expected = 'Get-HvVolume', 'Remove-HvVolume', 'New-HvPolicy', 'New-HvSnapshot', 'Add-HvLun', 'about_HvPolicies' }
        @{ Name = 'Restore-HvSnapshot'; Expected = 'Get-HvSnapshot', 'Get-HvVolume', 'Copy-HvVolume' }
        @{ Name = 'Set-HvUser'; Expected = 'Get-HvUser', 'New-HvUser', 'Remove-HvUser' }
        @{ Name = 'Invoke-HvConfiguration'; Expected = 'Compare-HvConfiguration', 'about_HvConfiguration' }
    ) {
        $links = @((Get-Help $Name).relatedLinks.navigationLink.linkText)
        $Expected | Should -BeIn $links
    }
}

Describe 'Help of the module that is imported from <Manifest>' -ForEach $manifests {
    BeforeAll {
        $output = & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command @"
            `$ErrorActionPreference = 'Stop'
            Import-Module '$Manifest'
            (Get-Help New-HvVolume).Synopsis
            (Get-Help New-HvVolume -Parameter Size).description.Text
            foreach (`$topic in 'about_HedvigStorage', 'about_HvConfiguration', 'about_HvPolicies', 'about_HvDockerPlugin', 'about_HvTroubleshooting') {
                @(Get-Help `$topic | Out-String).Where({ `$_ -match "^TOPIC\s+`$topic\s+SHORT DESCRIPTION" }).Count
            }
            @(Get-Help about_Hv*).Count
"@
    }

    It 'is found, with the topics' {
        $output[0] | Should -Be 'Creates a volume, or returns the same one if it exists.'
        $output[1] | Should -BeLike 'The size: a number and a unit*'
        $output[2..6] | Should -Be (@('1') * 5)
        $output[7] | Should -Be '4'
    }
}

Describe 'The topics' {
    It 'name cmdlets, parameters and topics that there are' {
        $names = (Get-Command -Module HedvigStorage).Name + (Get-ChildItem (Join-Path $repository 'docs/about')).BaseName
        foreach ($file in Get-ChildItem (Join-Path $repository 'docs/about') -Filter about_*.md) {
            [regex]::Matches((Get-Content -Raw $file), '\b([A-Z][a-z]+-Hv[A-Z]\w+|about_\w+)').Value | Sort-Object -Unique | Should -BeIn $names -Because $file.Name
        }
    }

    It 'keep to 80 columns but for code and the summary' {
        foreach ($file in Get-ChildItem (Join-Path $repository 'artifacts/HedvigStorage/en-US') -Filter about_*.help.txt) {
            Get-Content $file | Select-Object -Skip 5 | Where-Object { $_ -notmatch '^ {8}' -and $_.Length -gt 80 } | Should -BeNullOrEmpty -Because $file.Name
        }
    }
}

Describe 'The build of the help' {
    BeforeAll {
        $writer = Get-ChildItem (Join-Path $repository 'artifacts/bin/HelpWriter/*/HelpWriter.dll') | Sort-Object LastWriteTime | Select-Object -Last 1
        $configuration = $writer.Directory.Name
        $docs = Join-Path $TestDrive 'docs'
        function Invoke-HelpWriter {
            $references = Join-Path $repository "artifacts/obj/HedvigStorage.Module/$configuration/references.txt"
            & dotnet $writer (Join-Path $repository "artifacts/bin/HedvigStorage.Module/$configuration/HedvigStorage.Module.dll") $references $docs (Join-Path $TestDrive 'module')
        }
        function Edit-Page([string] $Page, [scriptblock] $Change) {
            $path = Join-Path $docs "cmdlets/$Page.md"
            (Get-Content -Raw $path | ForEach-Object $Change) | Set-Content -NoNewline $path
        }
    }

    BeforeEach {
        Remove-Item -Recurse -Force -ErrorAction Ignore $docs
        Copy-Item -Recurse (Join-Path $repository 'docs') $docs
    }

    It 'succeeds with the pages as they are' {
        Invoke-HelpWriter | Should -BeLike '*help of * cmdlets and * topics*'
        $LASTEXITCODE | Should -Be 0
    }

    It 'names the file and what is wrong: <Problem>' -ForEach @(
        @{ Problem = 'a parameter without text'; Page = 'New-HvVolume'; Change = { $_ -replace '(?s)### -Uid.*?(?=### )' }; Message = '*New-HvVolume.md(*): error *: The parameter -Uid of New-HvVolume has no text.' }
        @{ Problem = 'a parameter that is not there'; Page = 'New-HvVolume'; Change = { $_ -replace '### -Uid', "### -Owner`n`nWho.`n`n### -Uid" }; Message = '*New-HvVolume.md(*): error *: New-HvVolume has no parameter -Owner.' }
        @{ Problem = 'one example'; Page = 'Resize-HvVolume'; Change = { $_ -replace '(?s)### Double.*?(?=## Param)' }; Message = '*Resize-HvVolume.md(*): error *: Resize-HvVolume has 1 examples; a page has 2 or more.' }
        @{ Problem = 'an output that is not declared'; Page = 'Get-HvVolume'; Change = { $_ -replace '### HedvigStorage.Volume', '### HedvigStorage.Policy' }; Message = '*Get-HvVolume.md(*): error *: Get-HvVolume does not declare that it writes HedvigStorage.Policy.' }
        @{ Problem = 'a link that leads nowhere'; Page = 'Get-HvVolume'; Change = { $_ -replace '\(Set-HvVolume.md\)', '(Sot-HvVolume.md)' }; Message = "*Get-HvVolume.md(*): error *: There is no file 'Sot-HvVolume.md', which a link leads to." }
        @{ Problem = 'a missing section'; Page = 'Get-HvVolume'; Change = { $_ -replace '## Inputs', '## Input' }; Message = "*Get-HvVolume.md(*): error *: The section 'Inputs' is missing." }
    ) {
        Edit-Page $Page $Change
        $output = @(Invoke-HelpWriter)
        $LASTEXITCODE | Should -Be 1
        @($output | Where-Object { $_ -like $Message }).Count | Should -Be 1 -Because ($output -join "`n")
    }

    It 'fails for a cmdlet without a page, and for a page without a cmdlet' {
        Move-Item (Join-Path $docs 'cmdlets/Get-HvPolicy.md') (Join-Path $docs 'cmdlets/Get-HvNothing.md')
        Edit-Page Get-HvNothing { $_ -replace '# Get-HvPolicy', '# Get-HvNothing' }
        $output = @(Invoke-HelpWriter) -join "`n"
        $LASTEXITCODE | Should -Be 1
        $output | Should -BeLike '*Get-HvPolicy.md(1): error *: The cmdlet Get-HvPolicy has no page.*'
        $output | Should -BeLike '*Get-HvNothing.md(1): error *: There is no cmdlet Get-HvNothing.*'
    }
}
