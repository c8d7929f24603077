BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    $manifest = Get-TestModulePath
    $layout = Join-Path (Get-TestModuleRoot) 'HedvigStorage'
    Import-Module $manifest
    $cluster = Start-TestCluster
    $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
    Set-Content (Join-Path $TestDrive 'empty.json') '{ "volumes": [] }'
    $null = Test-HvConfiguration (Join-Path $TestDrive 'empty.json')

    function Get-OwnAssembly([scriptblock] $Filter) {
        [System.Runtime.Loader.AssemblyLoadContext]::All | Where-Object $Filter | ForEach-Object Assemblies |
            Where-Object { -not $_.IsDynamic -and $_.Location -like "$layout*" } | ForEach-Object { $_.GetName().Name } | Sort-Object
    }
}

AfterAll {
    Disconnect-HvCluster
    Stop-TestCluster $cluster
}

Describe 'The loader' {
    It 'brings nothing but Core and Module into the default context' {
        @(Get-OwnAssembly { $_ -eq [System.Runtime.Loader.AssemblyLoadContext]::Default }) | Should -Be 'HedvigStorage.Core', 'HedvigStorage.Module'
        $default = [System.Runtime.Loader.AssemblyLoadContext]::Default.Assemblies | ForEach-Object { $_.GetName().Name }
        $default | Should -Not -Contain 'Polly.Core'
        $default | Should -Not -Contain 'Docker.DotNet'
    }

    It 'has the client and its dependencies in one context of its own' {
        $contexts = @([System.Runtime.Loader.AssemblyLoadContext]::All | Where-Object Name -EQ 'HedvigStorage')
        $contexts.Count | Should -Be 1
        $own = Get-OwnAssembly { $_.Name -eq 'HedvigStorage' }
        $own | Should -Contain 'HedvigStorage.Client'
        $own | Should -Contain 'Polly.Core'
        $own | Should -Contain 'Docker.DotNet'
        $own | Should -Not -Contain 'HedvigStorage.Core'
    }

    It 'keeps its one context over removals and imports' {
        foreach ($round in 1..3) {
            Remove-Module HedvigStorage
            Import-Module $manifest
            $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
            Get-HvVolume | Should -BeNullOrEmpty
        }
        @([System.Runtime.Loader.AssemblyLoadContext]::All | Where-Object Name -EQ 'HedvigStorage').Count | Should -Be 1
    }

    It 'ends the default connection when the module is removed' {
        $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
        Remove-Module HedvigStorage
        Import-Module $manifest
        { Get-HvVolume -ErrorAction Stop } | Should -Throw '*Connect-HvCluster*'
    }

    It 'uses its own Polly where another module has brought a different one' {
        $decoy = Join-Path $TestDrive 'Polly.Core.dll'
        $assembly = [System.Reflection.Emit.PersistedAssemblyBuilder]::new([System.Reflection.AssemblyName]::new('Polly.Core, Version=99.0.0.0'), [object].Assembly)
        $null = $assembly.DefineDynamicModule('Decoy')
        $assembly.Save($decoy)
        $output = & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command @"
            `$ErrorActionPreference = 'Stop'
            `$null = [System.Reflection.Assembly]::LoadFrom('$decoy')
            Import-Module '$manifest'
            `$null = Connect-HvCluster $($cluster.Address) -CredentialFile '$($cluster.CredentialFile)'
            @(Get-HvVolume).Count
            [System.AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { `$_.GetName().Name -eq 'Polly.Core' } | ForEach-Object { `$_.GetName().Version.Major } | Sort-Object
"@
        $output | Should -Be '0', '8', '99'
    }
}
