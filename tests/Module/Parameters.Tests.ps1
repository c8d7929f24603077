# Parameters by the names and in the forms that people expect of them.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    Import-Module (Get-TestModulePath)
    $cluster = Start-TestCluster
    $connection = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
    $null = New-HvPolicy gold, silver
    $null = New-HvVolume a, b, c 16MB -Policy gold
    $null = New-HvVolume d 16MB -Policy silver
    'one', 'two' | ForEach-Object { $null = New-HvSnapshot a $_ }
}

AfterAll {
    Disconnect-HvCluster -All
    Stop-TestCluster $cluster
}

Describe '-SnapshotSchedule' {
    It 'takes what a document has, what is shown, and what a policy has: <Name>' -ForEach @(
        @{ Name = 'table'; Value = { @{ hourly = 24; daily = 7 } }; Shown = 'hourly=24,daily=7' }
        @{ Name = 'text'; Value = { 'hourly=24, daily=7' }; Shown = 'hourly=24,daily=7' }
        @{ Name = 'object'; Value = { [HedvigStorage.SnapshotSchedule]@{ Weekly = 4 } }; Shown = 'weekly=4' }
        @{ Name = 'json'; Value = { '{ "hourly": 1, "daily": 2, "weekly": 3 }' | ConvertFrom-Json }; Shown = 'hourly=1,daily=2,weekly=3' }
        @{ Name = 'none'; Value = { 'none' }; Shown = 'none' }
    ) {
        "$((New-HvPolicy "schedule-$Name" -SnapshotSchedule (& $Value)).SnapshotSchedule)" | Should -Be $Shown
        "$((Set-HvPolicy silver -SnapshotSchedule (& $Value) -PassThru).SnapshotSchedule)" | Should -Be $Shown
    }

    It 'comes down the pipeline from a policy' {
        $null = New-HvPolicy origin -SnapshotSchedule @{ daily = 3 }
        "$((Get-HvPolicy origin | Select-Object @{ n = 'Name'; e = { 'taken' } }, SnapshotSchedule | New-HvPolicy).SnapshotSchedule)" | Should -Be 'daily=3'
    }

    It 'says what would be right: <Value>' -ForEach @(
        @{ Value = @{ monthly = 1 }; Message = "*'monthly' is not a snapshot schedule. Give @{ hourly = 24*" }
        @{ Value = 'often'; Message = "*'often' is not a snapshot schedule.*" }
        @{ Value = @{ hourly = 'all' }; Message = "*'hourly=all' is not a snapshot schedule.*" }
        @{ Value = @{ hourly = 169 }; Message = '*169 hourly snapshots are out of range: it is 0 to 168.' }
    ) {
        { New-HvPolicy wrong -SnapshotSchedule $Value } | Should -Throw $Message
        Get-HvPolicy wro* | Should -BeNullOrEmpty
    }
}

Describe '-Label' {
    It 'labels what is made: <Name>' -ForEach @(
        @{ Name = 'volume'; Make = { New-HvVolume labelled 16MB -Label @{ team = 'orders'; tier = 1 } } }
        @{ Name = 'clone'; Make = { Copy-HvVolume a copied -Label @{ team = 'orders'; tier = 1 } } }
        @{ Name = 'policy'; Make = { New-HvPolicy labelled -Label @{ team = 'orders'; tier = 1 } } }
        @{ Name = 'snapshot'; Make = { New-HvSnapshot b labelled -Label @{ team = 'orders'; tier = 1 } } }
    ) {
        $labels = (& $Make).Labels
        $labels['team'], $labels['tier'] | Should -Be 'orders', '1'
    }

    It 'sets and takes away: <Kind>' -ForEach @(
        @{ Kind = 'volume'; Set = { param($Labels) Set-HvVolume c -Label $Labels -PassThru } }
        @{ Kind = 'policy'; Set = { param($Labels) Set-HvPolicy gold -Label $Labels -PassThru } }
    ) {
        (& $Set @{ team = 'orders'; tier = 'one' }).Labels.Count | Should -Be 2
        $labels = (& $Set @{ team = $null }).Labels
        $labels.Count | Should -Be 1
        $labels['tier'] | Should -Be 'one'
    }

    It 'refuses what is not valid, and the labels of documents' {
        { New-HvVolume wrong 16MB -Label @{ 'two words' = 1 } } | Should -Throw "*'two words'*"
        { Set-HvVolume c -Label @{ 'io.hedvigstorage.document' = 'mine' } -ErrorAction Stop } | Should -Throw "*io.hedvigstorage.document' is this product's own*"
        Get-HvVolume wro* | Should -BeNullOrEmpty
    }
}

