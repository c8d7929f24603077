# What is typed after a pipe fills the positions that the object from the pipeline leaves.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    Import-Module (Get-TestModulePath)
    $cluster = Start-TestCluster
    $connection = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
    $null = New-HvPolicy gold
    $null = New-HvVolume a, b, 2024 16MB
    $null = New-HvVolume share 16MB -Type File
    $null = New-HvSnapshot a one
    $null = New-HvTarget proxy1, proxy2
    $null = New-HvTarget nfs1 Nfs

    # What a row compares of what a form writes.
    $show = @{
        address = { $_.Address }; bytes = { $_.Size }; hosts = { $_.ComputeHosts }; name = { $_.Name }; text = { "$_" }
        policy = { "$($_.Name) $($_.Policy)" }; protocol = { "$($_.Name) $($_.Protocol)" }
        rule = { "$($_.Volume) $($_.Target) $($_.Address)" }
        served = { "$($_.Name) $($_.ComputeHosts)" }; size = { "$($_.Name) $($_.Size)" }; source = { "$($_.Name) $($_.SourceVolume)" }
        snapshot = { "$($_.Name) $($_.SourceVolume) $($_.SourceSnapshot)" }; target = { "$($_.Volume) $($_.Target)" }
        type = { "$($_.Name) $($_.Type)" }
    }

    # The one error that a form ends with, or the errors that it goes on after.
    function Get-Failure([scriptblock] $Form) {
        $ErrorActionPreference = 'SilentlyContinue'
        $before = $Error.Count
        try { $null = & $Form } catch { return $_ }
        $new = $Error.Count - $before
        if ($new) { $Error[0..($new - 1)] }
    }
}

AfterAll {
    Disconnect-HvCluster -All
    Stop-TestCluster $cluster
}

