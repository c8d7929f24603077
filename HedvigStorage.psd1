@{
    RootModule           = 'src/HedvigStorage.Module/HedvigStorage.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '5b0f9b8e-3d0c-4c1e-9d57-6f1a6f1c9b52'
    Author               = 'The HedvigStorage authors'
    CompanyName          = 'The HedvigStorage authors'
    Copyright            = 'Copyright (c) 2026 The HedvigStorage authors'
    Description          = 'Manages software-defined-storage clusters, their volumes, policies and snapshots, and converges storage and container state from one document.'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Desktop', 'Core')
    FormatsToProcess     = @('src/HedvigStorage.Module/HedvigStorage.Format.ps1xml', 'src/HedvigStorage.Module/HedvigStorage.Administration.Format.ps1xml')
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    CmdletsToExport      = @(
        'Compare-HvConfiguration'
        'Connect-HvCluster'
        'Copy-HvVolume'
        'Disconnect-HvCluster'
        'Export-HvConfiguration'
        'Get-HvAttachment'
        'Get-HvAuditEvent'
        'Get-HvCluster'
        'Get-HvClusterNode'
        'Get-HvClusterProfile'
        'Get-HvDockerPlugin'
        'Get-HvPolicy'
        'Get-HvSnapshot'
        'Get-HvUser'
        'Get-HvVolume'
        'Install-HvDockerPlugin'
        'Invoke-HvConfiguration'
        'New-HvCluster'
        'New-HvPolicy'
        'New-HvSnapshot'
        'New-HvUser'
        'New-HvVolume'
        'Remove-HvAttachment'
        'Remove-HvCluster'
        'Remove-HvClusterProfile'
        'Remove-HvPolicy'
        'Remove-HvSnapshot'
        'Remove-HvUser'
        'Remove-HvVolume'
        'Resize-HvVolume'
        'Restore-HvSnapshot'
        'Set-HvPolicy'
        'Set-HvUser'
        'Set-HvVolume'
        'Start-HvCluster'
        'Stop-HvCluster'
        'Test-HvCluster'
        'Test-HvConfiguration'
        'Test-HvDockerPlugin'
        'Uninstall-HvDockerPlugin'
        'Update-HvDockerPlugin'
    )
    PrivateData          = @{
        PSData = @{
            Tags         = @('Storage', 'SDS', 'Docker', 'Hedvig', 'Volume', 'DSC', 'PSEdition_Desktop', 'PSEdition_Core', 'Linux', 'Windows')
            LicenseUri   = 'https://opensource.org/license/mit'
            ReleaseNotes = 'First version.'
        }
    }
}
