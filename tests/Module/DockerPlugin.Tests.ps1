BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    $missing = if (-not $IsLinux) { 'the plugin host runs on Linux only' } elseif ((id -u) -ne 0) { 'installing the plugin host needs root' }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    Import-Module (Get-TestModulePath)
    $cluster = Start-TestCluster
    $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
    $name = "hv-pester-$([Guid]::NewGuid().ToString('n').Substring(0, 8))"
    $settings = @{
        Name           = $name
        HostName       = 'pester'
        StateDirectory = Join-Path $TestDrive 'state'
        MountRoot      = Join-Path $TestDrive 'mounts'
        Socket         = Join-Path $TestDrive 'plugin.sock'
    }
}

AfterAll {
    Uninstall-HvDockerPlugin $name -Force
    Disconnect-HvCluster
    Stop-TestCluster $cluster
}

Describe 'Get-HvDockerPlugin' {
    It 'tells that nothing runs under a name' {
        $status = Get-HvDockerPlugin $name
        $status.Name | Should -Be $name
        $status.Running | Should -BeFalse
    }

    It 'takes names from the pipeline; one bad of three gives two results and one error' {
        $result = Invoke-Partly { 'hv-none-1', 'a/b', 'hv-none-2' | Get-HvDockerPlugin }
        $result.Output.Name | Should -Be 'hv-none-1', 'hv-none-2'
        $result.Errors.FullyQualifiedErrorId | Should -Be 'DockerPluginInvalid,HedvigStorage.Commands.GetHvDockerPluginCommand'
    }
}

Describe 'Plugin hosts of a Docker Engine' {
    It 'are asked for at the address that is given, by every cmdlet' {
        foreach ($cmdlet in 'Get', 'Test', 'Update', 'Uninstall') {
            $Error.Clear()
            & "$cmdlet-HvDockerPlugin" hv-none -DockerHost 'nonsense' -ErrorAction SilentlyContinue
            $Error[0].FullyQualifiedErrorId | Should -BeLike 'DockerPluginInvalid,*'
        }
    }

    It 'are managed plugins where the engine is on another machine' {
        $command = Get-Command Install-HvDockerPlugin
        $command.Parameters['Mode'].ParameterType | Should -Be ([Nullable[HedvigStorage.Hosting.DockerPluginMode]])
        $command.Parameters.Keys | Should -Contain 'DataDirectory'
        { Install-HvDockerPlugin $name -DockerHost 'tcp://127.0.0.1:1' -Mode Managed -ErrorAction Stop } | Should -Throw '*127.0.0.1:1*'
    }
}

Describe 'Test-HvDockerPlugin' {
    It 'tells of one that is not installed what to do' {
        $checks = Test-HvDockerPlugin $name
        ($checks | Where-Object Check -EQ 'installed').Passed | Should -BeFalse
        ($checks | Where-Object Check -EQ 'installed').Message | Should -BeLike '*Install it first*'
    }
}

Describe 'Install-HvDockerPlugin' {
    AfterEach {
        Uninstall-HvDockerPlugin $name -Force
    }

    It 'starts nothing in a preview' {
        Install-HvDockerPlugin @settings -WhatIf | Should -BeNullOrEmpty
        (Get-HvDockerPlugin $name).Running | Should -BeFalse
    }

    It 'needs a credential file' {
        $secret = Get-Content -Raw $cluster.CredentialFile | ConvertFrom-Json
        $credential = [pscredential]::new($secret.userName, (ConvertTo-SecureString $secret.password -AsPlainText -Force))
        $connection = Connect-HvCluster $cluster.Address -Credential $credential
        { Install-HvDockerPlugin @settings -Cluster $connection -ErrorAction Stop } | Should -Throw '*-CredentialFile*'
        $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
    }

    It 'is followed by an update, which restarts it, and by a test of each part' -Skip:([bool]$missing) {
        { Update-HvDockerPlugin $name -ErrorAction Stop } | Should -Throw '*is not installed*'
        $installed = Install-HvDockerPlugin @settings -Mode Process
        $installed.Mode | Should -Be 'Process'
        Update-HvDockerPlugin $name -WhatIf | Should -BeNullOrEmpty
        (Get-HvDockerPlugin $name).ProcessId | Should -Be $installed.ProcessId
        $updated = Update-HvDockerPlugin $name
        $updated.Running | Should -BeTrue
        $updated.ProcessId | Should -Not -Be $installed.ProcessId

        $checks = Test-HvDockerPlugin $name -DockerHost "unix://$TestDrive/none.sock"
        @($checks | Where-Object Passed).Check | Should -Be 'installed', 'running', 'tools', 'state', 'socket', 'cluster'
        @($checks | Where-Object Passed -EQ $false).Check | Should -Be 'engine'
    }

    It 'starts a plugin host, finds it the second time, and stops it' -Skip:([bool]$missing) {
        $installed = Install-HvDockerPlugin @settings
        $installed.Running | Should -BeTrue
        $installed.Host | Should -Be 'pester'
        (Install-HvDockerPlugin @settings).ProcessId | Should -Be $installed.ProcessId
        $found = Get-HvDockerPlugin $name
        $found.ProcessId | Should -Be $installed.ProcessId
        $found | Out-String -Width 200 | Should -Match "$name +True"

        Uninstall-HvDockerPlugin $name -WhatIf
        Uninstall-HvDockerPlugin $name -Force -WhatIf
        (Get-HvDockerPlugin $name).Running | Should -BeTrue
        Uninstall-HvDockerPlugin $name -Confirm:$false
        (Get-HvDockerPlugin $name).Running | Should -BeFalse
        { Uninstall-HvDockerPlugin $name -Force -ErrorAction Stop } | Should -Not -Throw
    }
}
