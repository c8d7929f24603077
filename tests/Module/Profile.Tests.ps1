BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    Import-Module (Get-TestModulePath)
    $formerHome = $env:XDG_CONFIG_HOME
    $formerData = $env:APPDATA
    $env:XDG_CONFIG_HOME = $env:APPDATA = Join-Path $TestDrive 'config'
    $file = if ($env:OS -eq 'Windows_NT') { Join-Path $env:APPDATA 'HedvigStorage/profiles.json' } else { Join-Path $env:XDG_CONFIG_HOME 'hedvigstorage/profiles.json' }
    $one = Start-TestCluster
    $two = Start-TestCluster
    $login = Get-Content -Raw $one.CredentialFile | ConvertFrom-Json
    $secret = $login.password
    $password = ConvertTo-SecureString $secret -AsPlainText -Force
    $credential = [pscredential]::new($login.userName, $password)
    $saved = @{ Uri = $one.Address; CredentialFile = $one.CredentialFile }
}

AfterAll {
    Disconnect-HvCluster -All
    $env:XDG_CONFIG_HOME = $formerHome
    $env:APPDATA = $formerData
    Stop-TestCluster $one
    Stop-TestCluster $two
}

Describe 'Connections of a session' {
    BeforeEach {
        Disconnect-HvCluster -All
        Remove-Item -Recurse -Force -ErrorAction Ignore (Split-Path $file)
    }

    It 'are all listed, the latest being the default, and are meant by address, node and name' {
        $null = Connect-HvCluster $one.Address -CredentialFile $one.CredentialFile -SaveProfile first
        $null = Connect-HvCluster $two.Address -CredentialFile $two.CredentialFile
        $null = New-HvVolume only-on-one 16MB -Cluster first
        $all = Get-HvCluster -All
        $all | ForEach-Object Address | Should -Be ([uri]$one.Address, [uri]$two.Address)
        $all.IsDefault | Should -Be $false, $true
        (Get-HvCluster).Address | Should -Be ([uri]$two.Address)
        (Get-HvCluster first).Address | Should -Be ([uri]$one.Address)
        (Get-HvCluster *irs*).Address | Should -Be ([uri]$one.Address)
        Get-HvCluster nothing* | Should -BeNullOrEmpty
        foreach ($name in 'first', 'FIRST', $one.Address, "$($one.Address)/", ([uri]$one.Address), ([uri]$one.Address).Authority) {
            (Get-HvVolume -Cluster $name).Name | Should -Be 'only-on-one'
        }
        Get-HvVolume | Should -BeNullOrEmpty
        Remove-HvVolume only-on-one -Force -Cluster first
    }

    It 'of one name but different clusters are told apart by address only' {
        $null = Connect-HvCluster $one.Address -CredentialFile $one.CredentialFile
        $null = Connect-HvCluster $two.Address -CredentialFile $two.CredentialFile
        $problem = { Get-HvVolume -Cluster hedvig } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -Be 'ClusterConflict,HedvigStorage.Commands.GetHvVolumeCommand'
        "$problem" | Should -Match ([regex]::Escape($one.Address))
        { Get-HvVolume -Cluster $two.Address } | Should -Not -Throw
    }

    It 'are not taken for a profile of the same name that leads elsewhere' {
        $null = Connect-HvCluster $two.Address -CredentialFile $two.CredentialFile -SaveProfile hedvig
        Disconnect-HvCluster -All
        $null = Connect-HvCluster $one.Address -CredentialFile $one.CredentialFile
        { Get-HvVolume -Cluster hedvig } | Should -Throw '*leads elsewhere*'
    }

    It 'are of their own in each runspace' {
        $null = Connect-HvCluster @saved
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript("Import-Module '$(Get-TestModulePath)'; @(Get-HvCluster -All).Count")
            $shell.Invoke() | Should -Be 0
        }
        finally {
            $shell.Dispose()
        }
        @(Get-HvCluster -All).Count | Should -Be 1
    }

    It 'to the same cluster by the same user are one' {
        $null = 1..3 | ForEach-Object { Connect-HvCluster @saved }
        @(Get-HvCluster -All | Where-Object { -not $_.IsDefault }).Count | Should -BeLessOrEqual 1
        { Get-HvVolume -Cluster hedvig } | Should -Not -Throw
    }

    It 'end by name and all together; one that is not open is an error' {
        $null = Connect-HvCluster @saved -SaveProfile first
        $null = Connect-HvCluster $two.Address -CredentialFile $two.CredentialFile
        Disconnect-HvCluster first
        @(Get-HvCluster -All).Count | Should -Be 1
        $problem = { Disconnect-HvCluster first -ErrorAction Stop } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -Be 'ClusterNotFound,HedvigStorage.Commands.DisconnectHvClusterCommand'
        Disconnect-HvCluster -All
        Get-HvCluster -All | Should -BeNullOrEmpty
    }

    It 'that do not answer are one error each, and the others are listed' {
        $gone = Start-TestCluster
        $null = Connect-HvCluster $gone.Address -CredentialFile $gone.CredentialFile
        $null = Connect-HvCluster @saved
        Stop-TestCluster $gone
        $result = Invoke-Partly { Get-HvCluster -All }
        $result.Output | ForEach-Object Address | Should -Be ([uri]$one.Address)
        $result.Errors.FullyQualifiedErrorId | Should -Be 'ClusterUnreachable,HedvigStorage.Commands.GetHvClusterCommand'
    }

    It 'are asked for by a name that neither they nor the profiles have' {
        $problem = { Get-HvVolume -Cluster elsewhere -ErrorAction Stop } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -Be 'ClusterNotFound,HedvigStorage.Commands.GetHvVolumeCommand'
    }
}

