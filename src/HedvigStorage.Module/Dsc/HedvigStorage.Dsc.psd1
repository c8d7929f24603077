@{
    RootModule           = 'HedvigStorage.Dsc.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = 'c1f0d8a4-6a53-4d0f-9d0b-3e3f6f2f7a61'
    Author               = 'The HedvigStorage authors'
    CompanyName          = 'The HedvigStorage authors'
    Copyright            = 'Copyright (c) 2026 The HedvigStorage authors'
    Description          = 'Class-based DSC resources over the HedvigStorage module.'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Desktop', 'Core')
    FunctionsToExport    = @()
    CmdletsToExport      = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    DscResourcesToExport = @('HvConfiguration', 'HvContainer', 'HvDockerPlugin', 'HvPolicy', 'HvSnapshot', 'HvVolume')
    PrivateData          = @{
        PSData = @{
            Tags       = @('Storage', 'SDS', 'Docker', 'Hedvig', 'DSC', 'PSEdition_Desktop', 'PSEdition_Core', 'Linux', 'Windows')
            LicenseUri = 'https://opensource.org/license/mit'
        }
    }
}
