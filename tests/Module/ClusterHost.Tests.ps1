BeforeDiscovery {
    $noHost = if (-not $IsLinux) { 'the cluster host runs on Linux only' }
    $noLoop = if ($noHost -or (id -u) -ne 0 -or -not (Test-Path /dev/loop-control)) { 'setting up loop devices needs root and loop devices' }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    Import-Module (Get-TestModulePath)
    $random = 'http://127.0.0.1:0'

    # Every process of a cluster host that serves a folder.
    function Get-HostProcess([string] $Folder) {
        Get-Process hv-cluster -ErrorAction Ignore | Where-Object { $_.CommandLine -like "*$Folder*" }
    }

    # A host's part, which no cmdlet plays.
    function Add-TestAttachment($Status, $Volume, $HostName) {
        function Send-Request($Request) {
            $answer = Invoke-RestMethod "$($Status.Address)rest/" -Method Post -Body @{ request = ($Request | ConvertTo-Json -Compress) }
            if ($answer.status -ne 'ok') { throw $answer.message }
            $answer.result
        }
        $login = Get-Content -Raw $Status.CredentialFile | ConvertFrom-Json
        $session = (Send-Request @{ type = 'Login'; category = 'UserManagement'; params = @{ userName = $login.userName; password = $login.password; cluster = '' } }).sessionId
        $boot = (Get-Content /proc/sys/kernel/random/boot_id).Trim()
        $null = Send-Request @{ type = 'Attach'; category = 'HedvigStorage'; sessionId = $session; params = @{ virtualDisk = $Volume; host = $HostName; bootId = $boot; machineId = $boot } }
    }

    function Get-Tree([string] $Folder) {
        @(Get-ChildItem -LiteralPath $Folder -Recurse -Force | ForEach-Object FullName | Sort-Object) -join "`n"
    }
}

AfterAll {
    Disconnect-HvCluster -All
    Get-HostProcess $TestDrive | Stop-Process -Force
}

