# Microsoft's cmdlet development guidelines, by their ids, over every cmdlet that the module exports. What is particular to one cmdlet stands in
# Guidelines.Table.ps1. The listing of all parameters is compared with parameters.txt; HV_UPDATE_PARAMETERS=1 rewrites that file.
BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    Import-Module (Get-TestModulePath)
    $table = & (Join-Path $PSScriptRoot 'Guidelines.Table.ps1')
    $invocations = @($table.Invocations.Keys | ForEach-Object { @{ Name = $_ } })
    $counted = @($invocations | Where-Object { -not $table.Invocations[$_.Name]['Local'] })
    $filters = @(Get-Command -Module HedvigStorage -Verb Get | Where-Object { $_.Parameters['Cluster'] -and -not $_.Parameters['DockerHost'] -and ($_.Parameters.Values | Where-Object { $_.Attributes.TypeId.Name -contains 'SupportsWildcardsAttribute' -and $_.ParameterSets.Values.ValueFromPipeline -contains $true }) } | ForEach-Object { @{ Name = $_.Name } })
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    Import-Module (Join-Path $PSScriptRoot 'Guidelines.psm1') -Force
    Import-Module (Get-TestModulePath)
    $table = & (Join-Path $PSScriptRoot 'Guidelines.Table.ps1')
    $exceptions = $table.Exceptions
    $commands = @(Get-Command -Module HedvigStorage | Sort-Object Name)
    $reading = 'Get', 'Test', 'Compare', 'Find', 'Measure', 'Search', 'Show', 'Wait'
    $changing = @($commands | Where-Object { $_.Verb -notin $reading -and -not $exceptions.RD04.ContainsKey($_.Name) })
    $destroying = 'Remove', 'Restore', 'Uninstall'
    $assembly = $commands[0].ImplementingType.Assembly

    # The names of the cmdlets, or of their parameters, that break a rule.
    function Find-Command([object[]] $Of, [scriptblock] $Rule, [hashtable] $Except = @{}) {
        @($Of | Where-Object { -not $Except.ContainsKey($_.Name) -and ($_ | ForEach-Object $Rule) } | ForEach-Object Name)
    }

    function Find-Parameter([object[]] $Of, [scriptblock] $Rule, [hashtable] $Except = @{}) {
        @(foreach ($one in $Of) {
                foreach ($parameter in Get-OwnParameter $one) {
                    $name = "$($one.Name) -$($parameter.Name)"
                    if (-not $Except.ContainsKey($name) -and ($parameter | ForEach-Object $Rule)) { $name }
                }
            })
    }
}

