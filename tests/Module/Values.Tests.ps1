BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
    Import-Module (Get-TestModulePath)
}

Describe 'A wrong value' {
    It 'is told of in one sentence: <Command>' -ForEach @(
        @{ Command = { New-HvVolume x 16MB -Type Blob }; Message = "'Blob' is not a valid type of volume. Give Block or File." }
        @{ Command = { New-HvVolume x 16MB -Type 1 }; Message = "'1' is not a valid type of volume. Give Block or File." }
        @{ Command = { New-HvVolume x 16MB -FileSystem ntfs }; Message = "'ntfs' is not a valid file system. Give Ext4 or Xfs." }
        @{ Command = { New-HvVolume x 16MB -Takeover Always }; Message = "'Always' is not a valid take-over. Give Never or Fenced." }
        @{ Command = { New-HvVolume x 16MB -Uid -1 }; Message = "'-1' is not a valid user id. Give a whole number from 0 to 2147483647." }
        @{ Command = { New-HvVolume x 16MB -Gid wheel }; Message = "'wheel' is not a valid group id. Give a whole number from 0 to 2147483647." }
        @{ Command = { New-HvVolume x @{} }; Message = "'a hashtable' is not a size. Give a number and a unit, such as 512MB, 10GB or 1.5TB; a bare number is bytes." }
        @{ Command = { New-HvVolume x (Get-Date 0) }; Message = "* is not a size. *" }
        @{ Command = { Resize-HvVolume x 10XB }; Message = "'10XB' is not a size. *" }
        @{ Command = { New-HvTarget x fc }; Message = "'fc' is not a valid protocol of targets. Give Block or Nfs." }
        @{ Command = { Add-HvAccess x y 10.0.0.7 -Type mac }; Message = "'mac' is not a valid type of address. Give *" }
        @{ Command = { New-HvUser ([pscredential]::new('x', (ConvertTo-SecureString x -AsPlainText -Force))) Root }; Message = "'Root' is not a valid role. Give ReadOnly, Admin or SuperUser." }
        @{ Command = { Test-HvCluster -Uri http://127.0.0.1:1 -CredentialFile none.json -RequestTimeout 0 }; Message = "'0' is not a time from 10 milliseconds to a day. *" }
        @{ Command = { New-HvPolicy x -ReplicationFactor 7 }; Message = "'7' is not a valid replication factor. Give a whole number from 1 to 6." }
        @{ Command = { New-HvPolicy x -ReplicationPolicy Nearby }; Message = "'Nearby' is not a valid replication policy. Give Agnostic, RackAware or DataCenterAware." }
        @{ Command = { New-HvPolicy x -Residence Tape, Flash }; Message = "*'Tape' is not a valid residence. Give HDD or Flash." }
        @{ Command = { New-HvPolicy x -Compression yes }; Message = "'yes' is neither `$true nor `$false." }
        @{ Command = { Set-HvVolume x -Protected:2 }; Message = "'2' is neither `$true nor `$false." }
        @{ Command = { Connect-HvCluster http://127.0.0.1:1 -RequestTimeout soon }; Message = "'soon' is not a time from 10 milliseconds to a day. Give a number of seconds, or a time such as 00:01:30." }
        @{ Command = { Connect-HvCluster http://127.0.0.1:1 -RequestTimeout 0 }; Message = "'0' is not a time from *" }
        @{ Command = { Install-HvDockerPlugin -Mode Daemon }; Message = "'Daemon' is not a valid mode of a plugin host. Give Process, Service or Managed." }
        @{ Command = { Invoke-HvConfiguration none.json -AllowReplaceKind Volume, Cluster }; Message = "'Cluster' is not a valid kind of object. Give Policy, Volume, *" }
    ) {
        $problem = { & $Command } | Should -Throw -PassThru
        "$problem" | Should -BeLike "Cannot process argument transformation on parameter '*'. $Message"
        "$problem" | Should -Not -MatchExactly '`|System\.[A-Z]|\n'
    }
}

Describe 'A right value' {
    BeforeAll {
        $cluster = Start-TestCluster
        $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile
    }

    AfterAll {
        Disconnect-HvCluster
        Stop-TestCluster $cluster
    }

    It 'is taken from a table of texts, where an empty text says nothing' {
        $table = 'Name,Size,Type,Compression,ReplicationFactor,Uid,Residence', 'one,16MB,file,true,3,70,flash', 'two,16MB,,false,,,' | ConvertFrom-Csv
        $one, $two = $table | New-HvVolume -WarningAction Ignore
        "$($one.Type) $($one.Uid) $($one.Requested)" | Should -Be 'File 70 replicationFactor=3, residence=Flash, compression=true'
        "$($two.Type) $($two.Uid) $($two.Requested)" | Should -Be 'Block  compression=false'
    }

    It 'is a word in any letter case, a number or a switch: <Arguments>' -ForEach @(
        @{ Arguments = @{ Compression = 1 } }
        @{ Arguments = @{ Compression = 'True' } }
        @{ Arguments = @{ Compression = [switch]$true } }
        @{ Arguments = @{ Compression = $true } }
    ) {
        (New-HvPolicy flags @Arguments -WarningAction Ignore).Requested.Compression | Should -BeTrue
    }

    It 'is a number of seconds where a time is wanted' {
        # Taken for ticks, 30 would be shorter than any answer.
        foreach ($time in 30, '30', '00:00:30', [TimeSpan]::FromSeconds(30), 2.5) {
            (Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile -RequestTimeout $time).UserName | Should -Be 'HedvigAdmin'
        }
    }
}