Describe 'Listings' {
    It 'are cut by -First and -Skip' {
        (Get-HvVolume a, b, c, d -First 2).Name | Should -Be 'a', 'b'
        (Get-HvVolume [a-d] -Skip 1 -First 2).Name | Should -Be 'b', 'c'
        (Get-HvVolume [a-d] -Skip 3).Name | Should -Be 'd'
        (Get-HvSnapshot a -First 1).Name | Should -HaveCount 1
        @(Get-HvAuditEvent -First 3) | Should -HaveCount 3
        (Get-HvAuditEvent -Skip 1 -First 1).Id | Should -Be (Get-HvAuditEvent -First 2)[1].Id
        @(Get-HvVolume a, b, missing -First 2).Count | Should -Be 2
        @(Get-HvVolume a, b -First 1 -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }) | Should -HaveCount 1
        @(Get-HvVolume -IncludeTotalCount -First 1)[0].ToString() | Should -BeLike 'Unknown*'
    }

    It 'are filtered by policy' {
        (Get-HvVolume -Policy silver).Name | Should -Be 'd'
        (Get-HvVolume [a-d] -Policy g*).Name | Should -Be 'a', 'b', 'c'
        Get-HvVolume a -Policy silver | Should -BeNullOrEmpty
        (Get-HvVolume [a-d] -Policy (Get-HvPolicy gold) -First 1).Name | Should -Be 'a'
    }

    It 'of audit events end at -Until' {
        $middle = (Get-HvAuditEvent -First 1 -Skip 2).At
        @(Get-HvAuditEvent -Until $middle | Where-Object At -GT $middle) | Should -BeNullOrEmpty
        @(Get-HvAuditEvent -Until $middle).Count | Should -BeGreaterThan 0
        Get-HvAuditEvent -Since $middle -Until $middle.AddSeconds(-1) | Should -BeNullOrEmpty
    }
}

Describe '-Protected' {
    It 'is a switch: alone, with $true and with $false' {
        (Set-HvVolume a -Protected -PassThru).Protected | Should -BeTrue
        (Set-HvVolume a -Description x -PassThru).Protected | Should -BeTrue
        (Set-HvVolume a -Protected:$false -PassThru).Protected | Should -BeFalse
        (Set-HvVolume a -Protected:$true -PassThru).Protected | Should -BeTrue
        (Get-HvVolume a | Set-HvVolume -Protected:$false -PassThru).Protected | Should -BeFalse
        (New-HvVolume guarded 16MB -Protected).Protected | Should -BeTrue
        (Set-HvVolume guarded -Protected:$false -PassThru).Protected | Should -BeFalse
    }

    It 'says so where its value stands behind a blank' {
        { Get-HvVolume a | Set-HvVolume -Protected $false } | Should -Throw "*'False' is not a name. The value of a switch stands behind a colon, as in -Protected:`$false."
    }
}

Describe '-Cluster with several clusters' {
    BeforeAll {
        $other = Start-TestCluster
        $second = Connect-HvCluster $other.Address -CredentialFile $other.CredentialFile -NotDefault
        $null = New-HvVolume z 16MB -Cluster $second
    }

    AfterAll {
        Stop-TestCluster $other
    }

    It 'lists and makes in each' {
        (Get-HvVolume a, z -Cluster $connection, $second -ErrorAction SilentlyContinue).Name | Should -Be 'a', 'z'
        $made = New-HvVolume both 16MB -Cluster $connection, $second
        $made | ForEach-Object { $_.ClusterOrigin.Address.Port } | Should -Be $connection.Address.Port, $second.Address.Port
        (Get-HvVolume both -Cluster $cluster.Address, $other.Address | Remove-HvVolume -Force -Cluster $connection, $second) | Should -BeNullOrEmpty
        Get-HvVolume bot* -Cluster $connection, $second | Should -BeNullOrEmpty
    }

    It 'goes on where one does not answer' {
        $third = Start-TestCluster
        $gone = Connect-HvCluster $third.Address -CredentialFile $third.CredentialFile -NotDefault -RequestTimeout 5
        Stop-TestCluster $third
        $result = Invoke-Partly { Get-HvVolume z -Cluster $gone, $second }
        $result.Output.Name | Should -Be 'z'
        $result.Errors.FullyQualifiedErrorId | Should -Be 'ClusterUnreachable,HedvigStorage.Commands.GetHvVolumeCommand'
    }

    It 'is refused where a document is worked on' {
        { Test-HvConfiguration -Configuration @{ volumes = @() } -Cluster $connection, $second -ErrorAction Stop } | Should -Throw '*-Cluster names 2 clusters, and this is done in one at a time. Give one.'
    }
}

