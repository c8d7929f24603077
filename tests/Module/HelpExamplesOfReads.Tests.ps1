# The pages of cmdlets that change nothing.
Import-Module (Join-Path $PSScriptRoot 'ExampleSession.psm1')
. (Join-Path $PSScriptRoot 'HelpExamples.ps1') -Page @(Get-ExamplePage | Where-Object ReadsOnly)
