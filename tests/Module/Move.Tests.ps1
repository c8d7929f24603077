# Both engines have the one plugin host of this machine; two hosts are the conformance tests' part.
Describe 'Move-HvVolume' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
        Import-Module (Join-Path $PSScriptRoot 'TestEngine.psm1')
        Import-Module (Get-TestModulePath)
        $cluster = Start-TestCluster
        $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
        $null = New-HvVolume pgdata 32MB
        if ($gap = Get-TestEngineGap) { return }
        $first = Start-TestEngine
        $second = Start-TestEngine
        Add-TestImage $first
        Add-TestImage $second
        $driver = "hv-pester-$([Guid]::NewGuid().ToString('n').Substring(0, 8))"
        $null = Install-HvDockerPlugin $driver -Mode Process -HostName pester -StateDirectory "$TestDrive/state" -MountRoot "$TestDrive/mounts" -DockerHost $first.Address
        $null = Invoke-TestEngine $first "run -d --name db --network none --stop-timeout 1 --label io.hedvigstorage.managed=true --mount type=volume,source=pgdata,target=/data,volume-driver=$driver busybox:test sleep 3600".Split(' ')
        $from = @{ DockerHost = $first.Address; Driver = $driver; Destination = $second.Address }
    }

    AfterAll {
        if (-not $gap) {
            foreach ($engine in $first, $second) { $null = docker -H $engine.Address rm -f db 2>&1 }
            Uninstall-HvDockerPlugin $driver -Force -DockerHost $first.Address
            Stop-TestEngine $first
            Stop-TestEngine $second
        }
        Disconnect-HvCluster
        Stop-TestCluster $cluster
    }

    It 'says that an engine does not answer, and changes nothing' {
        $problem = { Move-HvVolume pgdata -DockerHost "unix://$TestDrive/a.sock" -Destination "unix://$TestDrive/b.sock" -Force -ErrorAction Stop } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -Be 'DockerEngineUnreachable,HedvigStorage.Commands.MoveHvVolumeCommand'
    }

    Context 'between two engines' {
        BeforeEach {
            if ($gap) { Set-ItResult -Skipped -Because $gap }
        }

        It 'tells each step in a preview and changes nothing' {
            Move-HvVolume pgdata @from -WhatIf
            $said = & {
                Start-Transcript "$TestDrive/preview.txt" | Out-Null
                Move-HvVolume pgdata @from -Force -WhatIf
                Stop-Transcript | Out-Null
                Get-Content "$TestDrive/preview.txt" | Where-Object { $_ -like 'What if*' }
            }
            $said.Count | Should -Be 4
            $said[0] | Should -BeLike '*"Stop the container at unix://*" on target "db".'
            $said[1] | Should -BeLike '*"Wait until the attachment ends" on target "pgdata".'
            $said[2] | Should -BeLike '*"Create and start the container at unix://*" on target "db".'
            $said[3] | Should -BeLike '*"Remove the container at unix://*" on target "db".'
            (Get-HvContainer db -DockerHost $first.Address).State | Should -Be 'running'
        }

        It 'asks, and moves nothing without an answer' {
            { Move-HvVolume pgdata @from -ErrorAction Stop } | Should -Throw
            (Get-HvContainer db -DockerHost $first.Address).State | Should -Be 'running'
        }

        It 'refuses before anything is stopped' {
            $null = Invoke-TestEngine $second 'create', '--name', 'db', '--network', 'none', 'busybox:test', 'true'
            $problem = { Move-HvVolume pgdata @from -Force -ErrorAction Stop } | Should -Throw -PassThru
            $problem.FullyQualifiedErrorId | Should -Be 'VolumeConflict,HedvigStorage.Commands.MoveHvVolumeCommand'
            "$problem" | Should -BeLike "There is a container 'db' at *"
            (Get-HvContainer db -DockerHost $first.Address).State | Should -Be 'running'
            $null = Invoke-TestEngine $second 'rm', 'db'
        }

        It 'moves one good of three from the pipeline, and the container with it' {
            $result = Invoke-Partly { 'nowhere', 'pgdata', 'a/b' | Move-HvVolume @from -Force -PassThru }
            $result.Errors.FullyQualifiedErrorId | Should -Be 'VolumeNotFound,HedvigStorage.Commands.MoveHvVolumeCommand', 'VolumeInvalid,HedvigStorage.Commands.MoveHvVolumeCommand'
            $result.Output | Should -BeOfType HedvigStorage.Docker.DockerContainer
            $result.Output.State | Should -Be 'running'
            $result.Output.DockerHost | Should -Be $second.Address
            Get-HvContainer d* -DockerHost $first.Address | Should -BeNullOrEmpty
            (Get-HvVolume pgdata | Get-HvContainer -DockerHost $second.Address -Driver $driver).Name | Should -Be 'db'
        }

        It 'has nothing to do the second time' {
            Get-HvVolume pgdata | Move-HvVolume @from -Force -PassThru -ErrorAction Stop | Should -BeNullOrEmpty
            (Get-HvContainer db -DockerHost $second.Address).State | Should -Be 'running'
        }
    }
}
