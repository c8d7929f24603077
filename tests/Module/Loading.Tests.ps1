# How the module comes into a session and leaves it: how long it takes, what it leaves, several at once, and beside another module
# that has brought other versions of the same assemblies.
BeforeDiscovery {
    $packages = if ($env:NUGET_PACKAGES) { $env:NUGET_PACKAGES } else { Join-Path $HOME '.nuget/packages' }
    # The test project restores them, in these versions.
    $neighbours = @(
        @{ Version = 'an older System.Text.Json'; Json = Join-Path $packages 'system.text.json/8.0.5/lib/net8.0/System.Text.Json.dll'; Polly = Join-Path $packages 'polly.core/8.5.2/lib/net8.0/Polly.Core.dll'; Parts = @() }
        @{ Version = 'a newer System.Text.Json'; Json = Join-Path $packages 'system.text.json/11.0.0/lib/net10.0/System.Text.Json.dll'; Polly = Join-Path $packages 'polly.core/8.5.2/lib/net8.0/Polly.Core.dll'
            Parts = @('System.IO.Pipelines', 'System.Text.Encodings.Web' | ForEach-Object { Join-Path $packages "$($_.ToLowerInvariant())/11.0.0/lib/net10.0/$_.dll" }) }
    )
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    $manifest = Get-TestModulePath
    $pwsh = (Get-Process -Id $PID).Path

    function Invoke-Session([string] $Script) {
        $file = Join-Path $TestDrive "$([Guid]::NewGuid().ToString('n')).ps1"
        Set-Content $file "`$ErrorActionPreference = 'Stop'`n`$ProgressPreference = 'SilentlyContinue'`n$Script"
        $output = & $pwsh -NoProfile -NonInteractive -File $file 2>&1
        if ($LASTEXITCODE -ne 0) { throw "$output" }
        $output | ForEach-Object { "$_" }
    }
}

Describe 'Import-Module' {
    It 'takes at most 300 ms of the processor' {
        $empty = Join-Path $TestDrive 'Empty.dll'
        Add-Type -OutputAssembly $empty -TypeDefinition 'using System.Management.Automation; [Cmdlet("Get", "Empty")] public class GetEmptyCommand : PSCmdlet { }'
        # Time of the processor, not of the clock: how much of it there is to be had for others does not matter.
        $measure = {
            param($Path)
            $text = Invoke-Session "`$own = [Diagnostics.Process]::GetCurrentProcess(); `$used = `$own.TotalProcessorTime; `$watch = [Diagnostics.Stopwatch]::StartNew(); Import-Module '$Path'; `$watch.Stop(); `$own.Refresh(); '{0} {1}' -f [int] (`$own.TotalProcessorTime - `$used).TotalMilliseconds, `$watch.ElapsedMilliseconds"
            [pscustomobject] @{ Processor = [int] ($text -split ' ')[0]; Clock = [int] ($text -split ' ')[1] }
        }
        $bare, $own = @(), @()
        # One after the other, so that what else the machine does meets both alike.
        foreach ($round in 1..3) {
            $bare += & $measure $empty
            $own += & $measure $manifest
        }
        $median = { param($Numbers) @($Numbers | Sort-Object)[1] }
        Write-Host ('      import: {0} ms, of the processor {1} ms; an empty binary module: {2} ms, {3} ms (medians of 3)' -f
            (& $median $own.Clock), (& $median $own.Processor), (& $median $bare.Clock), (& $median $bare.Processor))
        & $median $own.Processor | Should -BeLessOrEqual 300
    }

    It 'loads no other module: each of them takes longer than this one' {
        # A session that has loaded none yet.
        $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
        try {
            $loaded = @($shell.AddScript("Import-Module '$manifest'; Get-Module").Invoke() | ForEach-Object Name)
            $shell.Streams.Error | Should -BeNullOrEmpty
            $loaded | Should -Be 'HedvigStorage'
        }
        finally {
            $shell.Dispose()
        }
    }

    It 'loads nothing of the client' {
        Invoke-Session "Import-Module '$manifest'; [AppDomain]::CurrentDomain.GetAssemblies() | ForEach-Object { `$_.GetName().Name } | Where-Object { `$_ -match 'HedvigStorage|Polly|Docker|Microsoft.Net.Http.Client' } | Sort-Object" |
            Should -Be 'HedvigStorage.Core', 'HedvigStorage.Module'
    }

    It 'takes a second copy of the module beside the first, and the same one again' {
        $copy = Join-Path (Get-TestRepository) 'artifacts/HedvigStorage/HedvigStorage.psd1'
        Invoke-Session "Import-Module '$manifest'; Import-Module '$copy'; Import-Module '$manifest' -Force; (Get-Command Get-HvVolume).Name" | Should -Be 'Get-HvVolume'
    }

    It 'works in several runspaces at once' {
        $shells = 1..8 | ForEach-Object { [powershell]::Create().AddScript("Import-Module '$manifest'; (Get-Command -Module HedvigStorage).Count; try { Get-HvVolume -ErrorAction Stop } catch { `$_.FullyQualifiedErrorId }") }
        try {
            $runs = @($shells | ForEach-Object { $_.BeginInvoke() })
            $results = foreach ($index in 0..7) { $shells[$index].EndInvoke($runs[$index]) -join ' ' }
            $count = (Import-PowerShellDataFile $manifest).CmdletsToExport.Count
            @($results | Sort-Object -Unique) | Should -Be "$count ClusterInvalid,HedvigStorage.Commands.GetHvVolumeCommand"
        }
        finally {
            $shells | ForEach-Object Dispose
        }
    }
}

