# The tests of the examples of those pages that are given, for suites that are quick enough each.
param([Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Page)

Import-Module (Join-Path $PSScriptRoot 'TestEngine.psm1')
$gap = Get-TestEngineGap
$rows = @($Page | ForEach-Object { @{ Page = $_.Name; Examples = $_.Examples; NeedsEngine = $_.NeedsEngine; Gap = if ($_.NeedsEngine) { $gap } } })

# One engine for all pages that need one; no other than the suite's own is touched.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'ExampleSession.psm1')
    Import-Module (Join-Path $PSScriptRoot 'TestEngine.psm1')
    if (-not (Get-TestEngineGap)) { $engine = Start-TestEngine }
}

AfterAll {
    if ($engine) { Stop-TestEngine $engine }
}

Describe 'The examples of <Page>' -ForEach @($rows | Where-Object { -not $_.Gap }) {
    BeforeAll {
        $session = Start-ExampleSession $(if ($NeedsEngine) { $engine })
    }

    AfterAll {
        Stop-ExampleSession $session
    }

    It '<Title>' -ForEach $Examples {
        { Invoke-Example $session $Code } | Should -Not -Throw
    }
}

foreach ($row in $rows | Where-Object Gap) {
    Describe 'The examples of <Page>' -ForEach $row {
        It "are not run: $($row.Gap)" -Skip {
        }
    }
}