Describe 'A connection profile' {
    BeforeEach {
        Disconnect-HvCluster -All
        Remove-Item -Recurse -Force -ErrorAction Ignore (Split-Path $file)
    }

    It 'holds where and who, but no secret, and is its owner''s alone' {
        $null = Connect-HvCluster $one.Address -Credential $credential -RequestTimeout 00:01:30 -SaveProfile prod
        $profile = Get-HvClusterProfile prod
        $profile.Nodes | Should -Be ([uri]$one.Address)
        $profile.UserName | Should -Be $login.userName
        $profile.RequestTimeout | Should -Be ([timespan]'00:01:30')
        Get-Content -Raw $file | Should -Not -Match ([regex]::Escape($secret))
        if (-not ($env:OS -eq 'Windows_NT')) {
            (Get-Item $file).UnixMode | Should -Be '-rw-------'
            (Get-Item (Split-Path $file)).UnixMode | Should -Be 'drwx------'
        }
        Get-ChildItem (Split-Path $file) -Filter *.tmp | Should -BeNullOrEmpty
    }

    It 'connects by its name, and what is given goes before it' {
        $null = Connect-HvCluster @saved -SaveProfile prod -SkipCertificateCheck -WarningAction SilentlyContinue
        Disconnect-HvCluster -All
        $connection = Connect-HvCluster -Profile PROD -WarningAction SilentlyContinue
        $connection.Profile | Should -Be 'prod'
        $connection.SkipCertificateCheck | Should -BeTrue
        $connection.CredentialFile | Should -Be $one.CredentialFile
        $other = Connect-HvCluster -Profile prod -Credential $credential -SkipCertificateCheck:$false
        $other.SkipCertificateCheck | Should -BeFalse
        $other.CredentialFile | Should -BeNullOrEmpty
    }

    It 'is opened by -Cluster once, and does not become the default' {
        $null = Connect-HvCluster @saved -SaveProfile prod
        Disconnect-HvCluster -All
        $null = Connect-HvCluster $two.Address -CredentialFile $two.CredentialFile
        $null = Get-HvVolume -Cluster prod
        $null = Get-HvVolume -Cluster prod
        @(Get-HvCluster -All).Count | Should -Be 2
        (Get-HvCluster).Address | Should -Be ([uri]$two.Address)
        Test-HvCluster prod | Should -BeTrue
    }

    It 'that would have to ask is not an error but for -Cluster and without a person, and says what to do' {
        $null = Connect-HvCluster $one.Address -Credential $credential -SaveProfile prod
        Disconnect-HvCluster -All
        { Get-HvVolume -Cluster prod } | Should -Throw '*Connect-HvCluster -Profile prod -Credential*'
        $output = & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command "Import-Module '$(Get-TestModulePath)'; try { Connect-HvCluster -Profile prod } catch { `$_.FullyQualifiedErrorId }" 2>&1
        "$output" | Should -Match 'ClusterUnauthorized'
        (Connect-HvCluster -Profile prod -Credential $credential).UserName | Should -Be $login.userName
    }

    It 'is replaced by another of its name in any letter case' {
        $null = Connect-HvCluster @saved -SaveProfile prod
        $null = Connect-HvCluster $two.Address -CredentialFile $two.CredentialFile -SaveProfile Prod
        @(Get-HvClusterProfile).Count | Should -Be 1
        (Get-HvClusterProfile prod).Nodes | Should -Be ([uri]$two.Address)
    }

    It 'is not saved where the connection fails, nor under a name that is none' {
        { Connect-HvCluster 'http://127.0.0.1:1' -Credential $credential -SaveProfile prod } | Should -Throw
        { Connect-HvCluster @saved -SaveProfile 'a/b' } | Should -Throw "*'a/b'*"
        $file | Should -Not -Exist
    }

    It 'leaves a broken file as it is, and names it: <_>' -ForEach '{ "profiles": [', '{ "profiles": [ { "name": "x", "nodes": [ "nonsense" ] } ] }', '{ "profiles": [ { "name": "x", "nodes": [ "http://a" ], "password": "4711" } ] }' {
        $null = New-Item -ItemType Directory -Force (Split-Path $file)
        Set-Content $file $_
        foreach ($use in { Get-HvClusterProfile -ErrorAction Stop }, { Connect-HvCluster -Profile x }, { Connect-HvCluster @saved -SaveProfile y }, { Remove-HvClusterProfile x -Force -ErrorAction Stop }) {
            $problem = $use | Should -Throw -PassThru
            "$problem" | Should -Match ([regex]::Escape($file))
            "$problem" | Should -Not -Match '4711'
        }
        Get-Content $file | Should -Be $_
        Get-HvCluster -All | Should -BeNullOrEmpty
        { Connect-HvCluster @saved } | Should -Not -Throw
    }

    It 'is listed by name or pattern, and removed' {
        $null = Connect-HvCluster @saved -SaveProfile one
        $null = Connect-HvCluster @saved -SaveProfile two
        (Get-HvClusterProfile).Name | Should -Be 'one', 'two'
        (Get-HvClusterProfile t*).Name | Should -Be 'two'
        Get-HvClusterProfile none* | Should -BeNullOrEmpty
        $problem = { Get-HvClusterProfile none -ErrorAction Stop } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -Be 'ProfileNotFound,HedvigStorage.Commands.GetHvClusterProfileCommand'
        Remove-HvClusterProfile one -WhatIf
        @(Get-HvClusterProfile).Count | Should -Be 2
        Get-HvClusterProfile one | Remove-HvClusterProfile -Confirm:$false
        { Remove-HvClusterProfile one -Force -ErrorAction Stop } | Should -Not -Throw
        (Get-HvClusterProfile).Name | Should -Be 'two'
        Get-HvClusterProfile | Out-String -Width 200 | Should -Match 'two +http'
    }

    It 'survives sessions that save at once' {
        $module = Get-TestModulePath
        1..4 | ForEach-Object -Parallel {
            Import-Module $using:module
            $null = Connect-HvCluster $using:one.Address -CredentialFile $using:one.CredentialFile -SaveProfile "p$_"
        }
        (Get-HvClusterProfile).Name | Should -Be 'p1', 'p2', 'p3', 'p4'
    }
}

