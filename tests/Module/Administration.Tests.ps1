BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    Import-Module (Get-TestModulePath)
    $cluster = Start-TestCluster
    $login = Get-Content -Raw $cluster.CredentialFile | ConvertFrom-Json
    $admin = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile

    function New-Credential([string] $UserName, [string] $Password) {
        [pscredential]::new($UserName, (ConvertTo-SecureString $Password -AsPlainText -Force))
    }
}

AfterAll {
    Disconnect-HvCluster -All
    Stop-TestCluster $cluster
}

Describe 'Get-HvClusterNode' {
    It 'tells of each node where it is and how' {
        $node = Get-HvClusterNode
        $node | Should -BeOfType HedvigStorage.ClusterNode
        $node.Name | Should -Be ([uri]$cluster.Address).Authority
        $node.Address | Should -Be ([uri]$cluster.Address)
        $node.Current, $node.Answers, $node.Healthy | Should -Be $true, $true, $true
        $node.Version | Should -Be $admin.Capabilities.Version
        $node.StartedAt | Should -BeLessThan ([DateTimeOffset]::Now.AddSeconds(1))
        $node | Out-String -Width 200 | Should -Match "$($node.Name) +True +True +True"
    }

    It 'takes names and patterns' {
        $name = ([uri]$cluster.Address).Authority
        (Get-HvClusterNode 127*).Name | Should -Be $name
        (Get-HvClusterNode $name).Name | Should -Be $name
        Get-HvClusterNode none* | Should -BeNullOrEmpty
        $problem = { Get-HvClusterNode 'none:1' -ErrorAction Stop } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -Be 'NodeNotFound,HedvigStorage.Commands.GetHvClusterNodeCommand'
    }

    It 'asks the nodes that are not spoken to as well; one that does not answer is told as such' -Skip:(-not $IsLinux) {
        $made = New-HvCluster (Join-Path $TestDrive 'nodes') -Listen 'http://127.0.0.1:0' -Advertise 'localhost:1'
        try {
            $node = Get-HvClusterNode -Cluster $made
            $node.Name | Should -Be 'localhost:1'
            $node.Current, $node.Answers, $node.Healthy | Should -Be $false, $false, $false
            "$($node.Problems)" | Should -Match 'localhost:1'
        }
        finally {
            Remove-HvCluster $made.DataDirectory -Force
        }
    }
}