Describe 'An embedded cluster' -Skip:([bool]$noHost) {
    BeforeAll {
        $folder = Join-Path $TestDrive 'site a'
        $made = New-HvCluster $folder -Name site-a -Listen $random -Overcommit 2.5 -Reserve 1MB
    }

    AfterAll {
        Disconnect-HvCluster -All
    }

    It 'is made with a name, runs, and says where' {
        $made | Should -BeOfType HedvigStorage.Hosting.ClusterHostStatus
        $made.Name | Should -Be 'site-a'
        $made.DataDirectory | Should -Be $folder
        $made.Running | Should -BeTrue
        (Get-HostProcess $folder).Id | Should -Be $made.ProcessId
        $made.CredentialFile | Should -Exist
        $made | Out-String -Width 200 | Should -Match "site-a +True +$($made.ProcessId)"
    }

    It 'is connected to through the pipeline' {
        $connection = $made | Connect-HvCluster
        $connection.Name | Should -Be 'site-a'
        $connection.CredentialFile | Should -Be $made.CredentialFile
        $connection.Information.Overcommit | Should -Be 2.5
        $connection.Information.Reserve | Should -Be 1MB
    }

    It 'is meant by -Cluster of any cmdlet' {
        $null = New-HvVolume kept 16MB -Cluster $made
        (Get-HvVolume -Cluster $made).Name | Should -Be 'kept'
    }

    It 'is not made in a folder that holds a cluster or something else; nothing changes there' {
        $other = New-Item -ItemType Directory (Join-Path $TestDrive 'other')
        Set-Content (Join-Path $other 'thesis.txt') 'precious'
        $file = New-Item -ItemType File (Join-Path $TestDrive 'a-file')
        $before = Get-Tree $TestDrive
        $result = Invoke-Partly { New-HvCluster $folder, $other, $file -Listen $random }
        $result.Output | Should -BeNullOrEmpty
        $result.Errors.FullyQualifiedErrorId | Should -Be (@('ClusterConflict,HedvigStorage.Commands.NewHvClusterCommand') * 3)
        "$($result.Errors[0])" | Should -Match 'holds a cluster already'
        "$($result.Errors[1])" | Should -Match 'holds other things'
        Get-Tree $TestDrive | Should -Be $before
    }

    It 'is found running by a second start' {
        (Start-HvCluster $folder).ProcessId | Should -Be $made.ProcessId
    }

    It 'stops, and starts again as it was started before' {
        $stopped = $made | Stop-HvCluster -PassThru
        $stopped.Running | Should -BeFalse
        $stopped.Name | Should -Be 'site-a'
        Get-HostProcess $folder | Should -BeNullOrEmpty
        { $made | Stop-HvCluster -ErrorAction Stop } | Should -Not -Throw
        $again = $stopped | Start-HvCluster
        $again.Address | Should -Be $made.Address
        $connection = $again | Connect-HvCluster
        $connection.Name | Should -Be 'site-a'
        $connection.Information.Overcommit | Should -Be 2.5
        (Get-HvVolume).Name | Should -Be 'kept'
    }

    It 'takes other options at a start, and keeps those' {
        Stop-HvCluster $folder
        $null = Start-HvCluster $folder -Name site-b
        Stop-HvCluster $folder
        (Start-HvCluster $folder | Connect-HvCluster).Name | Should -Be 'site-b'
    }

    It 'is left alone by previews' {
        $running = Start-HvCluster $folder
        Stop-HvCluster $folder -WhatIf
        Remove-HvCluster $folder -WhatIf
        Remove-HvCluster $folder -Force -WhatIf
        (Get-HostProcess $folder).Id | Should -Be $running.ProcessId
        Stop-HvCluster $folder
        Start-HvCluster $folder -WhatIf | Should -BeNullOrEmpty
        $before = Get-Tree $folder
        Remove-HvCluster $folder -WhatIf
        Get-HostProcess $folder | Should -BeNullOrEmpty
        Get-Tree $folder | Should -Be $before
        New-HvCluster (Join-Path $TestDrive 'preview') -WhatIf | Should -BeNullOrEmpty
        Join-Path $TestDrive 'preview' | Should -Not -Exist
    }

    It 'says that a folder without a cluster has none' {
        $empty = New-Item -ItemType Directory (Join-Path $TestDrive 'empty')
        foreach ($cmdlet in 'Start', 'Stop', 'Remove') {
            $problem = { & "$cmdlet-HvCluster" $empty -ErrorAction Stop } | Should -Throw -PassThru
            $problem.FullyQualifiedErrorId | Should -Be "ClusterNotFound,HedvigStorage.Commands.${cmdlet}HvClusterCommand"
        }
        $empty | Should -Exist
    }
}