Describe 'A secret of SecretManagement' {
    BeforeEach {
        Disconnect-HvCluster -All
        Remove-Item -Recurse -Force -ErrorAction Ignore (Split-Path $file)
    }

    BeforeAll {
        # What SecretManagement's own cmdlet does, as far as it matters here.
        New-Module FakeSecretManagement {
            $script:Store = @{}
            function Get-Secret {
                [CmdletBinding()]
                param([Parameter(Mandatory)] [string] $Name, [string] $Vault)
                if ($Vault -eq 'broken') { throw 'The vault is locked.' }
                if (-not $script:Store.ContainsKey("$Vault/$Name")) {
                    $problem = [System.Management.Automation.ItemNotFoundException]::new("The secret $Name was not found.")
                    $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new($problem, 'GetSecretNotFound', 'ObjectNotFound', $Name))
                    return
                }
                $script:Store["$Vault/$Name"]
            }
            function Set-FakeSecret($Name, $Value, $Vault) { $script:Store["$Vault/$Name"] = $Value }
            Export-ModuleMember -Function *
        } | Import-Module
        Set-FakeSecret whole $credential
        Set-FakeSecret whole $credential site
        Set-FakeSecret alone $password
        Set-FakeSecret text 'in the clear'
    }

    AfterAll {
        Remove-Module FakeSecretManagement
    }

    It 'logs in as a PSCredential, of a vault or of any' {
        (Connect-HvCluster $one.Address -SecretName whole).UserName | Should -Be $login.userName
        (Connect-HvCluster $one.Address -SecretName whole -VaultName site -UserName $login.userName).UserName | Should -Be $login.userName
        { Connect-HvCluster $one.Address -SecretName whole -UserName somebody } | Should -Throw "*not of 'somebody'*"
    }

    It 'logs in as a password with -UserName' {
        (Connect-HvCluster $one.Address -SecretName alone -UserName $login.userName).UserName | Should -Be $login.userName
        { Connect-HvCluster $one.Address -SecretName alone } | Should -Throw '*-UserName*'
    }

    It 'is one error where it is missing, cannot be read, or is of another kind' {
        $problem = { Connect-HvCluster $one.Address -SecretName nothing } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -Be 'ClusterUnauthorized,HedvigStorage.Commands.ConnectHvClusterCommand'
        "$problem" | Should -Match "The secret 'nothing'.*was not found"
        { Connect-HvCluster $one.Address -SecretName whole -VaultName broken } | Should -Throw "*in the vault 'broken'*is locked*"
        { Connect-HvCluster $one.Address -SecretName text } | Should -Throw '*neither a PSCredential nor a SecureString*'
    }

    It 'is what a profile leads to, which keeps its name alone' {
        $null = Connect-HvCluster $one.Address -SecretName alone -UserName $login.userName -SaveProfile prod
        $null = Connect-HvCluster $one.Address -SecretName whole -VaultName site -SaveProfile vault
        Disconnect-HvCluster -All
        Get-Content -Raw $file | Should -Not -Match ([regex]::Escape($secret))
        (Get-HvClusterProfile vault).VaultName | Should -Be 'site'
        (Connect-HvCluster -Profile prod).UserName | Should -Be $login.userName
        { Get-HvVolume -Cluster vault } | Should -Not -Throw
    }

    # No package brings it: a row of those who have it.
    if (Get-Module -ListAvailable Microsoft.PowerShell.SecretStore) {
        It 'comes from a vault of the real SecretManagement, whose reason is told in one line' {
            # In a session of its own: the vaults are registered in the home of the user.
            $script = Join-Path $TestDrive 'vault.ps1'
            Set-Content $script @'
param($Module, $Address, $CredentialFile)
$ErrorActionPreference = 'Stop'
Import-Module $Module, Microsoft.PowerShell.SecretManagement
$login = Get-Content -Raw $CredentialFile | ConvertFrom-Json
$password = ConvertTo-SecureString $login.password -AsPlainText -Force
$lock = ConvertTo-SecureString lock -AsPlainText -Force
Set-SecretStoreConfiguration -Authentication None -Interaction None -Confirm:$false -Password $lock
Register-SecretVault -Name store -ModuleName Microsoft.PowerShell.SecretStore
Set-Secret whole ([pscredential]::new($login.userName, $password)) -Vault store
Set-Secret alone $password -Vault store
(Connect-HvCluster $Address -SecretName whole).UserName
(Connect-HvCluster $Address -SecretName alone -VaultName store -UserName $login.userName).UserName
try { Connect-HvCluster $Address -SecretName nothing } catch { "$_" }
Set-SecretStoreConfiguration -Authentication Password -Interaction None -Confirm:$false -Password $lock
Import-Module Microsoft.PowerShell.SecretStore
try { Connect-HvCluster $Address -SecretName whole } catch { "$_" }
'@
            $ownHome = $env:HOME
            try {
                $env:HOME = $TestDrive
                $lines = @(& (Get-Process -Id $PID).Path -NoProfile -NonInteractive -File $script (Get-TestModulePath) $one.Address $one.CredentialFile)
            }
            finally {
                $env:HOME = $ownHome
            }
            $lines[0..1] | Should -Be $login.userName, $login.userName
            $lines[2] | Should -Be "The secret 'nothing' cannot be read: The secret nothing was not found."
            $lines[3] | Should -Match "^The secret 'whole' cannot be read: .*password is required.*Unlock-SecretStore"
        }
    }

    It 'is shown nowhere' {
        $everything = & { Connect-HvCluster $one.Address -SecretName alone -UserName $login.userName -SaveProfile prod -Verbose -Debug } *>&1
        ($everything | Format-List * | Out-String) + [System.Management.Automation.PSSerializer]::Serialize($everything, 5) | Should -Not -Match ([regex]::Escape($secret))
    }

    It 'needs SecretManagement, and says so' {
        $output = & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command @"
            Import-Module '$(Get-TestModulePath)'
            `$env:PSModulePath = ''
            try { Connect-HvCluster $($one.Address) -SecretName whole } catch { "`$(`$_.FullyQualifiedErrorId) `$_" }
"@
        "$output" | Should -Match 'ClusterUnsupported.*Microsoft.PowerShell.SecretManagement'
    }
}
