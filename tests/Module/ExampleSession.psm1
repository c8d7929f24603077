# Runs the examples of the pages in docs/cmdlets, each page in a session and on a cluster of its own.
Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
Import-Module (Join-Path $PSScriptRoot 'TestEngine.psm1')

$script:Pages = Join-Path (Get-TestRepository) 'docs/cmdlets'
$script:Limit = [TimeSpan]::FromMinutes(1)

# The pages, with the code of their examples in the order in which it stands there.
function Get-ExamplePage {
    foreach ($file in Get-ChildItem -LiteralPath $script:Pages -Filter '*-Hv*.md') {
        $section = ((Get-Content -Raw $file) -split '(?m)^## ' | Where-Object { $_ -match '\AExamples\s' }) -replace "`r"
        [pscustomobject]@{
            Name      = $file.BaseName
            ReadsOnly = $file.BaseName -match '^(Compare|Connect|Disconnect|Export|Get|Test)-'
            Examples  = @([regex]::Matches($section, '(?ms)^### (?<title>[^\n]+)\n.*?^```powershell\n(?<code>.*?)^```') | ForEach-Object {
                    @{ Title = $_.Groups['title'].Value; Code = $_.Groups['code'].Value }
                })
            NeedsEngine = $file.BaseName -match 'Docker|Container|^Move-'
        }
    }
}

# A session that is connected to a cluster with the objects that all pages know, in an empty folder. The engine is the suite's own.
function Start-ExampleSession($Engine) {
    $cluster = Start-TestCluster
    $folder = (New-Item -ItemType Directory -Path "$($cluster.Data)-session").FullName
    $runspace = [runspacefactory]::CreateRunspace()
    $runspace.Open()
    $session = [pscustomobject]@{ Cluster = $cluster; Folder = $folder; Runspace = $runspace; Environment = Get-HvVariable; Plugin = "hv-pages-$([Guid]::NewGuid().ToString('n').Substring(0, 8))" }
    if ($Engine) { $env:DOCKER_HOST = $Engine.Address }
    $null = Invoke-InSession $session {
        param($Module, $Address, $File, $Folder, $Plugin)
        $ErrorActionPreference = 'Stop'
        $ProgressPreference = 'SilentlyContinue'
        $WarningPreference = 'SilentlyContinue'
        Set-Location $Folder
        Import-Module $Module
        $global:Cluster = $Address
        $global:CredentialFile = $File
        $null = Connect-HvCluster $Address -CredentialFile $File
        $null = New-HvPolicy gold -ReplicationFactor 3 -Residence Flash
        $null = New-HvPolicy silver -ReplicationFactor 2
        $null = New-HvVolume pgdata 64MB -Policy gold
        $null = New-HvVolume web, scratch 32MB
        $null = New-HvVolume share 64MB -Type File
        $null = New-HvSnapshot pgdata nightly
        if (Get-Command New-HvTarget -ErrorAction Ignore) {
            $null = New-HvTarget proxy1 -Protocol Block
            $null = New-HvTarget nfs1 -Protocol Nfs
        }

        # A vault with the one secret that the pages tell of.
        $global:VaultedPassword = ConvertTo-SecureString (Get-Content -Raw $File | ConvertFrom-Json).password -AsPlainText -Force
        function global:Get-Secret([string] $Name, [string] $Vault) { if ($Name -eq 'hedvig') { $global:VaultedPassword } else { throw "There is no secret '$Name'." } }

        # Questions are answered with yes, and no plugin host but the examples' own is touched.
        $global:ConfirmPreference = 'None'
        $global:ErrorActionPreference = 'Continue'
        $global:PSDefaultParameterValues = @{
            '*-HvDockerPlugin:Name'                 = $Plugin
            'Install-HvDockerPlugin:Mode'           = 'Process'
            'Install-HvDockerPlugin:Socket'         = Join-Path $Folder 'plugin.sock'
            'Install-HvDockerPlugin:StateDirectory' = Join-Path $Folder 'plugin'
            'Install-HvDockerPlugin:MountRoot'      = Join-Path $Folder 'mounts'
        }
    } (Get-TestModulePath) $cluster.Address $cluster.CredentialFile $folder $session.Plugin
    $session
}

# Runs the code of an example, and returns what a person would see of it. Errors end it.
function Invoke-Example([Parameter(Mandatory)] $Session, [Parameter(Mandatory)] [string] $Code) {
    Invoke-InSession $Session $Code
}

function Stop-ExampleSession([Parameter(Mandatory)] $Session) {
    try {
        if ($Session.Plugin) {
            $null = Invoke-InSession $Session { param($Plugin) if ($null -ne (Get-HvDockerPlugin $Plugin).Mode) { Uninstall-HvDockerPlugin $Plugin -Force } } $Session.Plugin
        }
    }
    finally {
        $Session.Runspace.Dispose()
        Get-HvVariable | Where-Object Name -NotIn $Session.Environment.Name | Remove-Item
        $Session.Environment | ForEach-Object { Set-Item "env:$($_.Name)" $_.Value }
        Stop-TestCluster $Session.Cluster
        Remove-Item -Recurse -Force -LiteralPath $Session.Folder
    }
}

function Get-HvVariable {
    Get-ChildItem env: | Where-Object Name -Match '^(HV_|DOCKER_)'
}

function Invoke-InSession($Session, $Code) {
    $shell = [powershell]::Create()
    $shell.Runspace = $Session.Runspace
    try {
        $null = $shell.AddScript("$Code")
        $args | ForEach-Object { $null = $shell.AddArgument($_) }
        $null = $shell.AddCommand('Out-String').AddParameter('Width', 120)
        $running = $shell.BeginInvoke()
        if (-not $running.AsyncWaitHandle.WaitOne($script:Limit)) {
            $null = $shell.BeginStop($null, $null)
            throw "It did not end within $($script:Limit): $Code"
        }
        $shell.EndInvoke($running)
        if ($shell.Streams.Error.Count -gt 0) {
            throw "$Code`nwrote the error: $($shell.Streams.Error -join "`n")"
        }
    }
    finally {
        $shell.Dispose()
    }
}

Export-ModuleMember -Function Get-ExamplePage, Start-ExampleSession, Invoke-Example, Stop-ExampleSession
