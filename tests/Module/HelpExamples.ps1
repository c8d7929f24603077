# The tests of the examples of those pages that are given, for suites that are quick enough each.
param([Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Page)

$possible = @($Page | Where-Object { -not $_.Missing } | ForEach-Object { @{ Page = $_.Name; Examples = $_.Examples } })
$impossible = @($Page | Where-Object Missing | ForEach-Object { @{ Page = $_.Name; Missing = $_.Missing } })

Describe 'The examples of <Page>' -ForEach $possible {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'ExampleSession.psm1')
        $session = Start-ExampleSession
    }

    AfterAll {
        Stop-ExampleSession $session
    }

    It '<Title>' -ForEach $Examples {
        { Invoke-Example $session $Code } | Should -Not -Throw
    }
}

foreach ($row in $impossible) {
    Describe 'The examples of <Page>' -ForEach $row {
        It "are not run, for $($row.Missing)" -Skip {
        }
    }
}
