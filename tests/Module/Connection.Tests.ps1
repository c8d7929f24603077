BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    Import-Module (Get-TestModulePath)
    $cluster = Start-TestCluster
    $secret = (Get-Content -Raw $cluster.CredentialFile | ConvertFrom-Json).password
    $userName = (Get-Content -Raw $cluster.CredentialFile | ConvertFrom-Json).userName
    $credential = [pscredential]::new($userName, (ConvertTo-SecureString $secret -AsPlainText -Force))
    $environment = 'HV_CLUSTER', 'HV_CREDENTIAL_FILE', 'HV_USER', 'HV_PASSWORD'
}

AfterAll {
    Disconnect-HvCluster
    Stop-TestCluster $cluster
}

Describe 'Connect-HvCluster' {
    BeforeEach {
        Disconnect-HvCluster
        $environment | ForEach-Object { Remove-Item -ErrorAction Ignore "Env:$_" }
    }

    AfterAll {
        $environment | ForEach-Object { Remove-Item -ErrorAction Ignore "Env:$_" }
    }

    It 'connects with a credential file and makes the default connection' {
        $connection = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
        $connection | Should -BeOfType HedvigStorage.ConnectedCluster
        $connection.UserName | Should -Be $userName
        $connection.Engine | Should -Be 'Embedded'
        (Get-HvCluster).Address | Should -Be $connection.Address
    }

    It 'leaves the default connection as it is with -NotDefault' {
        $default = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
        $other = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile -NotDefault
        (Get-HvVolume -Cluster $other) | Should -BeNullOrEmpty
        Disconnect-HvCluster -Cluster $other
        (Get-HvCluster).Address | Should -Be $default.Address
    }

    It 'connects with a PSCredential' {
        (Connect-HvCluster $cluster.Address -Credential $credential).UserName | Should -Be $userName
    }

    It 'connects by the environment with a file' {
        $env:HV_CLUSTER = $cluster.Address
        $env:HV_CREDENTIAL_FILE = $cluster.CredentialFile
        (Connect-HvCluster).UserName | Should -Be $userName
    }

    It 'connects by the environment with user and password' {
        $env:HV_CLUSTER = $cluster.Address
        $env:HV_USER = $userName
        $env:HV_PASSWORD = $secret
        (Connect-HvCluster).UserName | Should -Be $userName
    }

    It 'goes to the next node if the first does not answer' {
        (Connect-HvCluster 'http://127.0.0.1:1', $cluster.Address -Credential $credential).Healthy | Should -BeTrue
    }

    It 'refuses a wrong password with one error that does not show it' {
        $wrong = [pscredential]::new($userName, (ConvertTo-SecureString 'not-the-password-4711' -AsPlainText -Force))
        $problem = { Connect-HvCluster $cluster.Address -Credential $wrong } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -Be 'ClusterUnauthorized,HedvigStorage.Commands.ConnectHvClusterCommand'
        $problem.CategoryInfo.Category | Should -Be 'AuthenticationError'
        "$problem $($problem.ScriptStackTrace) $($problem.Exception)" | Should -Not -Match '4711'
    }

    It 'says that nobody answers at an address' {
        $problem = { Connect-HvCluster 'http://127.0.0.1:1' -Credential $credential } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -Be 'ClusterUnreachable,HedvigStorage.Commands.ConnectHvClusterCommand'
        $problem.CategoryInfo.Category | Should -Be 'ConnectionError'
    }

    It 'says what is missing without an address, without a credential, and without the file' {
        { Connect-HvCluster } | Should -Throw '*HV_CLUSTER*'
        { Connect-HvCluster $cluster.Address } | Should -Throw '*HV_CREDENTIAL_FILE*'
        { Connect-HvCluster $cluster.Address -CredentialFile (Join-Path $TestDrive 'none.json') } | Should -Throw '*none.json*'
    }

    It 'warns when certificates are not checked, and only then' {
        (Connect-HvCluster $cluster.Address -Credential $credential -SkipCertificateCheck -WarningVariable said -WarningAction SilentlyContinue).SkipCertificateCheck | Should -BeTrue
        "$said" | Should -Match 'certificate is not checked'
        $null = Connect-HvCluster $cluster.Address -Credential $credential -WarningVariable silent
        $silent | Should -BeNullOrEmpty
    }

    It 'shows the secret nowhere' {
        $everything = & {
            $connection = Connect-HvCluster $cluster.Address -Credential $credential -Verbose -Debug
            $connection
            Get-HvVolume -Verbose -Debug
        } *>&1
        $text = ($everything | Format-List * | Out-String) + ($everything | ConvertTo-Json -Depth 5 -WarningAction Ignore) + [System.Management.Automation.PSSerializer]::Serialize($everything, 5)
        $text | Should -Not -Match ([regex]::Escape($secret))
        $text | Should -Match $userName
    }
}