Describe 'The cmdlet development guidelines' {
    It 'RD01: verbs are approved' {
        $approved = (Get-Verb).Verb
        Find-Command $commands { $_.Verb -cnotin $approved } | Should -BeNullOrEmpty
    }

    It 'RD02: names hold letters alone' {
        Find-Command $commands { $_.Name -cnotmatch '^[A-Z][a-z]+-Hv[A-Za-z]+$' } | Should -BeNullOrEmpty
        Find-Parameter $commands { $_.Name -cnotmatch '^[A-Za-z]+$' } | Should -BeNullOrEmpty
    }

    It 'RD03: no parameter or alias is called like a common one' {
        $common = [System.Management.Automation.Cmdlet]::CommonParameters + [System.Management.Automation.Cmdlet]::OptionalCommonParameters + 'db', 'vb', 'ea', 'wa', 'ev', 'wv', 'ov', 'ob', 'wi', 'cf'
        Find-Parameter $commands { @($_.Aliases) + $_.Name | Where-Object { $_ -in $common } } | Should -BeNullOrEmpty
    }

    It 'RD04: what changes something supports -WhatIf and -Confirm, and what reads does not' {
        Find-Command $changing { -not ($_.Parameters['WhatIf'] -and $_.Parameters['Confirm']) } | Should -BeNullOrEmpty
        Find-Command ($commands | Where-Object Verb -In $reading) { [bool] $_.Parameters['WhatIf'] } | Should -BeNullOrEmpty
    }

    It 'RD04: what destroys asks by default, and nothing else does' {
        Find-Command $changing {
            $impact = $_.ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false).ConfirmImpact
            ($impact -eq 'High') -ne ($_.Verb -in $destroying)
        } $exceptions.Impact | Should -BeNullOrEmpty
    }

    It 'RD05, AD02: what asks by default has -Force' {
        Find-Command $changing {
            $_.ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false).ConfirmImpact -eq 'High' -and
            -not ($_.Parameters['Force'] -and $_.Parameters['Force'].ParameterType -eq [switch])
        } | Should -BeNullOrEmpty
    }

    It 'RD06, RC04: what writes something says what; what is silent is a removal' {
        Find-Command $commands { $_.OutputType.Count -eq 0 -and $_.Verb -notin 'Remove', 'Uninstall', 'Disconnect', 'Stop' } $exceptions.RD06 | Should -BeNullOrEmpty
    }

    It 'RC01, RC03: each is a cmdlet with a name of its own that overrides a processing method' {
        Find-Command $commands {
            $type = $_.ImplementingType
            -not $type.IsSubclassOf([System.Management.Automation.PSCmdlet]) -or
            -not ('BeginProcessing', 'ProcessRecord', 'EndProcessing' | Where-Object { $type.GetMethod($_, [System.Reflection.BindingFlags]'Instance, NonPublic').DeclaringType.Assembly -eq $type.Assembly })
        } | Should -BeNullOrEmpty
    }

    It 'RC05: objects that are written cannot be changed' {
        $types = $commands.OutputType.Type | Where-Object { $_ -and $_.Namespace -like 'HedvigStorage*' } | Sort-Object FullName -Unique
        @(foreach ($type in $types) {
                foreach ($property in $type.GetProperties() | Where-Object { $_.SetMethod -and $_.SetMethod.IsPublic }) {
                    if ($property.SetMethod.ReturnParameter.GetRequiredCustomModifiers().Name -notcontains 'IsExternalInit') { "$type.$($property.Name)" }
                }
            }) | Should -BeNullOrEmpty
    }

    It 'RC06: one table gives every failure an error id and a category' {
        $errorTable = $assembly.GetType('HedvigStorage.Errors.ErrorTable', $true)
        $toRecord = $errorTable.GetMethod('ToRecord')
        $subjects = $assembly.GetType('HedvigStorage.Errors.Subjects', $true).GetFields() | ForEach-Object { $_.GetRawConstantValue() }
        foreach ($code in [Enum]::GetValues([HedvigStorage.ErrorCode])) {
            $exception = [HedvigStorage.ClusterException]::new($code, 'for a test')
            foreach ($subject in $subjects) {
                $record = $toRecord.Invoke($null, @($exception, $subject, 'target'))
                $record.FullyQualifiedErrorId | Should -MatchExactly '^[A-Z][A-Za-z]+$'
                $record.FullyQualifiedErrorId | Should -Match "^($($subjects -join '|'))"
                $record.CategoryInfo.Category | Should -Not -Be 'NotSpecified'
                $record.TargetObject | Should -Be 'target'
            }
        }
    }

    It 'SD01: nouns are singular and have the prefix' {
        Find-Command $commands { $_.Noun -cnotmatch '^Hv[A-Z][A-Za-z]*(?<!(?<!s)s)$' } | Should -BeNullOrEmpty
    }

    It 'SD02: names are in Pascal case' {
        Find-Parameter $commands { $_.Name -cnotmatch '^([A-Z][a-z]+)+$' } | Should -BeNullOrEmpty
    }

    It 'SD03: parameters are singular, switches instead of booleans' {
        Find-Parameter $commands { $_.ParameterType.IsArray -and $_.Name -match '(?<!s)s$' } | Should -BeNullOrEmpty
        Find-Parameter $commands { $_.ParameterType -eq [bool] } | Should -BeNullOrEmpty
    }

    It 'SD03: a parameter has the same type in every cmdlet' {
        $types = @{}
        foreach ($one in $commands) {
            foreach ($parameter in Get-OwnParameter $one | Where-Object Name -NE 'InputObject') {
                $types[$parameter.Name] += @("$(Get-ElementType $parameter.ParameterType)")
            }
        }
        @($types.Keys | Where-Object { -not $exceptions.SD03.ContainsKey($_) -and @($types[$_] | Sort-Object -Unique).Count -gt 1 } | Sort-Object) | Should -BeNullOrEmpty
    }

    It 'SD03: a set takes at most one parameter from the pipeline by value, and no position twice' {
        @(foreach ($one in $commands) {
                foreach ($set in $one.ParameterSets) {
                    $positions = @($set.Parameters | Where-Object Position -GE 0 | ForEach-Object Position)
                    if (@($set.Parameters | Where-Object ValueFromPipeline).Count -gt 1 -or @($positions | Sort-Object -Unique).Count -ne $positions.Count) { "$($one.Name) $($set.Name)" }
                }
            }) | Should -BeNullOrEmpty
    }

    It 'SD03: what changes an object and is silent has -PassThru' {
        Find-Command $changing { $_.Verb -in 'Set', 'Resize', 'Restore', 'Rename' -and $_.Parameters['PassThru'].ParameterType -ne [switch] } $exceptions.PassThru | Should -BeNullOrEmpty
    }

    It 'SC01: lists are filtered by patterns' {
        $names = Find-Parameter ($commands | Where-Object Verb -EQ 'Get') {
            $_.ParameterType -eq [string[]] -and ($_.ParameterSets.Values | Where-Object Position -EQ 0) -and $_.Attributes.TypeId.Name -notcontains 'SupportsWildcardsAttribute'
        }
        @($names | Where-Object { -not $exceptions.SC01.ContainsKey($_) }) | Should -BeNullOrEmpty
    }

    It 'SC02: what changes something takes what it works on from the pipeline' {
        Find-Command $changing {
            -not ($_.ParameterSets.Parameters | Where-Object { $_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName })
        } $exceptions.SC02 | Should -BeNullOrEmpty
    }

    It 'AD01: an object is taken by -InputObject, from the pipeline' {
        Find-Parameter $commands { $_.Name -eq 'InputObject' -and -not ($_.ParameterSets.Values | Where-Object ValueFromPipeline) } | Should -BeNullOrEmpty
    }

    It 'AD03, AC06: secrets are not text' {
        Find-Parameter $commands { $_.Name -match '(Password|Secret|Token)$' -and $_.ParameterType -notin [securestring], [pscredential] } | Should -BeNullOrEmpty
        Find-Parameter $commands {
            $_.Name -match 'Credential$' -and ($_.ParameterType -ne [pscredential] -or -not ($_.Attributes | Where-Object { $_ -is [System.Management.Automation.CredentialAttribute] }))
        } | Should -BeNullOrEmpty
    }

    It 'AD04: what writes text takes an encoding' {
        Find-Command ($commands | Where-Object Verb -In 'Export', 'Out') { -not $_.Parameters['Encoding'] } $exceptions.AD04 | Should -BeNullOrEmpty
    }

    It 'AD05: a test answers yes or no' {
        Find-Command ($commands | Where-Object Verb -EQ 'Test') { $_.OutputType.Type -ne [bool] } $exceptions.AD05 | Should -BeNullOrEmpty
    }

    It 'AC01: classes are named after their cmdlets' {
        Find-Command $commands { $_.ImplementingType.FullName -cne "HedvigStorage.Commands.$($_.Verb)$($_.Noun)Command" } | Should -BeNullOrEmpty
    }

    It 'AC03, AC04: each can be stopped and frees what it holds' {
        Find-Command $commands {
            -not $_.ImplementingType.GetInterface('System.IDisposable') -or
            $_.ImplementingType.GetMethod('StopProcessing', [System.Reflection.BindingFlags]'Instance, NonPublic').DeclaringType.Assembly -ne $assembly
        } | Should -BeNullOrEmpty
    }

    It 'has a reason for each exception, and none for what is no longer there' {
        foreach ($rule in $exceptions.Keys) {
            foreach ($key in $exceptions[$rule].Keys) {
                $exceptions[$rule][$key] | Should -Match '\w{3,}.*\.'
                if ($rule -ne 'SD03') { $commands.Name | Should -Contain ($key -split ' ')[0] }
            }
        }
        foreach ($name in @($table.Invocations.Keys) + @($table.Reads.Keys)) { $commands.Name | Should -Contain $name }
    }

    It 'keeps the parameters that scripts use' {
        $golden = Join-Path $PSScriptRoot 'parameters.txt'
        $listing = Get-ParameterListing $commands
        if ($env:HV_UPDATE_PARAMETERS) { [IO.File]::WriteAllText($golden, $listing) }
        $expected = [IO.File]::ReadAllText($golden).Replace("`r`n", "`n")
        $difference = Compare-Object ($expected -split "`n") ($listing -split "`n") | ForEach-Object { "$($_.SideIndicator) $($_.InputObject)" }
        if ($listing -ne $expected) {
            throw "The parameters are not those of parameters.txt. If that is meant, run this suite with HV_UPDATE_PARAMETERS=1.`n$($difference -join "`n")"
        }
    }
}

Describe 'The guidelines on a cluster' {
    BeforeAll {
        $cluster = Start-TestCluster
        $secret = (Get-Content -Raw $cluster.CredentialFile | ConvertFrom-Json).password
        $administrator = (Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile).UserName
        Push-Location $TestDrive
    }

    AfterAll {
        Pop-Location
        Disconnect-HvCluster
        Stop-TestCluster $cluster
    }

    BeforeEach {
        $null = New-HvUser ([pscredential]::new('operator', (ConvertTo-SecureString 'A-password-for-4712' -AsPlainText -Force)))
        $null = New-HvPolicy silver
        $null = New-HvVolume pgdata 16MB
        $null = New-HvSnapshot pgdata nightly
        $null = New-HvVolume mapped 16MB
        $null = New-HvVolume share, files 16MB -Type File
        $null = New-HvTarget proxy1, spare
        $null = New-HvTarget nfs1 -Protocol Nfs
        $null = Add-HvLun mapped proxy1
        $null = Add-HvAccess mapped proxy1 10.0.0.7
        $null = Add-HvExport share nfs1
    }

    AfterEach {
        Get-HvLun | Remove-HvLun -Force
        Get-HvExport | Remove-HvExport -Force
        Get-HvVolume | Remove-HvVolume -Force
        Get-HvTarget | Remove-HvTarget -Force
        Get-HvPolicy | Remove-HvPolicy -Force
        Get-HvUser | Where-Object UserName -NE $administrator | Remove-HvUser -Force
    }

    It 'RD04: every cmdlet that changes something has a row' {
        @($changing.Name | Where-Object { -not $table.Invocations.Contains($_) }) | Should -BeNullOrEmpty
    }

    It 'RD04: <Name> -WhatIf writes nothing on the cluster' -ForEach $invocations {
        $row = $table.Invocations[$Name]
        $listing = Get-ClusterListing
        $writes = Get-WriteCount $cluster
        $null = & $row.Run -WhatIf -ErrorAction SilentlyContinue
        if ((Get-Command $Name).Parameters['Force']) { $null = & $row.Run -Force -WhatIf -ErrorAction SilentlyContinue }
        Get-WriteCount $cluster | Should -Be $writes
        Get-ClusterListing | Should -Be $listing
        if ($row['Left']) { & $row.Left | Should -BeFalse }
    }

    It 'RD05, RD06, AD03: <Name> writes on the cluster without asking, returns what it says, and shows no secret' -ForEach $counted {
        $command = Get-Command $Name
        $run = $table.Invocations[$Name].Run
        $writes = Get-WriteCount $cluster
        $said = @($(if ($command.Parameters['Force']) { & $run -Force -Verbose -Debug } else { & $run -Verbose -Debug }) *>&1)
        Get-WriteCount $cluster | Should -BeGreaterThan $writes
        ($said | Out-String) + ($said | Format-List * -Force | Out-String) | Should -Not -Match ([regex]::Escape($secret))
        $objects = @($said | Where-Object { $_ -isnot [System.Management.Automation.InformationalRecord] -and $_ -isnot [System.Management.Automation.InformationRecord] })
        @($objects | Where-Object { $_.GetType() -notin $command.OutputType.Type }) | Should -BeNullOrEmpty
    }

    It 'RC06: <Name> tells of a name that is not there, goes on with the next, and is silent on a pattern' -ForEach $filters {
        $result = Invoke-Partly { 'no-such-thing', 'no-such-*' | & $Name }
        $result.Output | Should -BeNullOrEmpty
        if (-not $exceptions.NotFound.ContainsKey($Name)) {
            $result.Errors.FullyQualifiedErrorId | Should -BeLike "*NotFound,HedvigStorage.Commands.$($Name.Replace('-', ''))Command"
            $result.Errors.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        }
    }

    It 'SC04, AC05: <Name> finds names in any case, keeps their case, and its objects survive serialisation' -ForEach $filters {
        $command = Get-Command $Name
        $parameter = Get-OwnParameter $command | Where-Object { $_.ParameterSets.Values.Position -eq 0 } | Select-Object -First 1
        foreach ($object in & $Name) {
            # By property name it comes back down the pipeline, so that the parameter or an alias of it is the property's name.
            $property = @($parameter.Name) + $parameter.Aliases | Where-Object { $object.PSObject.Properties[$_] } | Select-Object -First 1
            $property | Should -Not -BeNullOrEmpty
            $value = "$($object.$property)"
            @((& $Name "$($value.ToUpperInvariant())*").$property) | Should -Contain $value
            $copy = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($object, 3))
            @($copy.PSObject.Properties.Name | Sort-Object) | Should -Be @($object.PSObject.Properties.Name | Sort-Object)
            "$($copy.$property)" | Should -BeExactly $value
        }
    }

    It 'AD03: no transcript holds the secret' {
        $transcript = Join-Path $TestDrive 'transcript.txt'
        $null = & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command @"
            Start-Transcript '$transcript'
            Import-Module '$(Get-TestModulePath)'
            Connect-HvCluster $($cluster.Address) -CredentialFile '$($cluster.CredentialFile)' -Verbose -Debug | Format-List *
            `$wrong = [pscredential]::new('nobody', (ConvertTo-SecureString 'wrong-4711' -AsPlainText -Force))
            try { Connect-HvCluster $($cluster.Address) -Credential `$wrong -Verbose -Debug } catch { `$_ | Format-List * -Force }
            Get-HvVolume -Verbose -Debug | Out-Host
            Stop-Transcript
"@
        $text = Get-Content -Raw $transcript
        $text | Should -Match 'pgdata'
        $text | Should -Not -Match ([regex]::Escape($secret))
        $text | Should -Not -Match '(?<!'')wrong-4711'
    }
}

