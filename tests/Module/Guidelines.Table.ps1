# What the guidelines have to know of single cmdlets. A cmdlet that changes something has a row in Invocations; one that a guideline
# does not fit has a row in Exceptions, with the reason.
#
# An invocation is run on a cluster that has what BeforeEach of Guidelines.Tests.ps1 makes. It passes @args on, by which -WhatIf and -Force come. Local says why
# nothing of it is counted on the cluster; Left tells what it may not leave behind in a preview.
@{
    Invocations = [ordered]@{
        'Add-HvAccess'             = @{ Run = { Add-HvAccess pgdata proxy1 10.0.0.7 @args } }
        'Add-HvExport'             = @{ Run = { Add-HvExport files nfs1 @args } }
        'Add-HvLun'                = @{ Run = { Add-HvLun pgdata proxy1 @args } }
        'Copy-HvVolume'            = @{ Run = { Copy-HvVolume pgdata copied @args } }
        'Export-HvConfiguration'   = @{ Run = { Export-HvConfiguration exported.json @args }; Local = 'it writes a file'; Left = { Test-Path exported.json } }
        'Install-HvDockerPlugin'   = @{ Run = { Install-HvDockerPlugin hv-guidelines -DockerHost tcp://127.0.0.1:1 @args }; Local = 'it changes a Docker Engine' }
        'Invoke-HvConfiguration'   = @{ Run = { Invoke-HvConfiguration -Configuration @{ volumes = @(@{ name = 'converged'; size = '16MB' }) } @args } }
        'Move-HvVolume'            = @{ Run = { try { Move-HvVolume pgdata tcp://127.0.0.1:2 -DockerHost tcp://127.0.0.1:1 @args } catch { if ($_.CategoryInfo.Category -ne 'ConnectionError') { throw } } }; Local = 'it changes two Docker Engines: Move.Tests.ps1' }
        'New-HvCluster'            = @{ Run = { New-HvCluster made.data @args }; Local = 'it starts a host on this machine'; Left = { Test-Path made.data } }
        'New-HvPolicy'             = @{ Run = { New-HvPolicy made @args } }
        'New-HvSnapshot'           = @{ Run = { New-HvSnapshot pgdata made @args } }
        'New-HvTarget'             = @{ Run = { New-HvTarget made @args } }
        'New-HvUser'               = @{ Run = { New-HvUser ([pscredential]::new('made', (ConvertTo-SecureString 'A-password-for-4711' -AsPlainText -Force))) @args } }
        'New-HvVolume'             = @{ Run = { New-HvVolume made 16MB @args } }
        'Remove-HvAccess'          = @{ Run = { Remove-HvAccess mapped proxy1 10.0.0.7 @args } }
        'Remove-HvAttachment'      = @{ Run = { Remove-HvAttachment pgdata @args }; Local = 'a host that has ended is needed for it: Attachment.Tests.ps1' }
        'Remove-HvCluster'         = @{ Run = { Remove-HvCluster none.data @args }; Local = 'it ends a host on this machine' }
        'Remove-HvClusterProfile'  = @{ Run = { Remove-HvClusterProfile none @args }; Local = 'it writes a file' }
        'Remove-HvExport'          = @{ Run = { Remove-HvExport share nfs1 @args } }
        'Remove-HvLun'             = @{ Run = { Remove-HvLun mapped proxy1 @args } }
        'Remove-HvPolicy'          = @{ Run = { Remove-HvPolicy silver @args } }
        'Remove-HvSnapshot'        = @{ Run = { Remove-HvSnapshot pgdata nightly @args } }
        'Remove-HvTarget'          = @{ Run = { Remove-HvTarget spare @args } }
        'Remove-HvUser'            = @{ Run = { Remove-HvUser operator @args } }
        'Remove-HvVolume'          = @{ Run = { Remove-HvVolume pgdata @args } }
        'Resize-HvVolume'          = @{ Run = { Resize-HvVolume pgdata 32MB @args } }
        'Restore-HvSnapshot'       = @{ Run = { Restore-HvSnapshot pgdata nightly @args } }
        'Set-HvPolicy'             = @{ Run = { Set-HvPolicy silver -Description changed @args } }
        'Set-HvTarget'             = @{ Run = { Set-HvTarget spare db1 @args } }
        'Set-HvUser'               = @{ Run = { Set-HvUser operator -DisplayName changed @args } }
        'Set-HvVolume'             = @{ Run = { Set-HvVolume pgdata -Description changed @args } }
        'Start-HvCluster'          = @{ Run = { Start-HvCluster none.data @args }; Local = 'it starts a host on this machine'; Left = { Test-Path none.data } }
        'Stop-HvCluster'           = @{ Run = { Stop-HvCluster none.data @args }; Local = 'it ends a host on this machine' }
        'Uninstall-HvDockerPlugin' = @{ Run = { Uninstall-HvDockerPlugin hv-guidelines -DockerHost tcp://127.0.0.1:1 @args }; Local = 'it changes a Docker Engine' }
        'Update-HvDockerPlugin'    = @{ Run = { Update-HvDockerPlugin hv-guidelines -DockerHost tcp://127.0.0.1:1 @args }; Local = 'it changes a Docker Engine' }
    }

    # Cmdlets that read with an argument that they cannot do without.
    Reads = [ordered]@{
        'Compare-HvConfiguration' = { Compare-HvConfiguration -Configuration @{ volumes = @(@{ name = 'pgdata'; size = '16MB' }) } @args }
        'Test-HvConfiguration'    = { Test-HvConfiguration -Configuration @{ volumes = @(@{ name = 'pgdata'; size = '16MB' }) } @args }
    }

    # Guideline -> cmdlet, or cmdlet and parameter -> why it is otherwise.
    Exceptions = @{
        RD04   = @{
            'Connect-HvCluster'    = 'It changes this session alone.'
            'Disconnect-HvCluster' = 'It ends a session of one''s own.'
        }
        Impact = @{
            'Move-HvVolume' = 'Containers are stopped by it.'
        }
        RD06   = @{}
        SC01   = @{
            'Get-HvDockerPlugin -Name' = 'A Docker Engine cannot list drivers that are not running, so a pattern has nothing to match.'
        }
        SC02   = @{
            'Export-HvConfiguration' = 'It writes one file of all that is there.'
            'Install-HvDockerPlugin' = 'One plugin is installed for one engine, with settings of its own.'
        }
        SC04   = @{}
        NotFound = @{
            'Get-HvAttachment' = 'That nobody has a volume is not an error; a volume without an attachment is the ordinary one.'
            'Get-HvSnapshot'   = 'Its first name is a volume''s: Snapshot.Tests.ps1 shows which error tells of which.'
        }
        SD03   = @{
            'Mode'      = 'Permission bits of a volume; how a Docker plugin runs.'
            'Protected' = 'A switch where an object is made; yes, no or unchanged where one is set.'
            'Type'      = 'A volume''s type; the type of a request in the audit.'
            'Snapshot'  = 'A name, or the object from the pipeline.'
        }
        PassThru = @{}
        AD04   = @{
            'Export-HvConfiguration' = 'A document is JSON, which is UTF-8 by its definition.'
        }
        AD05   = @{
            'Test-HvCluster'      = 'It answers yes or no; -Detailed writes each check instead.'
            'Test-HvDockerPlugin' = 'It tells which part is wrong; each check has Passed.'
        }
        AC05   = @{}
    }
}