Describe 'Users of a cluster' {
    AfterEach {
        Get-HvUser | Where-Object Owner -EQ $false | Remove-HvUser -Force
    }

    It 'are made with a role and a profile, and log in' {
        $made = New-HvUser (New-Credential ana 'anas-password') Admin -DisplayName 'Ana A.' -Email ana@example.org -Mobile '+49 1'
        $made | Should -BeOfType HedvigStorage.ClusterUser
        "$($made.UserName) $($made.Role) $($made.DisplayName) $($made.Email) $($made.Mobile) $($made.Owner)" | Should -Be 'ana Admin Ana A. ana@example.org +49 1 False'
        Test-HvCluster -Uri $cluster.Address -Credential (New-Credential ana 'anas-password') | Should -BeTrue
        (New-HvUser (New-Credential bob 'bobs-password')).Role | Should -Be 'ReadOnly'
        Get-HvUser | Out-String -Width 200 | Should -Match 'ana +Admin +False +ana@example\.org +Ana A\.'
    }

    It 'are found again the second time; another role or password is a conflict' {
        $null = New-HvUser (New-Credential ana 'anas-password') Admin
        (New-HvUser (New-Credential ana 'anas-password') Admin).UserName | Should -Be 'ana'
        foreach ($other in { New-HvUser (New-Credential ana 'anas-password') -ErrorAction Stop }, { New-HvUser (New-Credential ana 'other-password') Admin -ErrorAction Stop }) {
            $problem = $other | Should -Throw -PassThru
            $problem.FullyQualifiedErrorId | Should -Be 'UserConflict,HedvigStorage.Commands.NewHvUserCommand'
        }
    }

    It 'are listed by names and patterns; one bad of three gives two results and one error' {
        $null = New-Credential ana 'anas-password' | New-HvUser
        $null = New-Credential bob 'bobs-password' | New-HvUser
        (Get-HvUser).UserName | Should -Be $login.userName, 'ana', 'bob'
        (Get-HvUser b*, a*).UserName | Should -Be 'bob', 'ana'
        Get-HvUser none* | Should -BeNullOrEmpty
        $result = Invoke-Partly { 'ana', 'none', 'bob' | Get-HvUser }
        $result.Output.UserName | Should -Be 'ana', 'bob'
        $result.Errors.FullyQualifiedErrorId | Should -Be 'UserNotFound,HedvigStorage.Commands.GetHvUserCommand'
    }

    It 'are changed through the pipeline; what is not given stays' {
        $null = New-HvUser (New-Credential ana 'anas-password') -Email ana@example.org
        Get-HvUser ana | Set-HvUser -Role Admin -DisplayName 'Ana' | Should -BeNullOrEmpty
        $changed = Set-HvUser ana -Mobile '+49 2' -PassThru
        "$($changed.Role) $($changed.DisplayName) $($changed.Email) $($changed.Mobile)" | Should -Be 'Admin Ana ana@example.org +49 2'
        (Set-HvUser ana -Email '' -PassThru).Email | Should -Be ''
        { Set-HvUser ana -ErrorAction Stop } | Should -Throw '*nothing to change*'
        $problem = { Set-HvUser none -Role Admin -ErrorAction Stop } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -Be 'UserNotFound,HedvigStorage.Commands.SetHvUserCommand'
    }

    It 'get another password from a SuperUser, who need not know theirs' {
        $null = New-HvUser (New-Credential ana 'anas-password')
        Set-HvUser -Credential (New-Credential ana 'anas-new-password')
        Test-HvCluster -Uri $cluster.Address -Credential (New-Credential ana 'anas-new-password') | Should -BeTrue
        Test-HvCluster -Uri $cluster.Address -Credential (New-Credential ana 'anas-password') | Should -BeFalse
    }

    It 'change their own password if they prove the one until now, and go on with the same connection' {
        $null = New-HvUser (New-Credential ana 'anas-password')
        $own = Connect-HvCluster $cluster.Address -Credential (New-Credential ana 'anas-password')
        try {
            $new = New-Credential ana 'anas-new-password'
            { Set-HvUser -Credential $new -ErrorAction Stop } | Should -Throw '*-CurrentCredential*'
            { Set-HvUser -Credential $new -CurrentCredential (New-Credential bob 'anas-password') -ErrorAction Stop } | Should -Throw '*both of one user*'
            $problem = { Set-HvUser -Credential $new -CurrentCredential (New-Credential ana 'wrong-one-0815') -ErrorAction Stop } | Should -Throw -PassThru
            "$problem" | Should -Not -Match '0815'
            Set-HvUser -Credential $new -CurrentCredential (New-Credential ana 'anas-password') -DisplayName Ana
            { Get-HvVolume -ErrorAction Stop } | Should -Not -Throw
            Test-HvCluster | Should -BeTrue
        }
        finally {
            $own | Disconnect-HvCluster
            $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
        }
    }

    It 'are told where a credential file still has the password until now' {
        $null = New-HvUser (New-Credential ana 'anas-password')
        $file = Join-Path $TestDrive 'ana.json'
        Set-Content $file '{ "userName": "ana", "password": "anas-password" }'
        $own = Connect-HvCluster $cluster.Address -CredentialFile $file
        try {
            Set-HvUser -Credential (New-Credential ana 'anas-new-password') -CurrentCredential (New-Credential ana 'anas-password') -WarningVariable said -WarningAction SilentlyContinue
            "$said" | Should -Match ([regex]::Escape($file))
        }
        finally {
            $own | Disconnect-HvCluster
            $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
        }
    }

    It 'are removed; one that is gone is not an error, the cluster''s own admin is refused' {
        $null = New-HvUser (New-Credential ana 'anas-password')
        $null = New-HvUser (New-Credential bob 'bobs-password')
        Get-HvUser ana, bob | Remove-HvUser -Confirm:$false
        (Get-HvUser).UserName | Should -Be $login.userName
        { Remove-HvUser ana -Force -ErrorAction Stop } | Should -Not -Throw
        $problem = { Remove-HvUser $login.userName -Force -ErrorAction Stop } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -Be 'UserRefused,HedvigStorage.Commands.RemoveHvUserCommand'
    }

    It 'are left alone by previews' {
        $null = New-HvUser (New-Credential ana 'anas-password')
        $before = (Get-HvUser | ConvertTo-Json)
        New-HvUser (New-Credential bob 'bobs-password') -WhatIf | Should -BeNullOrEmpty
        Set-HvUser ana -Role SuperUser -WhatIf
        Set-HvUser -Credential (New-Credential ana 'anas-new-password') -WhatIf
        Remove-HvUser ana -WhatIf
        Remove-HvUser ana -Force -WhatIf
        Get-HvUser | ConvertTo-Json | Should -Be $before
        Test-HvCluster -Uri $cluster.Address -Credential (New-Credential ana 'anas-password') | Should -BeTrue
    }

    It 'are the SuperUser''s business alone' {
        $null = New-HvUser (New-Credential ana 'anas-password') Admin
        $own = Connect-HvCluster $cluster.Address -Credential (New-Credential ana 'anas-password')
        try {
            $problem = { Get-HvUser } | Should -Throw -PassThru
            $problem.FullyQualifiedErrorId | Should -Be 'ClusterUnauthorized,HedvigStorage.Commands.GetHvUserCommand'
        }
        finally {
            $own | Disconnect-HvCluster
            $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
        }
    }

    It 'keep their passwords out of output, errors, verbose, debug and transcript' {
        $transcript = Join-Path $TestDrive 'transcript.txt'
        $script = @"
            Import-Module '$(Get-TestModulePath)'
            `$null = Start-Transcript -LiteralPath '$transcript'
            `$VerbosePreference = `$DebugPreference = 'Continue'
            function New-Credential(`$UserName, `$File) { [pscredential]::new(`$UserName, (ConvertTo-SecureString (Get-Content `$File) -AsPlainText -Force)) }
            `$first = New-Credential ana '$(Join-Path $TestDrive 'first')'
            `$second = New-Credential ana '$(Join-Path $TestDrive 'second')'
            Connect-HvCluster $($cluster.Address) -CredentialFile '$($cluster.CredentialFile)'
            New-HvUser `$first
            New-HvUser `$second
            Set-HvUser -Credential `$second -PassThru
            Set-HvUser -Credential `$first -CurrentCredential `$first
            Connect-HvCluster $($cluster.Address) -Credential `$first
            Get-HvAuditEvent -RequestType ChangePassword | Format-List *
            `$Error | ForEach-Object { `$_.Exception.ToString(); `$_ | Format-List * -Force }
            `$null = Stop-Transcript
"@
        Set-Content (Join-Path $TestDrive 'first') 'first-secret-4711'
        Set-Content (Join-Path $TestDrive 'second') 'second-secret-4711'
        $output = & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command $script *>&1
        foreach ($text in ($output | Out-String), (Get-Content -Raw $transcript)) {
            $text | Should -Not -Match '4711'
            $text | Should -Not -Match ([regex]::Escape($login.password))
            $text | Should -Match 'ana'
            $text | Should -Match 'already exists'
        }
    }
}

Describe 'Get-HvAuditEvent' {
    BeforeAll {
        $null = 1..5 | ForEach-Object { New-HvVolume "audited-$_" 16MB }
        $metrics = "$($cluster.Address)".TrimEnd('/') + '/metrics'
        $asked = { ([regex]::Matches((Invoke-RestMethod $metrics), '(?m)^hedvig_requests_total\{[^}]*ListAuditEvents[^}]*\} (\d+)') | ForEach-Object { [int]$_.Groups[1].Value } | Measure-Object -Sum).Sum }
    }

    It 'lists changes, the latest first' {
        $events = Get-HvAuditEvent
        $events[0] | Should -BeOfType HedvigStorage.AuditEvent
        $events[0].Type | Should -Be 'AddVirtualDisk'
        $events[0].Parameters | Should -Match 'audited-5'
        $events[0].Outcome | Should -Be 'ok'
        $events.Id | Should -Be ($events.Id | Sort-Object -Descending)
        $events | Select-Object -First 1 | Out-String -Width 200 | Should -Match "$($login.userName) +AddVirtualDisk +ok +.*audited-5"
    }

    It 'takes the user, the type and the earliest instant' {
        (Get-HvAuditEvent -RequestType AddVirtualDisk).Count | Should -Be 5
        (Get-HvAuditEvent $login.userName -RequestType AddVirtualDisk).Count | Should -Be 5
        Get-HvAuditEvent nobody-of-that-name | Should -BeNullOrEmpty
        $middle = (Get-HvAuditEvent -RequestType AddVirtualDisk)[2].At
        (Get-HvAuditEvent -RequestType AddVirtualDisk -Since $middle).Count | Should -Be 3
        Get-HvAuditEvent -Since (Get-Date).AddHours(1) | Should -BeNullOrEmpty
    }

    It 'writes the first events before it asks for the next page, and asks for no page that nobody wants' {
        1..210 | ForEach-Object { Remove-HvPolicy "none-$_" -Force }
        $before = & $asked
        (Get-HvAuditEvent | Select-Object -First 3).Count | Should -Be 3
        & $asked | Should -Be ($before + 1)
        $all = Get-HvAuditEvent
        $all.Count | Should -BeGreaterThan 210
        @($all.Id | Select-Object -Unique).Count | Should -Be $all.Count
        & $asked | Should -BeGreaterOrEqual ($before + 3)
    }
}