Describe 'AC03: a cluster that does not answer' {
    BeforeAll {
        $cluster = Start-TestCluster
        $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
        $connection = Get-HvCluster
        $limit = [TimeSpan]::FromSeconds(1)
        $runs = [ordered]@{}
        foreach ($name in $table.Invocations.Keys | Where-Object { (Get-Command $_).Parameters['Cluster'] -and $_ -notlike '*Docker*' -and $_ -ne 'Move-HvVolume' }) { $runs[$name] = $table.Invocations[$name].Run }
        foreach ($name in $table.Reads.Keys) { $runs[$name] = $table.Reads[$name] }
        foreach ($one in $commands | Where-Object { $_.Verb -eq 'Get' -and $_.Parameters['Cluster'] -and -not $_.Parameters['DockerHost'] }) { $runs[$one.Name] = [scriptblock]::Create("$($one.Name) @args") }

        # The process is halted: its socket still takes connections, and nobody reads them.
        kill -STOP $cluster.Process.Id

        function Measure-Stop([string] $Name, [scriptblock] $Run) {
            $state = [initialsessionstate]::CreateDefault2()
            $state.ImportPSModule((Get-TestModulePath))
            $shell = [powershell]::Create($state)
            try {
                $null = $shell.AddScript("`$ConfirmPreference = 'None'; & { $Run } -Cluster `$args[0]").AddArgument($connection)
                $null = $shell.BeginInvoke()
                # Long enough to be in the middle of the request; one that is stopped earlier has to end as soon.
                Start-Sleep -Milliseconds 300
                $shell.InvocationStateInfo.State | Should -Be 'Running' -Because $Name
                $watch = [Diagnostics.Stopwatch]::StartNew()
                $shell.BeginStop($null, $null).AsyncWaitHandle.WaitOne(30000) | Should -BeTrue
                $shell.InvocationStateInfo.State | Should -Be 'Stopped'
                $watch.Elapsed
            }
            finally {
                $shell.Dispose()
            }
        }
    }

    AfterAll {
        kill -CONT $cluster.Process.Id
        Disconnect-HvCluster
        Stop-TestCluster $cluster
    }

    It 'is left within a second by every cmdlet' {
        $runs.Count | Should -BeGreaterThan 15
        foreach ($name in $runs.Keys) {
            # A busy machine may be slow once; a cmdlet that waits is slow each time.
            $times = foreach ($attempt in 1..3) {
                Measure-Stop $name $runs[$name]
                if ($attempt -eq 1) { continue }
            }
            ($times | Sort-Object | Select-Object -First 1) | Should -BeLessThan $limit -Because $name
        }
    }
}