Describe 'Disconnect-HvCluster' {
    It 'ends the default connection; a cmdlet then says what to do' {
        $connection = Connect-HvCluster $cluster.Address -Credential $credential
        Disconnect-HvCluster
        $problem = { Get-HvVolume -ErrorAction Stop } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -Be 'ClusterInvalid,HedvigStorage.Commands.GetHvVolumeCommand'
        "$problem" | Should -Match 'Connect-HvCluster'
    }

    It 'ends one of two connections and leaves the other' {
        $first = Connect-HvCluster $cluster.Address -Credential $credential
        $second = Connect-HvCluster $cluster.Address -Credential $credential
        $first | Disconnect-HvCluster
        { Get-HvVolume -Cluster $first -ErrorAction Stop } | Should -Throw
        { Get-HvVolume -Cluster $second -ErrorAction Stop } | Should -Not -Throw
        { Get-HvVolume -ErrorAction Stop } | Should -Not -Throw
    }

    It 'ends the session on the cluster' {
        $metrics = "$($cluster.Address)".TrimEnd('/') + '/metrics'
        $count = { [int][regex]::Match((Invoke-RestMethod $metrics), '(?m)^hedvig_sessions (\d+)').Groups[1].Value }
        $null = Connect-HvCluster $cluster.Address -Credential $credential
        $open = & $count
        Disconnect-HvCluster
        & $count | Should -Be ($open - 1)
    }

    It 'does nothing without a connection' {
        Disconnect-HvCluster
        { Disconnect-HvCluster -ErrorAction Stop } | Should -Not -Throw
    }
}

Describe 'Get-HvCluster' {
    BeforeAll {
        $null = Connect-HvCluster $cluster.Address -Credential $credential
    }

    It 'tells capacity and capabilities as they are now' {
        $before = Get-HvCluster
        $null = New-HvVolume counted 16MB
        $after = Get-HvCluster
        $after.Information.VolumeCount | Should -Be ($before.Information.VolumeCount + 1)
        $after.Information.Total | Should -BeGreaterThan ([HedvigStorage.ByteSize]0)
        $after.Capabilities.Extension | Should -BeTrue
        $after.Capabilities.VolumeTypes | Should -Contain 'Block'
    }

    It 'is shown as a table with sizes for people' {
        Get-HvCluster | Format-Table | Out-String -Width 200 | Should -Match 'Embedded +[\d.]+ [KMGT]?B +[\d.]+ [KMGT]?B'
    }
}

Describe 'A cluster that goes away' {
    It 'ends a pipeline with one error instead of one for each object' {
        $other = Start-TestCluster
        $connection = Connect-HvCluster $other.Address -CredentialFile $other.CredentialFile
        Stop-TestCluster $other
        $problems = $null
        try { 'a', 'b', 'c' | Get-HvVolume -Cluster $connection -ErrorVariable problems -ErrorAction SilentlyContinue } catch { $caught = $_ }
        $caught.FullyQualifiedErrorId | Should -Be 'ClusterUnreachable,HedvigStorage.Commands.GetHvVolumeCommand'
    }
}

Describe 'Ctrl-C' {
    It 'ends a cmdlet that waits for a cluster which never answers' {
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddCommand('Import-Module').AddArgument((Get-TestModulePath)).AddStatement()
            $null = $shell.AddCommand('Connect-HvCluster').AddArgument("http://127.0.0.1:$($listener.LocalEndpoint.Port)").AddParameter('Credential', $credential)
            $null = $shell.BeginInvoke()
            # Once the request has come, the cmdlet waits for an answer.
            $request = $listener.AcceptTcpClientAsync()
            $request.Wait(30000) | Should -BeTrue
            $stop = $shell.BeginStop($null, $null)
            $stop.AsyncWaitHandle.WaitOne(30000) | Should -BeTrue
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        }
        finally {
            # The socket first: a shell that does not stop would be waited for.
            if ($request.IsCompletedSuccessfully) { $request.Result.Dispose() }
            $listener.Stop()
            $shell.Dispose()
        }
    }
}