Describe 'New-HvCluster' -Skip:([bool]$noHost) {
    It 'makes the administrator that it is given, whose password no file but the credential file and no output shows' {
        $secret = 'given-password-4711'
        $folder = Join-Path $TestDrive 'given'
        $credential = [pscredential]::new('olga', (ConvertTo-SecureString $secret -AsPlainText -Force))
        $everything = & { New-HvCluster $folder -Listen $random -Credential $credential -Verbose -Debug } *>&1
        try {
            ($everything | Format-List * | Out-String) + [System.Management.Automation.PSSerializer]::Serialize($everything, 5) | Should -Not -Match $secret
            Get-ChildItem $folder -Recurse -File | Where-Object Name -NotIn 'credential.json', 'lock' | Select-String -SimpleMatch $secret | Should -BeNullOrEmpty
            (Get-HostProcess $folder).CommandLine | Should -Not -Match $secret
            $status = $everything | Where-Object { $_ -is [HedvigStorage.Hosting.ClusterHostStatus] }
            Test-HvCluster -Uri $status.Address -Credential $credential | Should -BeTrue
            Stop-HvCluster $folder
            Test-HvCluster (Start-HvCluster $folder) | Should -BeTrue
        }
        finally {
            Remove-HvCluster $folder -Force
        }
        $folder | Should -Not -Exist
    }

    It 'leaves nothing where the first start fails, and can be tried again' {
        $folder = Join-Path $TestDrive 'failing'
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $listener.Start()
        try {
            $problem = { New-HvCluster $folder -Listen "http://127.0.0.1:$($listener.LocalEndpoint.Port)" -ErrorAction Stop } | Should -Throw -PassThru
        }
        finally {
            $listener.Stop()
        }
        "$problem" | Should -Match 'hv-cluster ended'
        $folder | Should -Not -Exist
        (New-HvCluster $folder -Listen $random).Running | Should -BeTrue
        Remove-HvCluster $folder -Force
    }

    It 'leaves nothing where the administrator cannot have the password' {
        $folder = Join-Path $TestDrive 'short'
        $credential = [pscredential]::new('olga', (ConvertTo-SecureString 'short' -AsPlainText -Force))
        { New-HvCluster $folder -Listen $random -Credential $credential -ErrorAction Stop } | Should -Throw '*8 to 256 characters*'
        Get-HostProcess $folder | Should -BeNullOrEmpty
        $folder | Should -Not -Exist
    }

    It 'makes one cluster where two make it at once, and the one that fails takes nothing from the other' {
        $folder = Join-Path $TestDrive 'twice'
        $module = Get-TestModulePath
        $ended = 1..2 | ForEach-Object -Parallel {
            Import-Module $using:module
            New-HvCluster $using:folder -Listen $using:random -ErrorAction SilentlyContinue
        }
        @($ended).Count | Should -Be 1
        Test-HvCluster $ended | Should -BeTrue
        (Get-HostProcess $folder).Id | Should -Be $ended.ProcessId
        Remove-HvCluster $folder -Force
    }

    It 'refuses a name and an address that are none before anything is made' {
        $folder = Join-Path $TestDrive 'wrong'
        { New-HvCluster $folder -Name 'a b' -ErrorAction Stop } | Should -Throw "*'a b'*"
        { New-HvCluster $folder -Listen 'ftp://127.0.0.1' -ErrorAction Stop } | Should -Throw "*ftp://127.0.0.1*"
        { New-HvCluster $folder -Engine tape -ErrorAction Stop } | Should -Throw '*embedded,ceph*'
        { New-HvCluster $folder -Listen $random -Engine ceph -CephConfiguration "$folder.conf" -ErrorAction Stop } | Should -Throw "*$folder.conf*"
        { New-HvCluster $folder -Listen $random -CephUser admin -ErrorAction Stop } | Should -Throw '*--engine ceph*'
        $folder | Should -Not -Exist
    }
}

