# Every cmdlet that speaks to a cluster, with objects of one cluster while another is the default one: no cell may send the other a single request.
# The rows come from the cmdlets themselves, the columns from the types that they write, so that a new one of either is in the table at once.
BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    Import-Module (Get-TestModulePath)
    $rows = @(Get-Command -Module HedvigStorage -CommandType Cmdlet | Where-Object { $_.Parameters['Cluster'] -and $_.ImplementingType.IsSubclassOf([HedvigStorage.Commands.ClusterCommand]) } | ForEach-Object { @{ Name = $_.Name } })
    $jobs = @($rows | Where-Object { (Get-Command $_.Name).Parameters['AsJob'] -and $_.Name -ne 'Invoke-HvConfiguration' })
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    Import-Module (Get-TestModulePath)

    # What a cmdlet needs besides the object, by the name of the parameter.
    $values = @{
        Volume = 'pgdata'; Target = 'proxy1'; Address = '10.0.0.7'; Name = 'pgdata'; Destination = 'copied'; Size = 16MB; ComputeHost = @()
        Path = 'none.json'; Configuration = @{ volumes = @() }; Credential = [pscredential]::new('made', (ConvertTo-SecureString 'A-password-for-4711' -AsPlainText -Force))
    }
    # What it needs to have something to do, or not to ask for what is not there.
    $alsoGiven = @{
        'Set-HvVolume' = @{ Description = 'changed' }
        'Set-HvPolicy' = @{ Description = 'changed' }
        'Set-HvUser'   = @{ DisplayName = 'changed' }
        'Move-HvVolume' = @{ Destination = 'tcp://127.0.0.1:2'; DockerHost = 'tcp://127.0.0.1:1' }
        'Get-HvDockerVolume' = @{ DockerHost = 'tcp://127.0.0.1:1' }
        'Install-HvDockerPlugin' = @{ DockerHost = 'tcp://127.0.0.1:1' }
    }
    # Those that take no object of a cluster, or ask a Docker Engine first, which is none here.
    $reachesNone = @{
        'Compare-HvConfiguration' = 'it takes documents'
        'Get-HvDockerVolume'      = 'it asks the engine first'
        'Install-HvDockerPlugin'  = 'it takes the name of a driver'
        'Invoke-HvConfiguration'  = 'it takes documents'
        'Test-HvConfiguration'    = 'it takes documents'
    }
    $notBound = 'InputObjectNotBound', 'InputObjectMissingMandatory', 'ParameterArgumentTransformationError', 'ParameterArgumentValidationError', 'AmbiguousParameterSet', 'MissingMandatoryParameter', 'CannotConvertArgument', 'CannotConvertArgumentNoMessage', 'NamedParameterNotFound', 'ParameterAlreadyBound', 'PositionalParameterNotFound'

    function Get-RequestCount($TestCluster) {
        $metrics = Invoke-RestMethod "$("$($TestCluster.Address)".TrimEnd('/'))/metrics"
        [long] ([regex]::Matches($metrics, '(?m)^hedvig_requests_total\{[^}]*\} (\d+)') | ForEach-Object { [long] $_.Groups[1].Value } | Measure-Object -Sum).Sum
    }

    # The same objects on both, with which every cmdlet has something to do.
    function Initialize-Site($Connection) {
        $on = @{ Cluster = $Connection }
        $null = New-HvPolicy gold @on
        $null = New-HvVolume pgdata 16MB @on
        $null = New-HvVolume mapped 16MB @on
        $null = New-HvVolume share 16MB -Type File @on
        $null = New-HvSnapshot pgdata nightly @on
        $null = New-HvTarget proxy1 -Protocol Block @on
        $null = New-HvTarget nfs1 -Protocol Nfs @on
        $null = Add-HvLun mapped proxy1 @on
        $null = Add-HvExport share nfs1 @on
        $null = Add-HvAccess mapped proxy1 10.0.0.7 @on
        if (-not (Get-HvUser oper* @on)) { $null = New-HvUser ([pscredential]::new('operator', (ConvertTo-SecureString 'A-password-for-4711' -AsPlainText -Force))) @on }
    }

    function Get-SiteObject($Connection) {
        $on = @{ Cluster = $Connection }
        $volume = Get-HvVolume pgdata @on
        @(
            $volume, (Get-HvSnapshot pgdata nightly @on), (Get-HvPolicy gold @on), (Get-HvTarget proxy1 @on), (Get-HvLun mapped @on), (Get-HvExport share @on), (Get-HvAccess mapped @on)
            (Get-HvUser operator @on), (Get-HvClusterNode @on | Select-Object -First 1), (Get-HvAuditEvent @on | Select-Object -First 1)
            [HedvigStorage.Attachment]@{ Volume = 'pgdata'; Host = 'web1'; ClusterOrigin = $volume.ClusterOrigin }
            [HedvigStorage.Docker.DockerVolume]@{ Name = 'pgdata'; Driver = 'hedvig'; DockerHost = 'unix:///none.sock'; Volume = $volume; ClusterOrigin = $volume.ClusterOrigin }
        )
    }

    # Runs a cmdlet on an object, with as little else as it takes the object with. Returns whether it took it, and what it wrote of errors.
    function Invoke-Cell([string] $Name, $Object, [string] $Parameter, [hashtable] $Given = @{}) {
        $command = Get-Command $Name
        $more = @{} + $Given
        if ($alsoGiven[$Name]) { $more += $alsoGiven[$Name] }
        if ($command.Parameters['Force']) { $more.Force = $true }
        if ($command.Parameters['Confirm']) { $more.Confirm = $false }
        $open = @($command.ParameterSets.Parameters | Where-Object { $_.IsMandatory -and $_.Name -ne $Parameter -and -not $more.Contains($_.Name) -and $values.Contains($_.Name) } | ForEach-Object Name | Sort-Object -Unique)
        foreach ($mask in 0..([Math]::Pow(2, $open.Count) - 1) | Sort-Object { ([Convert]::ToString($_, 2) -replace '0').Length }) {
            $arguments = @{} + $more
            foreach ($index in 0..([Math]::Max($open.Count - 1, 0))) { if ($open.Count -and ($mask -shr $index) -band 1) { $arguments[$open[$index]] = $values[$open[$index]] } }
            $errors = $null
            try {
                if ($Parameter) { $arguments[$Parameter] = $Object; $written = & $Name @arguments -ErrorAction SilentlyContinue -ErrorVariable errors -WarningAction SilentlyContinue }
                else { $written = $Object | & $Name @arguments -ErrorAction SilentlyContinue -ErrorVariable errors -WarningAction SilentlyContinue }
            }
            catch { $errors = @($_) }
            $ids = @($errors | ForEach-Object { $_.FullyQualifiedErrorId })
            if (-not ($ids | Where-Object { ($_ -split ',')[0] -in $notBound })) { return [pscustomobject]@{ Ids = $ids; Errors = $errors; Written = $written } }
        }
    }

    # Every way in which an object is given: from the pipeline, and to each parameter that takes objects.
    function Get-Way([string] $Name) {
        ''
        (Get-Command $Name).Parameters.Values | Where-Object {
            $_.Name -eq 'InputObject' -or $_.ParameterType.IsSubclassOf([HedvigStorage.ClusterObject]) -or ($_.Attributes | Where-Object { $_ -is [HedvigStorage.Parameters.ObjectNameTransformationAttribute] })
        } | ForEach-Object Name
    }

    $firstHost = Start-TestCluster
    $secondHost = Start-TestCluster
    $first = Connect-HvCluster $firstHost.Address -CredentialFile $firstHost.CredentialFile
    $second = Connect-HvCluster $secondHost.Address -CredentialFile $secondHost.CredentialFile
    Initialize-Site $first
    Initialize-Site $second
}

