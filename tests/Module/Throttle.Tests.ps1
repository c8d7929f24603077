Describe 'Work on several objects at once' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
        Import-Module (Join-Path $PSScriptRoot 'RequestGate.psm1')
        Import-Module (Get-TestModulePath)
        $cluster = Start-TestCluster
        $gate = New-RequestGate $cluster.Address AddVirtualDisk
        $null = Connect-HvCluster $gate.Address -CredentialFile $cluster.CredentialFile
    }

    AfterAll {
        Disconnect-HvCluster
        $gate.Dispose()
        Stop-TestCluster $cluster
    }

    AfterEach {
        $gate.Reset(0)
        Get-HvVolume | Set-HvVolume -Protected:$false
        Get-HvVolume | Remove-HvVolume -Force
    }

    It 'has as many requests under way as -ThrottleLimit says, and tells in the order of the objects though the last is answered first' {
        $gate.Reset(3)
        $volumes = 1..6 | ForEach-Object { "v$_" } | New-HvVolume -Size 16MB -ThrottleLimit 3
        $volumes.Name | Should -Be 'v1', 'v2', 'v3', 'v4', 'v5', 'v6'
        $gate.Most | Should -Be 3
    }

    It 'has ten under way by default' {
        $gate.Reset(10)
        (1..10 | ForEach-Object { 'v{0:00}' -f $_ } | New-HvVolume -Size 16MB).Count | Should -Be 10
        $gate.Most | Should -Be 10
    }

    It 'does one after the other with a limit of 1, and does not take the next one before the last one is told of' {
        $gate.Reset(1)
        $taken = [System.Collections.Generic.List[string]]::new()
        $told = 'a', 'b', 'c' | ForEach-Object { $taken.Add($_); $_ } | New-HvVolume -Size 16MB -ThrottleLimit 1 | ForEach-Object { "$($_.Name) of $($taken.Count)" }
        $told | Should -Be 'a of 1', 'b of 2', 'c of 3'
        $gate.Most | Should -Be 1
        (Get-HvVolume | Remove-HvVolume -Force -ThrottleLimit 1) | Should -BeNullOrEmpty
        ('a', 'b', 'c' | New-HvVolume -Size 16MB -ThrottleLimit 1 | Select-Object -First 1).Name | Should -Be 'a'
        (Get-HvVolume).Name | Should -Be 'a'
    }

    It 'takes a limit of 1 to 64' {
        { New-HvVolume a 16MB -ThrottleLimit 0 -ErrorAction Stop } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { New-HvVolume a 16MB -ThrottleLimit 65 -ErrorAction Stop } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        (New-HvVolume a 16MB -ThrottleLimit 64).Name | Should -Be 'a'
    }

    It 'writes the errors in their places, those of the cluster and those before it' {
        $null = New-HvVolume taken 32MB
        $global:PSDefaultParameterValues['*-Hv*:ErrorAction'] = 'Continue'
        try {
            $all = 'a', 'bad/name', 'b', 'taken', 'c' | New-HvVolume -Size 16MB 2>&1 | ForEach-Object { if ($_ -is [System.Management.Automation.ErrorRecord]) { "$($_.FullyQualifiedErrorId.Split(',')[0]) $($_.TargetObject)" } else { $_.Name } }
        }
        finally {
            $global:PSDefaultParameterValues.Remove('*-Hv*:ErrorAction')
        }
        $all | Should -Be 'a', 'VolumeInvalid bad/name', 'b', 'VolumeConflict taken', 'c'
    }

    It 'gives two results and one error for one bad of three, whatever is done' {
        $null = 'a', 'c' | New-HvVolume -Size 16MB
        $three = 'a', 'b', 'c'
        foreach ($work in @(
                { $three | Set-HvVolume -Description x -PassThru }
                { $three | Resize-HvVolume -Size 32MB -PassThru }
                { $three | New-HvSnapshot -Name now }
                { $three | Copy-HvVolume -Destination { "copy-of-$_" } }
            )) {
            $result = Invoke-Partly $work
            $result.Output.Count | Should -Be 2
            $result.Errors.Count | Should -Be 1
        }
    }

    It 'clones each volume under a name of its own' {
        $null = 'a', 'b' | New-HvVolume -Size 16MB
        (Get-HvVolume | Copy-HvVolume -Destination { "$($_.Name)-copy" }).Name | Should -Be 'a-copy', 'b-copy'
        $null = New-HvSnapshot a, b now
        (Get-HvSnapshot | Copy-HvVolume -Destination { "$($_.Volume)-then" }).SourceSnapshot | Should -Be 'now', 'now'
    }

    It 'ends everything at once with -ErrorAction Stop' {
        { 'a', 'bad/name', 'c' | New-HvVolume -Size 16MB -ErrorAction Stop } | Should -Throw "*'bad/name'*"
        Get-HvVolume -ErrorAction Stop | Out-Null
    }

    It 'stops when enough was taken, and takes no more from the pipeline' {
        $taken = [System.Collections.Generic.List[int]]::new()
        $first = 1..200 | ForEach-Object { $taken.Add($_); "v$_" } | New-HvVolume -Size 16MB -ThrottleLimit 2 -ErrorAction Stop | Select-Object -First 1
        $first.Name | Should -Be 'v1'
        $taken.Count | Should -BeLessThan 200
        @(Get-HvVolume).Count | Should -BeLessThan 200
    }

    It 'asks about each object before its work begins' {
        $gate.Reset(1)
        'a', 'b' | New-HvVolume -Size 16MB -WhatIf | Should -BeNullOrEmpty
        { 'a', 'b' | New-HvVolume -Size 16MB -Confirm -ErrorAction Stop } | Should -Throw
        $gate.Seen | Should -Be 0
    }

    It 'ends at once on Ctrl-C, though no request was answered' {
        $gate.Reset(100)
        $shell = [powershell]::Create()
        try {
            $null = $shell.AddScript({
                    param($manifest, $address, $credentialFile)
                    Import-Module $manifest
                    $null = Connect-HvCluster $address -CredentialFile $credentialFile
                    'a', 'b', 'c' | New-HvVolume -Size 16MB -ThrottleLimit 2
                }).AddArgument((Get-TestModulePath)).AddArgument($gate.Address).AddArgument($cluster.CredentialFile)
            $running = $shell.BeginInvoke()
            $deadline = [DateTime]::UtcNow.AddSeconds(25)
            while ($gate.Waiting -lt 2 -and [DateTime]::UtcNow -lt $deadline) { Start-Sleep -Milliseconds 20 }
            $gate.Waiting | Should -Be 2
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            Write-Host "      stopped after $($watch.ElapsedMilliseconds) ms"

            # It would take as long as the gate is patient otherwise.
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 10
            $running.IsCompleted | Should -BeTrue
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        }
        finally {
            $shell.Dispose()
        }
    }

    It 'removes the volumes that nobody has attached, as one types it' {
        $null = 'pgdata', 'pglog', 'web' | New-HvVolume -Size 16MB
        $said = pwsh -NoProfile -NonInteractive -Command "Import-Module '$(Get-TestModulePath)'; `$null = Connect-HvCluster $($cluster.Address) -CredentialFile '$($cluster.CredentialFile)'; Get-HvVolume pg* | Where-Object Attached -eq `$false | Remove-HvVolume -WhatIf"
        @($said -match 'What if:').Count | Should -Be 2
        "$said" | Should -Match 'pgdata.*pglog'
        Get-HvVolume pg* | Where-Object Attached -eq $false | Remove-HvVolume -WhatIf
        @(Get-HvVolume).Count | Should -Be 3
    }
}