Describe 'Remove-Module' {
    BeforeAll {
        $cluster = Start-TestCluster
    }

    AfterAll {
        Stop-TestCluster $cluster
    }

    It 'leaves no command, no handler and no connection, and -Force imports it again' {
        $output = Invoke-Session @"
            function Get-HandlerCount {
                `$field = [AppDomain].GetFields([System.Reflection.BindingFlags]'NonPublic, Static, Instance') + [System.Runtime.Loader.AssemblyLoadContext].GetFields([System.Reflection.BindingFlags]'NonPublic, Static, Instance') | Where-Object Name -Match 'AssemblyResolve`$|AssemblyLoad`$'
                (`$field | ForEach-Object {
                    `$target = if (`$_.DeclaringType -eq [AppDomain]) { [AppDomain]::CurrentDomain } else { [System.Runtime.Loader.AssemblyLoadContext]::Default }
                    `$delegate = `$_.GetValue(`$(if (-not `$_.IsStatic) { `$target }))
                    if (`$delegate) { `$delegate.GetInvocationList().Count } else { 0 }
                } | Measure-Object -Sum).Sum
            }
            `$handlers = Get-HandlerCount
            foreach (`$round in 1..3) {
                Import-Module '$manifest'
                `$null = Connect-HvCluster $($cluster.Address) -CredentialFile '$($cluster.CredentialFile)'
                @(Get-HvVolume).Count
                Remove-Module HedvigStorage
                @(Get-Command *-Hv* -ListImported -ErrorAction Ignore).Count + @(Get-Module HedvigStorage*).Count
                (Get-HandlerCount) - `$handlers
            }
            Import-Module '$manifest' -Force
            try { Get-HvVolume } catch { `$_.FullyQualifiedErrorId }
            Import-Module '$manifest' -Force
            `$null = Connect-HvCluster $($cluster.Address) -CredentialFile '$($cluster.CredentialFile)'
            @(Get-HvVolume).Count
"@
        $round = '0', '0', '0'
        $output | Should -Be ($round + $round + $round + 'ClusterInvalid,HedvigStorage.Commands.GetHvVolumeCommand' + '0')
    }
}

Describe 'Another module with <Version> and another Polly' -ForEach $neighbours {
    BeforeAll {
        $cluster = Start-TestCluster
        # The neighbour does as many do: its Polly lies in the default context, and its JSON in a context of its own, for PowerShell has one already.
        $neighbour = Join-Path $TestDrive 'Neighbour.psm1'
        Set-Content $neighbour @"
`$null = [System.Reflection.Assembly]::LoadFrom('$Polly')
`$context = [System.Runtime.Loader.AssemblyLoadContext]::new('Neighbour')
`$json = `$context.LoadFromAssemblyPath('$Json')
@($(($Parts | ForEach-Object { "'$_'" }) -join ', ')) | ForEach-Object { `$null = `$context.LoadFromAssemblyPath(`$_) }
function Get-Neighbour {
    `$builder = [Polly.ResiliencePipelineBuilder]::new()
    `$pipeline = [Polly.RetryResiliencePipelineBuilderExtensions]::AddRetry(`$builder, [Polly.Retry.RetryStrategyOptions]::new()).Build()
    `$document = `$json.GetType('System.Text.Json.Nodes.JsonNode').GetMethods() | Where-Object { `$_.Name -eq 'Parse' -and `$_.GetParameters()[0].ParameterType -eq [string] } | Select-Object -First 1
    `$node = `$document.Invoke(`$null, [object[]]@('{"a":[1,2]}') + @(`$null, [Activator]::CreateInstance(`$document.GetParameters()[2].ParameterType)))
    "`$(`$pipeline.GetType().Assembly.GetName().Version.ToString(2)) `$(`$json.GetName().Version.Major) `$(`$node.ToJsonString(`$null))"
}
"@
        $expected = "$([System.Reflection.AssemblyName]::GetAssemblyName($Polly).Version.ToString(2)) $([System.Reflection.AssemblyName]::GetAssemblyName($Json).Version.Major) {""a"":[1,2]}"
        $use = "`$null = Connect-HvCluster $($cluster.Address) -CredentialFile '$($cluster.CredentialFile)'; `$null = New-HvVolume data 16MB; (Get-HvVolume data).Size"
    }

    AfterAll {
        Stop-TestCluster $cluster
    }

    It 'works, and so does ours, whichever is imported first' {
        Test-Path $Json, $Polly | Should -Be $true, $true -Because "the test project restores '$Json' and '$Polly'"
        Invoke-Session "Import-Module '$neighbour'; Get-Neighbour; Import-Module '$manifest'; $use; Get-Neighbour" | Should -Be $expected, '16777216', $expected
        Invoke-Session "Import-Module '$manifest'; $use; Import-Module '$neighbour'; Get-Neighbour; (Get-HvVolume data).Size" | Should -Be '16777216', $expected, '16777216'
    }
}
