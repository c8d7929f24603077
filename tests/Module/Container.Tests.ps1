Describe 'Containers and volumes of a Docker Engine that does not answer' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
        Import-Module (Get-TestModulePath)
    }

    It 'are one clear error of <_>' -ForEach 'Get-HvContainer', 'Get-HvDockerVolume' {
        $problem = { & $_ -DockerHost "unix://$TestDrive/none.sock" -ErrorAction Stop } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -BeLike 'DockerEngineUnreachable,*'
        $problem.CategoryInfo.Category | Should -Be 'ConnectionError'
        "$problem" | Should -BeLike '*none.sock*'
    }

    It 'have an address that is one, says <_>' -ForEach 'Get-HvContainer', 'Get-HvDockerVolume' {
        { & $_ -DockerHost nonsense -ErrorAction Stop } | Should -Throw '*nonsense*' -ErrorId 'DockerEngineInvalid,*'
    }
}

Describe 'Containers and volumes of a Docker Engine' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
        Import-Module (Join-Path $PSScriptRoot 'TestEngine.psm1')
        if ($gap = Get-TestEngineGap) { return }
        Import-Module (Get-TestModulePath)
        $cluster = Start-TestCluster
        $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
        $engine = Start-TestEngine
        Add-TestImage $engine
        $driver = "hv-pester-$([Guid]::NewGuid().ToString('n').Substring(0, 8))"
        $null = Install-HvDockerPlugin $driver -Mode Process -HostName pester -StateDirectory "$TestDrive/state" -MountRoot "$TestDrive/mounts" -DockerHost $engine.Address
        $null = 'pgdata', 'web' | New-HvVolume -Size 32MB
        $on = @{ DockerHost = $engine.Address; Driver = $driver }
        $null = Invoke-TestEngine $engine 'volume', 'create', 'notours'
        $null = Invoke-TestEngine $engine ('run -d --name db --network none --label io.hedvigstorage.document=shop --health-cmd true --health-interval 1s ' +
            "--mount type=volume,source=pgdata,target=/var/lib/data,volume-driver=$driver --mount type=volume,source=notours,target=/other -v /tmp:/host:ro busybox:test sleep 3600").Split(' ')
        $null = Invoke-TestEngine $engine 'create', '--name', 'idle', '--network', 'none', 'busybox:test', 'true'
    }

    AfterAll {
        if ($gap) { return }
        $null = docker -H $engine.Address rm -f db idle 2>&1
        Uninstall-HvDockerPlugin $driver -Force -DockerHost $engine.Address
        Stop-TestEngine $engine
        Disconnect-HvCluster
        Stop-TestCluster $cluster
    }

    BeforeEach {
        if ($gap) { Set-ItResult -Skipped -Because $gap }
    }

    It 'tells of a container its image, its state, its health, where it mounts our volumes, and the document that it belongs to' {
        $deadline = [DateTime]::UtcNow.AddSeconds(30)
        do { $container = Get-HvContainer db @on } until ($container.Health -ne 'starting' -or [DateTime]::UtcNow -gt $deadline)
        $container | Should -BeOfType HedvigStorage.Docker.DockerContainer
        $container.Image, $container.State, $container.Health, $container.Document | Should -Be 'busybox:test', 'running', 'healthy', 'shop'
        $container.Mounts | ForEach-Object { "$($_.Source):$($_.Target)" } | Should -Be 'pgdata:/var/lib/data'
        $container.DockerHost | Should -Be $engine.Address
        $container | Out-String -Width 160 | Should -Match 'db +busybox:test +running +healthy +pgdata:/var/lib/data +shop'
    }

    It 'lists containers by pattern, by name, by id and by volume' {
        (Get-HvContainer @on).Name | Should -Be 'db', 'idle'
        (Get-HvContainer D* @on).Name | Should -Be 'db'
        (Get-HvContainer (Get-HvContainer db @on).Id @on).Name | Should -Be 'db'
        (Get-HvContainer -Volume pg* @on).Name | Should -Be 'db'
        (Get-HvVolume | Get-HvContainer @on).Name | Should -Be 'db'
        Get-HvContainer idle -Volume pgdata @on | Should -BeNullOrEmpty
        Get-HvContainer x* @on -ErrorAction Stop | Should -BeNullOrEmpty
        $result = Invoke-Partly { 'db', 'nowhere', 'idle' | Get-HvContainer @on }
        $result.Output.Name | Should -Be 'db', 'idle'
        $result.Errors.FullyQualifiedErrorId | Should -Be 'ContainerNotFound,HedvigStorage.Commands.GetHvContainerCommand'
        $result.Errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }

    It 'takes the engine from DOCKER_HOST' {
        $before = $env:DOCKER_HOST
        $env:DOCKER_HOST = $engine.Address
        try { (Get-HvContainer db).Name | Should -Be 'db' }
        finally { $env:DOCKER_HOST = $before }
    }

    It 'tells of a volume its driver, and of one of ours its size and its host' {
        $volume = Get-HvDockerVolume pgdata @on
        $volume | Should -BeOfType HedvigStorage.Docker.DockerVolume
        $volume.Driver, $volume.Host, $volume.Size | Should -Be $driver, 'pester', 32MB
        $volume | Out-String -Width 160 | Should -Match "pgdata +$driver +32 MB +pester"
        (Get-HvDockerVolume web @on).Host | Should -BeNullOrEmpty
        $other = Get-HvDockerVolume notours @on
        $other.Driver, $other.Size, $other.Host | Should -Be 'local', $null, $null
    }

    It 'lists volumes by pattern and by name, and leads to those of the cluster' {
        # An engine asks every driver of the machine.
        (Get-HvDockerVolume @on | Where-Object Driver -In $driver, 'local').Name | Should -Be 'notours', 'pgdata', 'web'
        Get-HvDockerVolume x* @on -ErrorAction Stop | Should -BeNullOrEmpty
        (Get-HvDockerVolume pg* @on | Get-HvVolume).Attached | Should -BeTrue
        { Get-HvDockerVolume notours @on | Get-HvVolume -ErrorAction Stop } | Should -Throw "*'notours' is not a volume*"
        $result = Invoke-Partly { 'web', 'nowhere', 'notours' | Get-HvDockerVolume @on }
        $result.Output.Name | Should -Be 'web', 'notours'
        $result.Errors.FullyQualifiedErrorId | Should -Be 'DockerVolumeNotFound,HedvigStorage.Commands.GetHvDockerVolumeCommand'
    }

    It 'tells what Docker knows where no cluster is connected' {
        Disconnect-HvCluster
        try {
            $volume = Get-HvDockerVolume pgdata @on
            $volume.Driver, $volume.Size | Should -Be $driver, $null
        }
        finally {
            $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
        }
    }
}