AfterAll {
    Disconnect-HvCluster -All
    Stop-TestCluster $firstHost
    Stop-TestCluster $secondHost
}

Describe 'Objects' {
    It 'know the cluster that they came from, of each type that a cmdlet writes' {
        $objects = @(Get-SiteObject $first)
        foreach ($object in $objects) { "$($object.ClusterOrigin)" | Should -Be "$($first.Address)" -Because $object.GetType().Name }
        $types = [HedvigStorage.ClusterObject].Assembly.GetTypes() | Where-Object { $_.IsSubclassOf([HedvigStorage.ClusterObject]) }
        @($objects | ForEach-Object { $_.GetType().Name } | Sort-Object -Unique) | Should -Be @($types.Name | Sort-Object)
    }
}

Describe '<Name>' -ForEach $rows {
    BeforeAll {
        # Counted for each way, for a count takes longer than a cell.
        function Invoke-Row([object[]] $Object, [string] $Way, [hashtable] $Given = @{}) {
            $before = (Get-RequestCount $firstHost), (Get-RequestCount $secondHost)
            $cells = foreach ($one in $Object) {
                $cell = Invoke-Cell $Name $one $Way $Given
                if ($cell) { $cell | Add-Member Type $one.PSTypeNames[0] -PassThru }
                if ($cell -and $Name -like 'Remove-*' -and -not $Given.Count) { Initialize-Site $first }
            }
            [pscustomobject]@{ Cells = @($cells); First = (Get-RequestCount $firstHost) - $before[0]; Second = (Get-RequestCount $secondHost) - $before[1]; Way = if ($Way) { "-$Way" } else { 'the pipeline' } }
        }

        Initialize-Site $first
        $ways = @(Get-Way $Name)
    }

    It 'works on the cluster that an object came from, and sends the default one nothing' {
        $reached = 0
        foreach ($way in $ways) {
            $row = Invoke-Row (Get-SiteObject $first) $way
            $row.Second | Should -Be 0 -Because "objects were given to $($row.Way), which took $($row.Cells.Type -join ', ')"
            $reached += if ($row.Cells.Count) { $row.First } else { 0 }
        }
        $reached -gt 0 | Should -Be (-not $reachesNone.Contains($Name))
    }

    It 'works on the cluster that an object came from which was serialised meanwhile' {
        $objects = @(Get-SiteObject $first | ForEach-Object { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_)) })
        foreach ($way in $ways) {
            $row = Invoke-Row $objects $way
            $row.Second | Should -Be 0 -Because "objects were given to $($row.Way), which took $($row.Cells.Type -join ', ')"
        }
    }

    It 'refuses an object of one cluster where -Cluster is another, and sends neither anything' {
        $objects = @(Get-SiteObject $first)
        foreach ($way in $ways) {
            $row = Invoke-Row $objects $way @{ Cluster = $second }
            $row.First, $row.Second | Should -Be 0, 0 -Because "objects were given to $($row.Way)"
            foreach ($cell in $row.Cells) { $cell.Ids | Should -BeLike 'ClusterConflict,*' -Because "a $($cell.Type) was given to $($row.Way)" }
        }
    }
}

