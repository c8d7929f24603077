# The part of the lines of each project that its own suite runs in its process, at least, in percent; 'build.ps1 -Task Coverage' holds it. What suites run
# as programs or in PowerShell, such as all of tests/Conformance and tests/Module, comes on top and is not counted: hv is mostly run so. The two hosts are
# left out: their suites run them under other users too, who cannot write what the collector counts. A change that lifts a part by much lifts its floor.
@{
    'tests/HedvigStorage.Core'   = @{ 'HedvigStorage.Core' = 90 }
    'tests/HedvigStorage.Client' = @{ 'HedvigStorage.Client' = 75; 'HedvigStorage.Protocol' = 47; 'HedvigStorage.Hosting' = 50 }
    'tests/HedvigStorage.Linux'  = @{ 'HedvigStorage.Linux' = 45 }
    'tests/HedvigStorage.Cli'    = @{ 'hv' = 28 }
    'tests/HelpWriter'           = @{ 'HelpWriter' = 73 }
}
