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
    FormatsToProcess     = @('src/HedvigStorage.Module/HedvigStorage.Format.ps1xml', 'src/HedvigStorage.Module/HedvigStorage.Access.Format.ps1xml')
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    CmdletsToExport      = @(
        'Add-HvAccess'
        'Add-HvExport'
        'Add-HvLun'
        'Compare-HvConfiguration'
        'Connect-HvCluster'
        'Copy-HvVolume'
        'Disconnect-HvCluster'
        'Export-HvConfiguration'
        'Get-HvAccess'
        'Get-HvAttachment'
        'Get-HvCluster'
        'Get-HvContainer'
        'Get-HvDockerPlugin'
        'Get-HvDockerVolume'
        'Get-HvExport'
        'Get-HvLun'
        'Get-HvPolicy'
        'Get-HvSnapshot'
        'Get-HvTarget'
        'Get-HvVolume'
        'Install-HvDockerPlugin'
        'Invoke-HvConfiguration'
        'Move-HvVolume'
        'New-HvPolicy'
        'New-HvSnapshot'
        'New-HvTarget'
        'New-HvVolume'
        'Remove-HvAccess'
        'Remove-HvAttachment'
        'Remove-HvExport'
        'Remove-HvLun'
        'Remove-HvPolicy'
        'Remove-HvSnapshot'
        'Remove-HvTarget'
        'Remove-HvVolume'
        'Resize-HvVolume'
        'Restore-HvSnapshot'
        'Set-HvPolicy'
        'Set-HvTarget'
        'Set-HvVolume'
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
