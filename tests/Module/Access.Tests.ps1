Describe 'How volumes of a cluster are reached' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
        Import-Module (Get-TestModulePath)
        $cluster = Start-TestCluster
        $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
        $iqn = 'iqn.1993-08.org.debian:01:web1'
    }

    AfterAll {
        Disconnect-HvCluster
        Stop-TestCluster $cluster
    }

    BeforeEach {
        $null = 'pgdata', 'pglog', 'web' | New-HvVolume -Size 16MB
        $null = New-HvVolume share 16MB -Type File
        $null = New-HvTarget proxy1, proxy2
        $null = New-HvTarget nfs1 Nfs
    }

    AfterEach {
        Get-HvLun | Remove-HvLun -Force
        Get-HvExport | Remove-HvExport -Force
        Get-HvTarget | Remove-HvTarget -Force
        Get-HvVolume | Remove-HvVolume -Force
    }

    Context 'Targets' {
        It 'are made once, and found again' {
            $target = New-HvTarget proxy3 -Protocol Block -ComputeHost web1, web2
            $target | Should -BeOfType HedvigStorage.Target
            $target.ComputeHosts | Should -Be 'web1', 'web2'
            (New-HvTarget proxy3 -ComputeHost web2, web1).Name | Should -Be 'proxy3'
            $problem = { New-HvTarget proxy3 -Protocol Nfs -ErrorAction Stop } | Should -Throw -PassThru
            $problem.FullyQualifiedErrorId | Should -Be 'TargetConflict,HedvigStorage.Commands.NewHvTargetCommand'
            $problem.CategoryInfo.Category | Should -Be 'ResourceExists'
        }

        It 'are listed by pattern, by name and by the host that they serve' {
            (Get-HvTarget).Name | Should -Be 'proxy1', 'proxy2', 'nfs1'
            (Get-HvTarget PROXY*).Name | Should -Be 'proxy1', 'proxy2'
            Get-HvTarget x* -ErrorAction Stop | Should -BeNullOrEmpty
            $null = Get-HvTarget proxy2 | Set-HvTarget -ComputeHost web1
            (Get-HvTarget -ComputeHost web1).Name | Should -Be 'proxy2'
            { Get-HvTarget proxy1 -ComputeHost web1 -ErrorAction Stop } | Should -Throw "*'proxy1' that serves the host 'web1'*"
            $result = Invoke-Partly { Get-HvTarget proxy1, nowhere, nfs1 }
            $result.Output.Name | Should -Be 'proxy1', 'nfs1'
            $result.Errors.FullyQualifiedErrorId | Should -Be 'TargetNotFound,HedvigStorage.Commands.GetHvTargetCommand'
            $result.Errors[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        }

        It 'are changed silently unless they are passed through' {
            Set-HvTarget proxy1 web1 | Should -BeNullOrEmpty
            (Get-HvTarget proxy1).ComputeHosts | Should -Be 'web1'
            @((Set-HvTarget proxy1 -ComputeHost @() -PassThru).ComputeHosts).Count | Should -Be 0
            $result = Invoke-Partly { 'proxy1', 'nowhere', 'proxy2' | Set-HvTarget -ComputeHost web2 -PassThru }
            $result.Output.Name | Should -Be 'proxy1', 'proxy2'
            $result.Errors.FullyQualifiedErrorId | Should -Be 'TargetNotFound,HedvigStorage.Commands.SetHvTargetCommand'
        }

        It 'are removed with the rules for them, and not while they serve a volume' {
            $null = Add-HvLun pgdata proxy1
            $null = Add-HvAccess web proxy2 $iqn
            $result = Invoke-Partly { Get-HvTarget proxy* | Remove-HvTarget -Force }
            $result.Errors.FullyQualifiedErrorId | Should -Be 'TargetBusy,HedvigStorage.Commands.RemoveHvTargetCommand'
            "$($result.Errors)" | Should -Match 'pgdata'
            (Get-HvTarget).Name | Should -Be 'proxy1', 'nfs1'
            Get-HvAccess | Should -BeNullOrEmpty
            Remove-HvTarget proxy2 -Force -ErrorAction Stop
        }

        It 'have names that are those of hosts' {
            $problem = { New-HvTarget 'a_b' -ErrorAction Stop } | Should -Throw -PassThru
            $problem.FullyQualifiedErrorId | Should -Be 'TargetInvalid,HedvigStorage.Commands.NewHvTargetCommand'
        }

        It 'are not volumes' {
            $null = New-HvVolume proxy1 16MB
            $result = Invoke-Partly { Get-HvTarget proxy1 | Remove-HvVolume -Force }
            $result.Errors.Count | Should -BeGreaterThan 0
            (Get-HvVolume proxy1).Name | Should -Be 'proxy1'
            Get-HvVolume proxy1 | Remove-HvVolume -Force
        }
    }

    Context 'LUNs' {
        It 'are added for volumes from the pipeline, as one types it' {
            $luns = Get-HvVolume pg* | Add-HvLun -Target proxy1
            $luns | Should -BeOfType HedvigStorage.Lun
            $luns | ForEach-Object { "$($_.Volume) $($_.Target) $($_.Number) $($_.ReadOnly)" } | Should -Be 'pgdata proxy1 1 False', 'pglog proxy1 2 False'
            (Get-HvVolume pg* | Add-HvLun -Target proxy1).Number | Should -Be 1, 2
        }

        It 'are added on targets from the pipeline' {
            Get-HvTarget proxy* | Add-HvLun pgdata -ReadOnly | ForEach-Object { "$($_.Target) $($_.ReadOnly)" } | Should -Be 'proxy1 True', 'proxy2 True'
            $problem = { Add-HvLun pgdata proxy1 -ErrorAction Stop } | Should -Throw -PassThru
            $problem.FullyQualifiedErrorId | Should -Be 'LunConflict,HedvigStorage.Commands.AddHvLunCommand'
        }

        It 'are removed as they are listed, as one types it' {
            $null = Get-HvVolume pg* | Add-HvLun -Target proxy1, proxy2
            Get-HvLun pgdata | Remove-HvLun -Confirm:$false
            Get-HvLun | ForEach-Object { "$($_.Volume)@$($_.Target)" } | Should -Be 'pglog@proxy1', 'pglog@proxy2'
            Remove-HvLun pgdata proxy1 -Force -ErrorAction Stop
            Get-HvTarget proxy2 | Get-HvLun | Remove-HvLun -Force
            (Get-HvLun).Target | Should -Be 'proxy1'
        }

        It 'without a rule are warned of in an export, which cannot describe them' {
            $null = Add-HvLun pgdata proxy1
            $document = Export-HvConfiguration -WarningVariable warnings -WarningAction SilentlyContinue
            $warnings | Should -HaveCount 1
            "$warnings" | Should -BeLike "*'pgdata'*'proxy1'*"
            "$document" | Should -Not -BeLike '*proxy1*'
        }

        It 'are listed by volume, by target, and by both' {
            $null = Get-HvVolume pg* | Add-HvLun -Target proxy1, proxy2
            (Get-HvLun *data).Target | Should -Be 'proxy1', 'proxy2'
            (Get-HvLun pgdata).Target | Should -Be 'proxy1', 'proxy2'
            (Get-HvLun pgdata proxy2).Number | Should -Be 1
            (Get-HvLun -Target proxy2).Volume | Should -Be 'pgdata', 'pglog'
            (Get-HvTarget proxy2 | Get-HvLun *log).Volume | Should -Be 'pglog'
            (Get-HvVolume pg* | Get-HvLun -Target *2).Volume | Should -Be 'pgdata', 'pglog'
            Get-HvTarget nfs1 | Get-HvLun -ErrorAction Stop | Should -BeNullOrEmpty
        }

        It 'that are asked for by name and are not there are errors' {
            Get-HvLun web -ErrorAction Stop | Should -BeNullOrEmpty
            Get-HvLun -Target proxy1 -ErrorAction Stop | Should -BeNullOrEmpty
            { Get-HvLun nowhere -ErrorAction Stop } | Should -Throw '*nowhere*' -ErrorId 'VolumeNotFound,HedvigStorage.Commands.GetHvLunCommand'
            { Get-HvLun web proxy1 -ErrorAction Stop } | Should -Throw "*'web'*'proxy1'*" -ErrorId 'LunNotFound,HedvigStorage.Commands.GetHvLunCommand'
            { Get-HvLun -Target nowhere -ErrorAction Stop } | Should -Throw '*nowhere*' -ErrorId 'TargetNotFound,HedvigStorage.Commands.GetHvLunCommand'
        }

        It 'one bad of three gives two LUNs and one error' {
            $result = Invoke-Partly { 'pgdata', 'nowhere', 'web' | Add-HvLun -Target proxy1 }
            $result.Output.Volume | Should -Be 'pgdata', 'web'
            $result.Errors.FullyQualifiedErrorId | Should -Be 'VolumeNotFound,HedvigStorage.Commands.AddHvLunCommand'
            $result.Errors[0].TargetObject | Should -Be 'nowhere'
            $result = Invoke-Partly { 'pgdata', 'share', 'web' | Add-HvLun -Target proxy1 }
            $result.Errors.FullyQualifiedErrorId | Should -Be 'LunRefused,HedvigStorage.Commands.AddHvLunCommand'
            { Add-HvLun pgdata nowhere -ErrorAction Stop } | Should -Throw '*nowhere*' -ErrorId 'LunInvalid,HedvigStorage.Commands.AddHvLunCommand'
        }

        It 'are taken from the columns of a file' {
            "Volume,Target`npgdata,proxy1`nweb,proxy2" | ConvertFrom-Csv | Add-HvLun | ForEach-Object { "$($_.Volume) $($_.Target)" } | Should -Be 'pgdata proxy1', 'web proxy2'
        }
    }

    Context 'Exports' {
        It 'are added, found, listed and removed' {
            $export = Get-HvVolume share | Add-HvExport -Target nfs1
            $export | Should -BeOfType HedvigStorage.Export
            (Get-HvTarget nfs* | Add-HvExport share).Target | Should -Be 'nfs1'
            Get-HvExport | ForEach-Object { "$_" } | Should -Be 'nfs1:share'
            (Get-HvExport share nfs1).Volume | Should -Be 'share'
            { Get-HvExport pgdata nfs1 -ErrorAction Stop } | Should -Throw "*'pgdata' is not exported*" -ErrorId 'ExportNotFound,*'
            { Add-HvExport pgdata nfs1 -ErrorAction Stop } | Should -Throw '*pgdata*' -ErrorId 'ExportRefused,*'
            Get-HvExport s* | Remove-HvExport -Confirm:$false
            Get-HvExport | Should -BeNullOrEmpty
            Remove-HvExport share nfs1 -Force -ErrorAction Stop
        }
    }

    Context 'Access rules' {
        It 'are of the type <Type> for the address <Address>' -ForEach @(
            @{ Address = 'iqn.1993-08.org.debian:01:web1'; Type = 'Iqn' }
            @{ Address = '10.1.2.3'; Type = 'Ip' }
            @{ Address = '10.1.0.0/16'; Type = 'Ip' }
            @{ Address = 'web1'; Type = 'Host' }
            @{ Address = 'ALL'; Type = 'Iqn' }
        ) {
            (Get-HvVolume pgdata | Add-HvAccess -Target proxy1 -Address $Address).Type | Should -Be $Type
            $rule = Get-HvAccess pgdata
            $rule | Should -BeOfType HedvigStorage.AccessRule
            "$($rule.Volume) $($rule.Target) $($rule.Type) $($rule.Address)" | Should -Be "pgdata proxy1 $Type $Address"
        }

        It 'for everybody suit the protocol of the target' {
            (Add-HvAccess share nfs1 ALL).Type | Should -Be 'Ip'
            (Add-HvAccess share nfs1 ALL -Type host).Type | Should -Be 'Host'
            (Get-HvAccess share).Type | Sort-Object | Should -Be 'Host', 'Ip'
        }

        It 'are refused if an address is none of its type, all or none of a list' {
            $problem = { Add-HvAccess pgdata proxy1 10.1.2.3, web1 -Type ip -ErrorAction Stop } | Should -Throw -PassThru
            $problem.FullyQualifiedErrorId | Should -Be 'AccessInvalid,HedvigStorage.Commands.AddHvAccessCommand'
            "$problem" | Should -Match "'web1'"
            Get-HvAccess | Should -BeNullOrEmpty
        }

        It 'are listed by volume, target, type and address, and removed as they are listed' {
            $null = Get-HvVolume pg* | Add-HvAccess -Target proxy1, proxy2 -Address $iqn, 10.1.2.3
            @(Get-HvAccess).Count | Should -Be 8
            @(Get-HvAccess pgdata -Type iqn).Count | Should -Be 2
            @(Get-HvAccess -Address 10.*).Count | Should -Be 4
            @(Get-HvTarget proxy2 | Get-HvAccess pgdata).Count | Should -Be 2
            Get-HvAccess pgdata proxy1 | Remove-HvAccess -Force
            Get-HvAccess pgdata | ForEach-Object Target | Select-Object -Unique | Should -Be 'proxy2'
            Get-HvAccess -Address $iqn | Remove-HvAccess -Confirm:$false
            Get-HvAccess | ForEach-Object Address | Select-Object -Unique | Should -Be '10.1.2.3'
            Remove-HvAccess pgdata proxy1 $iqn -Force -ErrorAction Stop
            { Get-HvAccess web proxy1 -ErrorAction Stop } | Should -Throw -ErrorId 'AccessNotFound,*'
        }

        It 'one bad of three gives two rules and one error' {
            $result = Invoke-Partly { 'pgdata', 'nowhere', 'web' | Add-HvAccess -Target proxy1 -Address $iqn }
            $result.Output.Volume | Should -Be 'pgdata', 'web'
            $result.Errors.FullyQualifiedErrorId | Should -Be 'VolumeNotFound,HedvigStorage.Commands.AddHvAccessCommand'
        }
    }

    Context 'A preview, a question and a table' {
        It 'changes nothing with -WhatIf' {
            $null = Add-HvLun pgdata proxy1
            $null = Add-HvExport share nfs1
            $null = Add-HvAccess pgdata proxy1 $iqn
            function Get-Listing { (Get-HvTarget), (Get-HvLun), (Get-HvExport), (Get-HvAccess) | ForEach-Object { $_ } | ForEach-Object { "$_ $($_.ComputeHosts)" } }
            $before = Get-Listing
            New-HvTarget proxy9 -WhatIf | Should -BeNullOrEmpty
            Set-HvTarget proxy1 web1 -PassThru -WhatIf | Should -BeNullOrEmpty
            Remove-HvTarget proxy2 -Force -WhatIf
            Add-HvLun web proxy1 -WhatIf | Should -BeNullOrEmpty
            Get-HvLun | Remove-HvLun -Force -WhatIf
            Get-HvExport | Remove-HvExport -WhatIf
            Add-HvAccess web proxy1 $iqn -WhatIf | Should -BeNullOrEmpty
            Get-HvAccess | Remove-HvAccess -Force -WhatIf
            Get-Listing | Should -Be $before
        }

        It 'asks before it cuts somebody off, and does not without an answer' {
            $null = Add-HvLun pgdata proxy1
            $null = Add-HvAccess pgdata proxy1 $iqn
            { Remove-HvAccess pgdata proxy1 $iqn -ErrorAction Stop } | Should -Throw
            { Get-HvLun pgdata | Remove-HvLun -ErrorAction Stop } | Should -Throw
            @(Get-HvLun).Count + @(Get-HvAccess).Count | Should -Be 2
        }

        It 'is shown as a table' {
            Add-HvLun pgdata proxy1 | Out-String -Width 120 | Should -Match 'pgdata +proxy1 +1 +False'
            Add-HvAccess pgdata proxy1 $iqn | Out-String -Width 120 | Should -Match 'pgdata +proxy1 +Iqn +iqn\.1993'
            Set-HvTarget proxy1 web1, web2 -PassThru | Out-String -Width 120 | Should -Match 'proxy1 +Block +web1, web2'
        }
    }
}