Describe 'After a pipe' {
    AfterEach {
        Get-HvLun | Remove-HvLun -Force
        Get-HvExport | Remove-HvExport -Force
        Get-HvAccess | Remove-HvAccess -Force
    }

    It 'fills what is left: <Form>' -ForEach @(
        @{ Form = { Get-HvVolume a | Resize-HvVolume 32MB -PassThru }; Shows = 'size'; Expected = 'a 33554432' }
        @{ Form = { 'a', 'b' | Resize-HvVolume 48MB -PassThru }; Shows = 'size'; Expected = 'a 50331648', 'b 50331648' }
        @{ Form = { Get-HvVolume a | Resize-HvVolume '64MiB' -PassThru }; Shows = 'bytes'; Expected = 64MB }
        @{ Form = { Get-HvVolume 2024 | Resize-HvVolume 16MB -PassThru }; Shows = 'name'; Expected = '2024' }
        @{ Form = { 'new1', 'new2' | New-HvVolume 16MB }; Shows = 'size'; Expected = 'new1 16777216', 'new2 16777216' }
        @{ Form = { 1..2 | New-HvVolume 16MB }; Shows = 'name'; Expected = '1', '2' }
        @{ Form = { 'Name,Policy', 'row1,gold', 'row2,' | ConvertFrom-Csv | New-HvVolume 16MB };
            Shows = 'policy'; Expected = 'row1 gold', 'row2 ' }
        @{ Form = { Get-HvVolume a | New-HvSnapshot nightly }; Shows = 'text'; Expected = 'a@nightly' }
        @{ Form = { Get-HvVolume a | Copy-HvVolume a2 }; Shows = 'source'; Expected = 'a2 a' }
        @{ Form = { 'a' | Copy-HvVolume a3 }; Shows = 'source'; Expected = 'a3 a' }
        @{ Form = { Get-HvSnapshot a one | Copy-HvVolume a4 }; Shows = 'snapshot'; Expected = 'a4 a one' }
        @{ Form = { Get-HvVolume a | Get-HvSnapshot one }; Shows = 'text'; Expected = 'a@one' }
        @{ Form = { Get-HvVolume a | Get-HvSnapshot on* }; Shows = 'text'; Expected = 'a@one' }
        @{ Form = { Get-HvVolume a | Restore-HvSnapshot one -Force -PassThru }; Shows = 'name'; Expected = 'a' }
        @{ Form = { 'a' | Restore-HvSnapshot one -Force -PassThru }; Shows = 'name'; Expected = 'a' }
        @{ Form = { Get-HvSnapshot a one | Restore-HvSnapshot -Force -PassThru }; Shows = 'name'; Expected = 'a' }
        @{ Form = { $null = New-HvSnapshot b gone; Get-HvVolume b | Remove-HvSnapshot gone -Force; Get-HvSnapshot b gon* };
            Shows = 'text'; Expected = @() }
        @{ Form = { 'proxy3', 'proxy4' | New-HvTarget Nfs }; Shows = 'protocol'; Expected = 'proxy3 Nfs', 'proxy4 Nfs' }
        @{ Form = { Get-HvTarget proxy1 | Set-HvTarget db1, db2 -PassThru }; Shows = 'hosts'; Expected = 'db1', 'db2' }
        @{ Form = { Get-HvVolume a, b | Add-HvLun proxy1 }; Shows = 'target'; Expected = 'a proxy1', 'b proxy1' }
        @{ Form = { Get-HvVolume a | Add-HvLun proxy1, proxy2 }; Shows = 'target'; Expected = 'a proxy1', 'a proxy2' }
        @{ Form = { Get-HvVolume a | Add-HvLun (Get-HvTarget proxy2) }; Shows = 'target'; Expected = 'a proxy2' }
        @{ Form = { Get-HvTarget proxy1 | Add-HvLun a }; Shows = 'target'; Expected = 'a proxy1' }
        @{ Form = { $null = Add-HvLun a proxy1; Get-HvVolume a | Get-HvLun proxy1 }; Shows = 'target'; Expected = 'a proxy1' }
        @{ Form = { $null = Add-HvLun a proxy1; Get-HvTarget proxy1 | Get-HvLun a }; Shows = 'target'; Expected = 'a proxy1' }
        @{ Form = { $null = Add-HvLun a proxy1, proxy2; Get-HvVolume a | Remove-HvLun proxy1 -Force; Get-HvLun };
            Shows = 'target'; Expected = 'a proxy2' }
        @{ Form = { $null = Add-HvLun a, b proxy1; Get-HvTarget proxy1 | Remove-HvLun a -Force; Get-HvLun };
            Shows = 'target'; Expected = 'b proxy1' }
        @{ Form = { Get-HvVolume share | Add-HvExport nfs1 }; Shows = 'target'; Expected = 'share nfs1' }
        @{ Form = { $null = Add-HvExport share nfs1; Get-HvVolume share | Get-HvExport nfs1 }; Shows = 'target'; Expected = 'share nfs1' }
        @{ Form = { $null = Add-HvExport share nfs1; Get-HvVolume share | Remove-HvExport nfs1 -Force; Get-HvExport };
            Shows = 'text'; Expected = @() }
        @{ Form = { Get-HvVolume a | Add-HvAccess proxy1 10.0.0.7 }; Shows = 'rule'; Expected = 'a proxy1 10.0.0.7' }
        @{ Form = { Get-HvVolume a | Add-HvAccess proxy1 10.0.0.7, 10.0.0.8 }; Shows = 'address'; Expected = '10.0.0.7', '10.0.0.8' }
        @{ Form = { Get-HvTarget proxy1 | Add-HvAccess a 10.0.0.7 }; Shows = 'rule'; Expected = 'a proxy1 10.0.0.7' }
        @{ Form = { Add-HvLun a proxy1 | Add-HvAccess 10.0.0.7 }; Shows = 'rule'; Expected = 'a proxy1 10.0.0.7' }
        @{ Form = { Add-HvLun a proxy1 | Add-HvAccess proxy2 10.0.0.7 }; Shows = 'rule'; Expected = 'a proxy2 10.0.0.7' }
        @{ Form = { $null = Add-HvAccess a proxy1 10.0.0.7; Get-HvVolume a | Get-HvAccess proxy1 };
            Shows = 'address'; Expected = '10.0.0.7' }
        @{ Form = { $null = Add-HvAccess a proxy1 10.0.0.7, 10.1.0.1; 'a' | Remove-HvAccess proxy1 10.1.0.1 -Force; Get-HvAccess };
            Shows = 'address'; Expected = '10.0.0.7' }
    ) {
        @(& $Form | ForEach-Object $show[$Shows]) | Should -Be $Expected
    }

    It 'takes a role after a credential, and asks for no password of it' {
        $password = ConvertTo-SecureString 'A-password-for-4711' -AsPlainText -Force
        $made = [pscredential]::new('piped', $password), [pscredential]::new('piped2', $password) | New-HvUser Admin -Mobile 1
        "$($made.UserName) $($made.Role)" | Should -Be 'piped piped2 Admin Admin'
        (New-HvUser -InputObject ([pscredential]::new('piped3', $password)) SuperUser).Role | Should -Be 'SuperUser'
        (New-HvUser ([pscredential]::new('Admin', $password)) Admin).UserName | Should -Be 'Admin'
        { [pscredential]::new('piped4', $password) | New-HvUser King } | Should -Throw "*parameter 'Role'. 'King' *"
        # A session that cannot ask says so; of a name it would ask for the password.
        $output = & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command @"
            Import-Module '$(Get-TestModulePath)'
            `$null = Connect-HvCluster $($cluster.Address) -CredentialFile '$($cluster.CredentialFile)'
            try { New-HvUser ana Admin } catch { `$_.FullyQualifiedErrorId }
            'ana' | New-HvUser Admin -ErrorAction SilentlyContinue -ErrorVariable failure
            `$failure.FullyQualifiedErrorId
"@
        # The host writes its questions there too.
        $output -like '*NewHvUserCommand' -replace '^.*: ' | Should -Be (@('ParameterArgumentTransformationError,HedvigStorage.Commands.NewHvUserCommand') * 2)
    }

    It 'fills what is left, with some of it given by name: <Form>' -ForEach @(
        @{ Form = { Get-HvVolume a | Add-HvAccess -Target proxy1 10.0.0.7 }; Shows = 'rule'; Expected = 'a proxy1 10.0.0.7' }
        @{ Form = { Get-HvVolume a | Add-HvAccess -Address 10.0.0.7 proxy1 }; Shows = 'rule'; Expected = 'a proxy1 10.0.0.7' }
        @{ Form = { Get-HvVolume a | Resize-HvVolume -Size 96MB -PassThru }; Shows = 'bytes'; Expected = 96MB }
        @{ Form = { 'named1' | New-HvVolume -Size 16MB }; Shows = 'name'; Expected = 'named1' }
        @{ Form = { Get-HvVolume a | Copy-HvVolume -Destination { "$($_.Name)-script" } }; Shows = 'name'; Expected = 'a-script' }
        @{ Form = { 5..6 | New-HvVolume -Name { "made$_" } 16MB }; Shows = 'name'; Expected = 'made5', 'made6' }
        @{ Form = { 7..8 | New-HvVolume -Name { "made$_" } -Size 16MB }; Shows = 'name'; Expected = 'made7', 'made8' }
    ) {
        @(& $Form | ForEach-Object $show[$Shows]) | Should -Be $Expected
    }

    It 'takes an object by name too: <Form>' -ForEach @(
        @{ Form = { Resize-HvVolume -InputObject (Get-HvVolume a) 128MB -PassThru }; Shows = 'bytes'; Expected = 128MB }
        @{ Form = { New-HvVolume -InputObject object1, object2 16MB }; Shows = 'name'; Expected = 'object1', 'object2' }
        @{ Form = { Copy-HvVolume -InputObject (Get-HvSnapshot a one) a5 }; Shows = 'snapshot'; Expected = 'a5 a one' }
        @{ Form = { Copy-HvVolume -InputObject (Get-HvVolume a) -Destination a6 }; Shows = 'snapshot'; Expected = 'a6 a ' }
        @{ Form = { Restore-HvSnapshot -InputObject (Get-HvSnapshot a one) -Force -PassThru }; Shows = 'name'; Expected = 'a' }
        @{ Form = { Add-HvLun -InputObject (Get-HvTarget proxy1) a }; Shows = 'target'; Expected = 'a proxy1' }
        @{ Form = { $lun = Add-HvLun a proxy1; Remove-HvLun -InputObject $lun -Force; Get-HvLun }; Shows = 'text'; Expected = @() }
    ) {
        @(& $Form | ForEach-Object $show[$Shows]) | Should -Be $Expected
    }

    It 'leaves what worked before: <Form>' -ForEach @(
        @{ Form = { [pscustomobject]@{ Size = '16MB' } | New-HvVolume like1 }; Shows = 'size'; Expected = 'like1 16777216' }
        @{ Form = { [pscustomobject]@{ Policy = 'gold' } | New-HvVolume like2 16MB }; Shows = 'policy'; Expected = 'like2 gold' }
        @{ Form = { Get-HvVolume share | New-HvVolume like3 }; Shows = 'type'; Expected = 'like3 File' }
        @{ Form = { Get-HvVolume share | New-HvVolume -Name like4 }; Shows = 'type'; Expected = 'like4 File' }
        @{ Form = { [pscustomobject]@{ Name = 'one' } | Restore-HvSnapshot a -Force -PassThru }; Shows = 'name'; Expected = 'a' }
        @{ Form = { [pscustomobject]@{ Target = 'proxy2' } | Add-HvLun a }; Shows = 'target'; Expected = 'a proxy2' }
        @{ Form = { [pscustomobject]@{ ComputeHost = 'db1' } | New-HvTarget proxy5 }; Shows = 'served'; Expected = 'proxy5 db1' }
        @{ Form = { 'Name,Size', 'csv1,16MB', 'csv2,32MB' | ConvertFrom-Csv | New-HvVolume };
            Shows = 'size'; Expected = 'csv1 16777216', 'csv2 33554432' }
        @{ Form = { 'Volume,Target', 'a,proxy1' | ConvertFrom-Csv | Add-HvLun }; Shows = 'target'; Expected = 'a proxy1' }
        @{ Form = { Get-HvTarget proxy1, proxy2 | Add-HvLun -Volume a }; Shows = 'target'; Expected = 'a proxy1', 'a proxy2' }
        @{ Form = { Get-HvPolicy gold | Add-HvLun a proxy1 }; Shows = 'target'; Expected = 'a proxy1' }
        @{ Form = { Get-HvPolicy gold | New-HvSnapshot -Volume a -Name fromgold }; Shows = 'text'; Expected = 'a@fromgold' }
        @{ Form = { Resize-HvVolume 2024 32MB -PassThru }; Shows = 'size'; Expected = '2024 33554432' }
    ) {
        @(& $Form | ForEach-Object $show[$Shows]) | Should -Be $Expected
    }

    It 'previews, and does it in a job' {
        Get-HvVolume a | Resize-HvVolume 1GB -WhatIf
        Get-HvVolume a | Copy-HvVolume nothing -AsJob -WhatIf | Should -BeNullOrEmpty
        (Get-HvVolume a).Size | Should -BeLessThan 1GB
        $jobs = @(
            Get-HvVolume a | Copy-HvVolume job1 -AsJob
            Get-HvSnapshot a one | Copy-HvVolume job2 -AsJob
            Get-HvVolume a | Restore-HvSnapshot one -Force -PassThru -AsJob
        )
        @($jobs | Receive-Job -Wait -AutoRemoveJob | ForEach-Object Name) | Should -Be 'job1', 'job2', 'a'
    }

    It 'is worked on in the order of the pipeline, and an object that is wrong is one error' {
        $null = New-HvVolume order1, order2, order3 16MB
        $failure = $null
        $done = 'order1', 'none', 'order3' | Resize-HvVolume 32MB -PassThru -ErrorAction SilentlyContinue -ErrorVariable failure
        $done.Name | Should -Be 'order1', 'order3'
        $failure.FullyQualifiedErrorId | Should -Be 'VolumeNotFound,HedvigStorage.Commands.ResizeHvVolumeCommand'
        (Get-HvVolume order1, order2 | Resize-HvVolume 48MB -PassThru -ThrottleLimit 1).Size | Should -Be 48MB, 48MB
    }
}

Describe 'What is wrong after a pipe' {
    It 'is told as PowerShell tells it: <Form>' -ForEach @(
        @{ Form = { Get-HvVolume a | Resize-HvVolume huge };
            Id = 'ParameterArgumentTransformation*'; Message = "Cannot process argument transformation on parameter 'Size'. 'huge' *" }
        @{ Form = { 'new9' | New-HvVolume huge };
            Id = 'ParameterArgumentTransformation*'; Message = "Cannot process argument transformation on parameter 'Size'. 'huge' *" }
        @{ Form = { 'proxy9' | New-HvTarget Smb };
            Id = 'ParameterArgumentTransformation*'; Message = "Cannot process argument transformation on parameter 'Protocol'. 'Smb' *" }
        @{ Form = { Get-HvVolume a | Resize-HvVolume }; Id = 'MissingMandatoryParameter'; Message = '*missing mandatory parameters: Size.' }
        @{ Form = { Get-HvTarget proxy1 | Set-HvTarget };
            Id = 'MissingMandatoryParameter'; Message = '*missing mandatory parameters: ComputeHost.' }
        @{ Form = { Get-HvVolume a | Move-HvVolume };
            Id = 'MissingMandatoryParameter'; Message = '*missing mandatory parameters: Destination.' }
        @{ Form = { Resize-HvVolume -InputObject (Get-HvVolume a) };
            Id = 'MissingMandatoryParameter'; Message = '*missing mandatory parameters: Size.' }
        @{ Form = { Get-HvVolume a | Add-HvAccess proxy1 };
            Id = 'InputObjectMissingMandatory'; Message = '*mandatory parameters:  Address' }
        @{ Form = { Get-HvVolume a | Restore-HvSnapshot -Force };
            Id = 'InputObjectMissingMandatory'; Message = '*mandatory parameters:  Name' }
        @{ Form = { Get-HvVolume a | Resize-HvVolume b 32MB };
            Id = 'PositionalParameterNotFound'
            Message = "No position is left for '32MB': the object is taken for*'Name', and only Size can be given*" }
        @{ Form = { Get-HvVolume a | New-HvSnapshot b nightly };
            Id = 'PositionalParameterNotFound'; Message = "No position is left for 'nightly'*" }
        @{ Form = { Get-HvVolume a | Resize-HvVolume -Name b 32MB };
            Id = 'ParameterAlreadyBound'; Message = "The object 'a' is taken for the parameter 'Name', which is given too.*" }
        @{ Form = { Get-HvVolume a | New-HvSnapshot -Volume b };
            Id = 'ParameterAlreadyBound'; Message = "The object 'a' is taken for the parameter 'Volume'*" }
        @{ Form = { Resize-HvVolume -InputObject a -Name b -Size 32MB }; Id = 'ParameterAlreadyBound'; Message = "The object 'a' *" }
        @{ Form = { Get-HvSnapshot a one | Resize-HvVolume 32MB };
            Id = 'ParameterArgumentTransformation*'; Message = "Cannot process*on parameter 'Name'. 'a@one' is not a volume." }
        @{ Form = { Get-HvVolume a | New-HvSnapshot one, two };
            Id = 'CannotConvertArgumentNoMessage'; Message = "Cannot bind parameter 'Name'.*" }
        @{ Form = { '' | Resize-HvVolume 32MB };
            Id = 'ParameterArgumentValidationError'; Message = "Cannot validate argument on parameter 'Name'.*" }
    ) {
        $failure = @(Get-Failure $Form)
        $failure | Should -HaveCount 1
        $failure[0].FullyQualifiedErrorId | Should -BeLike "$Id,HedvigStorage.Commands.*Command"
        "$($failure[0])" | Should -BeLike $Message
    }

    It 'gives the destination of a move its place' {
        $failure = Get-Failure { Get-HvVolume a | Move-HvVolume nowhere://x -DockerHost tcp://127.0.0.1:1 -Force }
        "$failure" | Should -BeLike '*nowhere://x*'
    }

    It 'changes nothing' {
        (Get-HvVolume b).Size | Should -BeLessThan 64MB
        Get-HvSnapshot b | Should -BeNullOrEmpty
        Get-HvVolume new9* | Should -BeNullOrEmpty
    }
}

Describe 'Objects of several clusters' {
    BeforeAll {
        $other = Start-TestCluster
        $second = Connect-HvCluster $other.Address -CredentialFile $other.CredentialFile -NotDefault
        $null = New-HvVolume far 16MB -Cluster $second
        $null = New-HvSnapshot far one -Cluster $second
    }

    AfterAll {
        Stop-TestCluster $other
    }

    It 'are worked on where they came from' {
        $objects = @(Get-HvVolume far -Cluster $second) + @(Get-HvVolume b)
        $both = $second.Address.Port, $connection.Address.Port
        $objects | Resize-HvVolume 64MB -PassThru | ForEach-Object { $_.ClusterOrigin.Address.Port } | Should -Be $both
        Resize-HvVolume -InputObject $objects 80MB -PassThru | ForEach-Object { $_.ClusterOrigin.Address.Port } | Should -Be $both
        $objects | New-HvSnapshot both | ForEach-Object { $_.ClusterOrigin.Address.Port } | Should -Be $both
        $snapshot = Get-HvSnapshot far one -Cluster $second
        (Copy-HvVolume -InputObject $snapshot far2).ClusterOrigin.Address.Port | Should -Be $second.Address.Port
        (Restore-HvSnapshot -InputObject $snapshot -Force -PassThru).ClusterOrigin.Address.Port | Should -Be $second.Address.Port
    }

    It 'are read after serialisation too' {
        $text = [System.Management.Automation.PSSerializer]::Serialize((Get-HvVolume far -Cluster $second))
        $copy = [System.Management.Automation.PSSerializer]::Deserialize($text)
        ($copy | New-HvSnapshot again).ClusterOrigin.Address.Port | Should -Be $second.Address.Port
    }
}

Describe 'Each cmdlet that takes an object and has a further position' {
    It 'has a row: <Name>' -ForEach @(
        & {
            Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
            Import-Module (Get-TestModulePath)
            Get-Command -Module HedvigStorage | Where-Object {
                $parameters = $_.ParameterSets.Parameters
                $first = $parameters | Where-Object { $_.Position -eq 0 -and ($_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName) }
                $first -and ($parameters | Where-Object Position -GT 0)
            } | ForEach-Object { @{ Name = $_.Name } }
        }
    ) {
        # No cluster's object is a credential, and none has an address that somebody would connect to with one.
        if ($Name -ne 'Connect-HvCluster') { (Get-Command $Name).ParameterSets.Name | Should -Contain 'InputObject' }
        Get-Content -Raw $PSCommandPath | Should -Match "\| $Name |$Name"
    }
}
