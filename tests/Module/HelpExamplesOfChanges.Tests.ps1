# The pages of cmdlets that change something.
Import-Module (Join-Path $PSScriptRoot 'ExampleSession.psm1')
. (Join-Path $PSScriptRoot 'HelpExamples.ps1') -Page @(Get-ExamplePage | Where-Object { -not $_.ReadsOnly })