Describe 'Remove-HvCluster' -Skip:([bool]$noHost) {
    BeforeEach {
        $folder = Join-Path $TestDrive "remove-$([Guid]::NewGuid().ToString('n').Substring(0, 8))"
        $made = New-HvCluster $folder -Listen $random -Overcommit 0
        $null = New-HvVolume data 16MB -Cluster $made
        $null = New-HvSnapshot data before -Cluster $made
    }

    AfterEach {
        Disconnect-HvCluster -All
        Get-HostProcess $folder | Stop-Process -Force
    }

    It 'removes one that runs, and the connections of the session to it' {
        $null = $made | Connect-HvCluster
        $made | Remove-HvCluster -Confirm:$false
        $folder | Should -Not -Exist
        Get-HostProcess $folder | Should -BeNullOrEmpty
        { Get-HvVolume -ErrorAction Stop } | Should -Throw '*No cluster is connected*'
        { Remove-HvCluster $folder -Force -ErrorAction Stop } | Should -Not -Throw
    }

    It 'removes one that does not run' {
        Stop-HvCluster $folder
        Remove-HvCluster $folder -Force
        $folder | Should -Not -Exist
        Get-HostProcess $folder | Should -BeNullOrEmpty
    }

    It 'refuses while a volume is protected, with -Force too, running or not' {
        Set-HvVolume data -Protect:$true -Cluster $made
        foreach ($state in 'running', 'stopped') {
            $before = Get-Tree (Join-Path $folder 'volumes')
            $problem = { Remove-HvCluster $folder -Force -ErrorAction Stop } | Should -Throw -PassThru
            $problem.FullyQualifiedErrorId | Should -Be 'ClusterRefused,HedvigStorage.Commands.RemoveHvClusterCommand'
            "$problem" | Should -Match 'protected volumes: data'
            Get-Tree (Join-Path $folder 'volumes') | Should -Be $before
            @(Get-HostProcess $folder).Count | Should -Be ([int]($state -eq 'running'))
            Stop-HvCluster $folder
        }
        (Get-HvVolume -Cluster (Start-HvCluster $folder)).SnapshotCount | Should -Be 1
    }

    It 'refuses while a volume is attached, unless -Force is given' {
        Add-TestAttachment $made data web1
        $problem = { Remove-HvCluster $folder -Confirm:$false -ErrorAction Stop } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -Be 'ClusterBusy,HedvigStorage.Commands.RemoveHvClusterCommand'
        "$problem" | Should -Match 'data \(by web1\)'
        (Get-HvVolume -Cluster $made).Name | Should -Be 'data'
        Remove-HvCluster $folder -Force
        $folder | Should -Not -Exist
    }

    It 'refuses while a device of this machine stands over an image, with -Force too' -Skip:([bool]$noLoop) {
        $image = Get-ChildItem (Join-Path $folder 'volumes/*.img') | Where-Object Length -GT 0
        $device = losetup --find --show $image.FullName
        if ($LASTEXITCODE -ne 0) { Set-ItResult -Skipped -Because 'no loop device is to be had'; return }
        try {
            $problem = { Remove-HvCluster $folder -Force -ErrorAction Stop } | Should -Throw -PassThru
            $problem.FullyQualifiedErrorId | Should -Be 'ClusterBusy,HedvigStorage.Commands.RemoveHvClusterCommand'
            "$problem" | Should -Match "data \($(Split-Path -Leaf $device)\)"
            $image.FullName | Should -Exist
        }
        finally {
            losetup --detach $device
        }
        Remove-HvCluster $folder -Force
        $folder | Should -Not -Exist
    }

    It 'refuses a folder that holds anything else: <_>' -ForEach 'thesis.txt', 'volumes/thesis.txt', 'volumes/disk.img', 'snapshots/sub/x.img', 'volumes/link', 'catalog.db.bak' {
        $foreign = Join-Path $folder $_
        $null = New-Item -ItemType Directory -Force (Split-Path $foreign)
        if ($_ -like '*/link') { $null = New-Item -ItemType SymbolicLink $foreign -Target (New-Item -ItemType Directory -Force (Join-Path $TestDrive 'linked')) } else { Set-Content $foreign 'precious' }
        $before = Get-Tree (Join-Path $folder 'volumes')
        $problem = { Remove-HvCluster $folder -Force -ErrorAction Stop } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -Be 'ClusterRefused,HedvigStorage.Commands.RemoveHvClusterCommand'
        "$problem" | Should -Match ([regex]::Escape(($_ -replace '/x.img$')))
        $foreign | Should -Exist
        Get-Tree (Join-Path $folder 'volumes') | Should -Be $before
        (Get-HvVolume -Cluster $made).Name | Should -Be 'data'
    }

    It 'refuses an image that the catalog does not know' {
        $image = Join-Path $folder "volumes/$([Guid]::NewGuid()).img"
        Set-Content $image 'restored from a backup'
        { Remove-HvCluster $folder -Force -ErrorAction Stop } | Should -Throw "*$(Split-Path -Leaf $image)*"
        $image | Should -Exist
        (Get-HvVolume -Cluster $made).SnapshotCount | Should -Be 1
    }

    It 'refuses a link to a data folder, and images without a catalog' {
        $link = New-Item -ItemType SymbolicLink (Join-Path $TestDrive "link-$(Split-Path -Leaf $folder)") -Target $folder
        { Remove-HvCluster $link -Force -ErrorAction Stop } | Should -Throw '*is a link*'
        Stop-HvCluster $folder
        Move-Item (Join-Path $folder 'catalog.db') (Join-Path $TestDrive 'moved.db')
        { Remove-HvCluster $folder -Force -ErrorAction Stop } | Should -Throw '*no catalog*'
        Get-ChildItem (Join-Path $folder 'volumes/*.img') | Should -HaveCount 1
        Get-ChildItem (Join-Path $folder 'snapshots/*.img') | Should -HaveCount 1
    }

    It 'refuses while another program serves the folder' {
        Stop-HvCluster $folder
        $lock = [IO.File]::Open((Join-Path $folder 'lock'), 'Open', 'ReadWrite', 'None')
        try {
            $before = Get-Tree $folder
            { Remove-HvCluster $folder -Force -ErrorAction Stop } | Should -Throw '*served by another hv-cluster*'
            Get-Tree $folder | Should -Be $before
        }
        finally {
            $lock.Dispose()
        }
    }

    It 'refuses where the login fails, and takes the right one' {
        $login = Get-Content -Raw $made.CredentialFile | ConvertFrom-Json
        Set-Content $made.CredentialFile '{"userName":"HedvigAdmin","password":"wrong-one-0815"}'
        $problem = { Remove-HvCluster $folder -Force -ErrorAction Stop } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -Be 'ClusterUnauthorized,HedvigStorage.Commands.RemoveHvClusterCommand'
        "$problem" | Should -Not -Match '0815'
        $folder | Should -Exist
        Remove-HvCluster $folder -Force -Credential ([pscredential]::new($login.userName, (ConvertTo-SecureString $login.password -AsPlainText -Force)))
        $folder | Should -Not -Exist
    }

    It 'asks first' {
        $output = & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command "Import-Module '$(Get-TestModulePath)'; Remove-HvCluster '$folder'" 2>&1
        "$output" | Should -Match 'NonInteractive'
        (Get-HvVolume -Cluster $made).Name | Should -Be 'data'
    }

    It 'removes the other two of three where one is refused' {
        $second = New-HvCluster "$folder-2" -Listen $random
        $third = New-HvCluster "$folder-3" -Listen $random
        Set-HvVolume data -Protect:$true -Cluster $made
        $result = Invoke-Partly { $second, $made, $third | Remove-HvCluster -Force }
        $result.Errors.Count | Should -Be 1
        $second.DataDirectory, $third.DataDirectory | Should -Not -Exist
        $folder | Should -Exist
    }
}