Describe '-AsJob' {
    It 'is a failed job where something went wrong, and a completed one where nothing did' {
        $job = 'a', 'missing' | ForEach-Object { [pscustomobject]@{ Volume = $_; Name = 'none' } } | Restore-HvSnapshot -AsJob -Force
        $null = $job | Wait-Job -Timeout 60
        $job.State | Should -Be 'Failed'
        $job.StatusMessage | Should -BeLike '*none*'
        $good = Copy-HvVolume a fromjob -AsJob
        $null = $good | Wait-Job -Timeout 60
        $good.State | Should -Be 'Completed'
        (Receive-Job $good).Name | Should -Be 'fromjob'
        $job, $good | Remove-Job -Force
    }
}

Describe 'A saved plan' {
    BeforeAll {
        $document = Join-Path $TestDrive 'site.json'
        $saved = Join-Path $TestDrive 'site.plan'
        Set-Content $document '{ "name": "site", "volumes": [ { "name": "planned", "size": "16MB" } ] }'
    }

    It 'is carried out as it was saved' {
        (Compare-HvConfiguration $document -Out $saved).Id | Should -Be 'volume/planned'
        if (-not $IsWindows) { (Get-Item $saved).UnixMode | Should -Be '-rw-------' }
        (Get-Content -Raw $saved | ConvertFrom-Json).resource_changes | ForEach-Object { $_.address } | Should -Be 'volume.planned'
        $outcome = Invoke-HvConfiguration $document -Plan $saved
        $outcome.State | Should -Be 'Succeeded'
        (Get-HvVolume planned).Size | Should -Be 16MB
    }

    It 'is refused, and nothing is done, where it is stale' {
        { Invoke-HvConfiguration $document -Plan $saved -ErrorAction Stop } | Should -Throw '*is stale: vanished: volume.planned. Nothing was changed.*'
        Set-Content $document '{ "name": "site", "volumes": [ { "name": "planned", "size": "32MB" }, { "name": "more", "size": "16MB" } ] }'
        { Invoke-HvConfiguration $document -Plan $saved -ErrorAction Stop } | Should -Throw '*is stale: appeared: volume.more; changed: volume.planned. Nothing was changed.*'
        (Get-HvVolume planned).Size | Should -Be 16MB
    }

    It 'is of its own document, and of no other file' {
        $other = Join-Path $TestDrive 'other.json'
        Set-Content $other '{ "name": "site" }'
        { Invoke-HvConfiguration $other -Plan $saved -ErrorAction Stop } | Should -Throw '*is of the document*'
        { Invoke-HvConfiguration $document -Plan $document -ErrorAction Stop } | Should -Throw "*is not a plan that*"
        { Invoke-HvConfiguration $document -Plan "$saved.none" -ErrorAction Stop } | Should -Throw "There is no file *"
        { Invoke-HvConfiguration $document -Plan $saved -Prune -ErrorAction Stop } | Should -Throw '*Leave -Prune out*'
    }

    It 'is the same that hv saves and carries out' {
        $hv = Get-ChildItem (Join-Path (Get-TestModuleRoot) 'HedvigStorage') -Recurse -Filter hv | Where-Object { -not $_.PSIsContainer } | Select-Object -First 1
        $null = & $hv.FullName plan $document --out $saved --cluster $cluster.Address --credential-file $cluster.CredentialFile
        (Invoke-HvConfiguration $document -Plan $saved).State | Should -Be 'Succeeded', 'Succeeded'
        Set-Content $document '{ "name": "site", "volumes": [ { "name": "planned", "size": "64MB" }, { "name": "more", "size": "16MB" } ] }'
        $null = Compare-HvConfiguration $document -Out $saved
        $output = & $hv.FullName apply $document --plan $saved --cluster $cluster.Address --credential-file $cluster.CredentialFile
        $LASTEXITCODE | Should -Be 0 -Because "$output"
        (Get-HvVolume planned).Size | Should -Be 64MB
    }
}