Describe '<Name> -AsJob' -ForEach $jobs {
    It 'works on the cluster that an object came from' {
        Initialize-Site $first
        foreach ($object in Get-SiteObject $first | Select-Object -First 2) {
            $before = Get-RequestCount $secondHost
            $cell = Invoke-Cell $Name $object '' @{ AsJob = $true }
            if ($cell.Written) { $null = $cell.Written | Wait-Job -Timeout 30; $cell.Written | Remove-Job -Force }
            Get-RequestCount $secondHost | Should -Be $before
        }
    }
}

Describe 'Objects of two clusters' {
    BeforeEach {
        Initialize-Site $first
        Initialize-Site $second
    }

    It 'are removed where they came from, whatever is the default connection' {
        Get-HvVolume pgdata -Cluster $first | Remove-HvVolume -Force
        @(Get-HvVolume pgdata* -Cluster $first).Count, @(Get-HvVolume pgdata* -Cluster $second).Count | Should -Be 0, 1
    }

    It 'are each worked on where it came from, in one pipeline and in one argument, and tell so in their order' {
        $both = @(Get-HvVolume pgdata -Cluster $first) + @(Get-HvVolume pgdata -Cluster $second)
        $changed = @($both | Set-HvVolume -Description piped -PassThru) + @(Set-HvVolume $both -Description given -PassThru)
        $changed | ForEach-Object { "$($_.ClusterOrigin) $($_.Description)" } | Should -Be "$($first.Address) piped", "$($second.Address) piped", "$($first.Address) given", "$($second.Address) given"
        (Get-HvVolume pgdata -Cluster $first).Description | Should -Be 'given'
    }

    It 'are not brought together: a target of one serves no volume of the other' {
        $problem = { Get-HvVolume pgdata -Cluster $first | Add-HvLun -Target (Get-HvTarget proxy1 -Cluster $second) -ErrorAction Stop } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -Be 'ClusterConflict,HedvigStorage.Commands.AddHvLunCommand'
        @($first, $second | ForEach-Object { Get-HvLun pgdata -Cluster $_ }).Count | Should -Be 0
    }

    It 'are told apart in errors and in questions' {
        $null = New-HvVolume kept 16MB -Protected -Cluster $first
        $problem = { Get-HvVolume kept -Cluster $first | Remove-HvVolume -Force -ErrorAction Stop } | Should -Throw -PassThru
        "$problem" | Should -BeLike "*(cluster $($first.Address))"
        Start-Transcript "$TestDrive/asked.txt" | Out-Null
        Get-HvVolume pgdata -Cluster $first | Remove-HvVolume -WhatIf
        Stop-Transcript | Out-Null
        Get-Content "$TestDrive/asked.txt" | Where-Object { $_ -like 'What if*' } | Should -BeLike "*""pgdata (cluster $($first.Address))"".*"
    }

    It 'are worked on by another connection to their cluster once theirs has ended, and by none to another' {
        $third = Start-TestCluster
        try {
            $volume = Get-HvVolume -Cluster (Connect-HvCluster $third.Address -CredentialFile $third.CredentialFile -NotDefault)
            $volume | Should -BeNullOrEmpty
            $volume = New-HvVolume pgdata 16MB -Cluster $third.Address
            Disconnect-HvCluster $third.Address
            $problem = { $volume | Remove-HvVolume -Force -ErrorAction Stop } | Should -Throw -PassThru
            $problem.FullyQualifiedErrorId | Should -Be 'ClusterInvalid,HedvigStorage.Commands.RemoveHvVolumeCommand'
            "$problem" | Should -BeLike "*$($third.Address)*not connected*"
            $null = Connect-HvCluster $third.Address -CredentialFile $third.CredentialFile -NotDefault
            $volume | Remove-HvVolume -Force
            Get-HvVolume -Cluster $third.Address | Should -BeNullOrEmpty
            (Get-HvVolume pgdata -Cluster $second).Name | Should -Be 'pgdata'
        }
        finally {
            Disconnect-HvCluster $third.Address -ErrorAction Ignore
            Stop-TestCluster $third
        }
    }

    It 'keep their cluster in <_>' -ForEach 'CSV', 'JSON', 'a file of PowerShell' {
        $volume = Get-HvVolume pgdata -Cluster $first
        $kept = switch ($_) {
            'CSV' { $volume | ConvertTo-Csv | ConvertFrom-Csv }
            'JSON' { $volume | ConvertTo-Json -Depth 4 | ConvertFrom-Json }
            default { $volume | Export-Clixml "$TestDrive/volume.xml"; Import-Clixml "$TestDrive/volume.xml" }
        }
        $kept | Remove-HvVolume -Force
        @(Get-HvVolume pgdata* -Cluster $first).Count, @(Get-HvVolume pgdata* -Cluster $second).Count | Should -Be 0, 1
    }

    It 'are meant by a name alone no more than any other: it is of the default connection' {
        (Get-HvVolume pgdata -Cluster $first).Name | Remove-HvVolume -Force
        @(Get-HvVolume pgdata* -Cluster $first).Count, @(Get-HvVolume pgdata* -Cluster $second).Count | Should -Be 1, 0
    }

    It 'are of the same cluster by whatever of its addresses it is connected' {
        $address = "http://localhost:$($first.Address.Port)"
        $again = Connect-HvCluster $address -CredentialFile $firstHost.CredentialFile -NotDefault
        try {
            (Get-HvVolume pgdata -Cluster $first | Set-HvVolume -Description again -Cluster $again -PassThru).Description | Should -Be 'again'
        }
        finally { Disconnect-HvCluster $again }
    }
}

Describe 'One cluster alone' {
    It 'goes without saying in errors and in questions, and a connection that has ended is told as such' {
        Disconnect-HvCluster $second
        $problem = { Get-HvVolume -Cluster $second -ErrorAction Stop } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -Be 'ClusterInvalid,HedvigStorage.Commands.GetHvVolumeCommand'
        "$problem" | Should -BeLike "*$($second.Address)*has ended*"
        $null = New-HvVolume kept 16MB -Protected -Cluster $first
        $problem = { Get-HvVolume kept -Cluster $first | Remove-HvVolume -Force -ErrorAction Stop } | Should -Throw -PassThru
        "$problem" | Should -Not -BeLike '*(cluster*'
    }
}
