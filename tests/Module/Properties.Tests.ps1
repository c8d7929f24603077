# Each table of properties is the one place that declares them; what PowerShell needs in writing of its own is held against it here.
Describe 'The properties of <Kind>' -ForEach @(
    @{ Kind = 'volumes'; Table = 'VolumeProperties'; New = 'New-HvVolume'; Set = 'Set-HvVolume'; Class = 'HvVolume'; Elsewhere = @{ from = 'Copy-HvVolume'; snapshot = 'Copy-HvVolume' } }
    @{ Kind = 'policies'; Table = 'PolicyProperties'; New = 'New-HvPolicy'; Set = 'Set-HvPolicy'; Class = 'HvPolicy'; Elsewhere = @{} }
) {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
        Import-Module (Get-TestModulePath)
        $properties = ("HedvigStorage.Properties.$Table" -as [type])::All

        # What documents and cmdlets call by two names.
        $names = @{ protect = 'Protected'; dataCenters = 'DataCenter' }
        function Get-ParameterName([string] $Property) { if ($names[$Property]) { $names[$Property] } else { $Property } }
    }

    It 'are there' {
        $properties.Count | Should -BeGreaterThan 5
    }

    It 'are parameters of the cmdlet that creates one' {
        $missing = @($properties.Name | Where-Object { -not $Elsewhere[$_] -and -not (Get-Command $New).Parameters.ContainsKey((Get-ParameterName $_)) })
        $missing | Should -BeNullOrEmpty
        @($Elsewhere.Keys | Where-Object { -not (Get-Command $Elsewhere[$_]).Parameters.ContainsKey($_) -and $_ -ne 'from' }) | Should -BeNullOrEmpty
    }

    It 'are parameters of the cmdlet that changes one if, and only if, they can be changed in place' {
        $parameters = (Get-Command $Set).Parameters
        $wrong = @($properties | Where-Object { ($null -ne $_.InPlace) -ne $parameters.ContainsKey((Get-ParameterName $_.Name)) })
        $wrong.Name | Should -BeNullOrEmpty
    }

    It 'are properties of the DSC class' {
        $source = Get-Content -Raw (Join-Path (Get-TestRepository) 'src/HedvigStorage.Module/Dsc/HedvigStorage.Dsc.psm1')
        $body = [regex]::Match($source, "(?ms)^class $Class : HvResource \{(.*?)^\}").Groups[1].Value
        $declared = [regex]::Matches($body, '\[DscProperty\([A-Za-z]*\)\] \[[^$]+ \$(\w+)').ForEach({ $_.Groups[1].Value }) | Where-Object { $_ -notin 'Name', 'Ensure' }
        @($declared | Sort-Object) | Should -Be @($properties.Name | Sort-Object)
    }

    It 'have words of their own to each of which the schema agrees' {
        $schema = Get-Content -Raw (Join-Path (Get-TestRepository) 'docs/configuration.schema.json') | ConvertFrom-Json -AsHashtable
        $definition = if ($Kind -eq 'volumes') { 'volume' } else { 'policy' }
        @($schema.'$defs'.$definition.properties.Keys | Where-Object { $_ -notin 'name', 'ensure' } | Sort-Object) | Should -Be @($properties.Name | Sort-Object)
    }
}
