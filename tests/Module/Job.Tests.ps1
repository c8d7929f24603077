# -AsJob: the cmdlets that take long, run beside the session.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    Import-Module (Join-Path $PSScriptRoot 'RequestGate.psm1')
    Import-Module (Get-TestModulePath)
    $pwsh = (Get-Process -Id $PID).Path
    $cluster = Start-TestCluster
}

AfterAll {
    Disconnect-HvCluster -All
    Stop-TestCluster $cluster
}

Describe 'A job of a cmdlet' {
    BeforeEach {
        $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
        $null = New-HvVolume source 32MB
    }

    AfterEach {
        $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
        Get-Job | Remove-Job -Force
        Get-HvSnapshot source | Remove-HvSnapshot -Force
        Get-HvVolume | Remove-HvVolume -Force
        Disconnect-HvCluster -All
    }

    It 'is one of the session, uses its default connection, and returns the same live objects' {
        $job = Copy-HvVolume source copy -AsJob
        $job | Should -BeOfType ([System.Management.Automation.Job])
        (Get-Job $job.Id).Command | Should -Be 'Copy-HvVolume'
        $copy = $job | Receive-Job -Wait
        $copy | Should -BeOfType ([HedvigStorage.Volume])
        $copy.Name | Should -Be 'copy'
        (Get-HvVolume copy).Id | Should -Be $copy.Id
        $job.State | Should -Be 'Completed'
        $job.PSEndTime | Should -BeGreaterOrEqual $job.PSBeginTime
        $job.HasMoreData | Should -BeFalse
        # The connection is the session's still.
        (Get-HvVolume source).Name | Should -Be 'source'
    }

    It 'uses the cluster that -Cluster means in the session' {
        $other = Start-TestCluster
        try {
            $null = Connect-HvCluster $other.Address -CredentialFile $other.CredentialFile
            $null = New-HvVolume elsewhere 16MB
            (Copy-HvVolume source copy -Cluster $cluster.Address -AsJob | Receive-Job -Wait).Name | Should -Be 'copy'
            (Copy-HvVolume elsewhere copy -AsJob | Receive-Job -Wait).SourceVolume | Should -Be 'elsewhere'
            Disconnect-HvCluster
        }
        finally {
            Stop-TestCluster $other
        }
    }

    It 'is one for all objects of the pipeline, each with its own parameters' {
        $null = 'a', 'b' | New-HvVolume -Size 16MB
        $job = Get-HvVolume a, b | Copy-HvVolume -Destination { "$($_.Name)-copy" } -Description made -AsJob
        @($job).Count | Should -Be 1
        $made = $job | Receive-Job -Wait
        $made.Name | Should -Be 'a-copy', 'b-copy'
        $made.Description | Should -Be 'made', 'made'
    }

    It 'has errors about one object among its errors, and goes on with the next' {
        $null = 'a', 'b' | New-HvVolume -Size 16MB
        $job = 'a', 'nothing', 'b' | Copy-HvVolume -Destination { "$_-copy" } -AsJob | Wait-Job
        $job.State | Should -Be 'Failed'
        $made = $job | Receive-Job -ErrorAction SilentlyContinue -ErrorVariable problems
        $made.Name | Should -Be 'a-copy', 'b-copy'
        $problems.FullyQualifiedErrorId | Should -Be 'VolumeNotFound,HedvigStorage.Commands.CopyHvVolumeCommand'
    }

    It 'fails with the one error that ends the cmdlet' {
        $job = Copy-HvVolume nothing copy -AsJob -ErrorAction Stop | Wait-Job
        $job.State | Should -Be 'Failed'
        @($job.Error).Count | Should -Be 1
        $job.Error[0].FullyQualifiedErrorId | Should -BeLike 'VolumeNotFound*'
        $job.StatusMessage | Should -Match "'nothing'"
        { $job | Receive-Job -ErrorAction Stop } | Should -Throw "*'nothing'*"
    }

    It 'is not begun without a connection' {
        Disconnect-HvCluster -All
        { Copy-HvVolume source copy -AsJob -ErrorAction Stop } | Should -Throw -ErrorId 'ClusterInvalid,*'
        Get-Job | Should -BeNullOrEmpty
    }

    It 'tells its progress and warnings as they come, and what it keeps can be received again' {
        $path = Join-Path $TestDrive 'site.json'
        '{ "policies": [ { "name": "gold", "replicationFactor": 3 } ], "volumes": [ { "name": "made", "size": "16MB", "policy": "gold" } ] }' | Set-Content $path
        Push-Location $TestDrive
        try { $job = Invoke-HvConfiguration site.json -AsJob | Wait-Job } finally { Pop-Location }
        $job.Progress[-1].RecordType | Should -Be 'Completed'
        ($job | Receive-Job -Keep -WarningAction SilentlyContinue).State | Should -Be 'Succeeded', 'Succeeded'
        ($job | Receive-Job -WarningAction SilentlyContinue -WarningVariable warnings).Step.Id | Should -Be 'policy/gold', 'volume/made'
        "$warnings" | Should -Match 'replication'
        Remove-HvVolume made -Force
        Remove-HvPolicy gold -Force
    }

    It 'applies the document of the session''s own folder, on a drive that only the session has' {
        $folders = 'here', 'elsewhere' | ForEach-Object { New-Item -ItemType Directory (Join-Path $TestDrive $_) }
        foreach ($folder in $folders) { Set-Content (Join-Path $folder 'site.json') "{ `"volumes`": [ { `"name`": `"$($folder.Name)`", `"size`": `"16MB`" } ] }" }
        $current = [Environment]::CurrentDirectory
        $null = New-PSDrive hvjob FileSystem $folders[0] -Scope Global
        Push-Location hvjob:
        try {
            [Environment]::CurrentDirectory = $folders[1]
            $jobs = (Invoke-HvConfiguration site.json -AsJob), (Invoke-HvConfiguration hvjob:/site.json -AsJob) | Wait-Job
        }
        finally {
            Pop-Location
            [Environment]::CurrentDirectory = $current
            Remove-PSDrive hvjob
        }
        $jobs.Error | Should -BeNullOrEmpty
        (Get-HvVolume *here).Name | Should -Be 'here'
    }

    It 'is begun with -WhatIf:$false though the session would only look' {
        $global:WhatIfPreference = $true
        try { $job = Copy-HvVolume source copy -AsJob -WhatIf:$false } finally { $global:WhatIfPreference = $false }
        $job | Should -BeOfType ([System.Management.Automation.Job])
        ($job | Receive-Job -Wait).Name | Should -Be 'copy'
    }

    It 'shows what it would do with -WhatIf, in the session and without a job' {
        Copy-HvVolume source copy -AsJob -WhatIf | Should -BeNullOrEmpty
        Get-Job | Should -BeNullOrEmpty
        Get-HvVolume copy* | Should -BeNullOrEmpty
    }

    It 'asks in the session, not in the job' {
        $null = New-HvSnapshot source before
        $script = "Import-Module '$(Get-TestModulePath)'; `$null = Connect-HvCluster $($cluster.Address) -CredentialFile '$($cluster.CredentialFile)'; Restore-HvSnapshot source before -AsJob; 'jobs: ' + @(Get-Job).Count"
        "$(& $pwsh -NoProfile -NonInteractive -Command $script 2>&1)" | Should -Match 'NonInteractive mode.*jobs: 0'
        (Restore-HvSnapshot source before -AsJob -Confirm:$false -PassThru | Receive-Job -Wait).Name | Should -Be 'source'
        (Restore-HvSnapshot source before -AsJob -Force -PassThru | Receive-Job -Wait).Name | Should -Be 'source'
    }
}

Describe 'A job that takes long' {
    BeforeAll {
        $gate = New-RequestGate $cluster.Address CloneVdisk
        $null = Connect-HvCluster $gate.Address -CredentialFile $cluster.CredentialFile
        $null = New-HvVolume source 32MB
    }

    AfterAll {
        $gate.Reset(0)
        Get-Job | Remove-Job -Force
        Get-HvVolume | Remove-HvVolume -Force
        $gate.Dispose()
    }

    It 'leaves the session free, beside others' {
        $gate.Reset(2)
        $jobs = (Copy-HvVolume source one -AsJob), (Copy-HvVolume source two -AsJob)
        ($jobs | Wait-Job | Receive-Job).Name | Sort-Object | Should -Be 'one', 'two'
        $gate.Most | Should -Be 2
    }

    It 'is ended by Stop-Job within a second, though the cluster has not answered' {
        $gate.Reset(2)
        $job = Copy-HvVolume source three -AsJob
        while ($gate.Most -lt 1) { Start-Sleep -Milliseconds 20 }
        $job.State | Should -Be 'Running'
        $watch = [Diagnostics.Stopwatch]::StartNew()
        Stop-Job $job
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 1
        $job.State | Should -Be 'Stopped'
    }
}