Describe 'Test-HvCluster' -Skip:([bool]$noHost) {
    BeforeAll {
        $folder = Join-Path $TestDrive 'tested'
        $made = New-HvCluster $folder -Listen $random -Overcommit 0
    }

    AfterAll {
        Disconnect-HvCluster -All
        Remove-HvCluster $folder -Force
    }

    It 'is true for one that answers: connected, made here, or named by its address' {
        $connection = $made | Connect-HvCluster
        Test-HvCluster | Should -BeTrue
        $connection | Test-HvCluster | Should -BeTrue
        $made | Test-HvCluster | Should -BeTrue
        Test-HvCluster -Uri $made.Address -CredentialFile $made.CredentialFile | Should -BeTrue
        Test-HvCluster | Should -BeOfType bool
    }

    It 'opens no connection' {
        Disconnect-HvCluster -All
        Test-HvCluster $made | Should -BeTrue
        Get-HvCluster -All | Should -BeNullOrEmpty
    }

    It 'is false where the login fails, and the findings say so' {
        $wrong = [pscredential]::new('HedvigAdmin', (ConvertTo-SecureString 'wrong-one-0815' -AsPlainText -Force))
        Test-HvCluster -Uri $made.Address -Credential $wrong | Should -BeFalse
        $findings = Test-HvCluster -Uri $made.Address -Credential $wrong -Detailed
        $findings.Check | Should -Be 'answers', 'login', 'healthy'
        $findings.Passed | Should -Be $true, $false, $false
        "$findings" | Should -Not -Match '0815'
    }

    It 'is false where nobody answers, though it is connected' {
        $connection = $made | Connect-HvCluster
        Stop-HvCluster $folder
        Test-HvCluster | Should -BeFalse
        (Test-HvCluster $connection -Detailed).Passed | Should -Be $false, $false, $false
        $null = Start-HvCluster $folder
        Test-HvCluster | Should -BeTrue
    }

    It 'is an error where there is nothing to test' {
        Disconnect-HvCluster -All
        { Test-HvCluster -ErrorAction Stop } | Should -Throw '*No cluster is connected*'
        { Test-HvCluster nothing-of-that-name -ErrorAction Stop } | Should -Throw '*nothing-of-that-name*'
    }
}
