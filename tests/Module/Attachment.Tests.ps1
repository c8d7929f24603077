Describe 'Attachments on a cluster' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'TestCluster.psm1')
        Import-Module (Get-TestModulePath)
        $cluster = Start-TestCluster
        $null = Connect-HvCluster $cluster.Address -CredentialFile $cluster.CredentialFile

        # A host's part, which no cmdlet plays: a process of this machine takes a lease.
        function Add-TestAttachment($Volume, $HostName, $Process) {
            function Send-Request($Request) {
                $answer = Invoke-RestMethod "$($cluster.Address)/rest/" -Method Post -Body @{ request = ($Request | ConvertTo-Json -Compress) }
                if ($answer.status -ne 'ok') { throw $answer.message }
                $answer.result
            }
            $credential = Get-Content -Raw $cluster.CredentialFile | ConvertFrom-Json
            $session = (Send-Request @{ type = 'Login'; category = 'UserManagement'; params = @{ userName = $credential.userName; password = $credential.password; cluster = '' } }).sessionId
            $boot = (Get-Content /proc/sys/kernel/random/boot_id).Trim()
            $null = Send-Request @{ type = 'Attach'; category = 'HedvigStorage'; sessionId = $session
                params = @{ virtualDisk = $Volume; host = $HostName; bootId = $boot; machineId = $boot; process = $Process } }
        }

        function Get-ProcessIdentity($Id) {
            $fields = ((Get-Content "/proc/$Id/stat") -replace '^.*\) ').Split(' ')
            "$Id/$($fields[19])/$((Get-Item /proc/self/ns/pid).Target)"
        }

        $running = Get-ProcessIdentity $PID
        $ended = "$PID/1/$((Get-Item /proc/self/ns/pid).Target)"
    }

    AfterAll {
        Disconnect-HvCluster
        Stop-TestCluster $cluster
    }

    BeforeEach {
        $null = 'a', 'b' | New-HvVolume -Size 16MB
    }

    AfterEach {
        Get-HvAttachment | ForEach-Object { Add-TestAttachment $_.Volume $_.Host $ended }
        Get-HvAttachment | Remove-HvAttachment -Force
        Get-HvVolume | Remove-HvVolume -Force
    }

    It 'lists who has which volume, of all volumes or of some, of all hosts or of one' {
        Get-HvAttachment | Should -BeNullOrEmpty
        Add-TestAttachment a host1 $running
        Add-TestAttachment b host2 $running
        Get-HvAttachment | ForEach-Object { "$($_.Volume) $($_.Host) $($_.Generation)" } | Should -Be 'a host1 1', 'b host2 1'
        (Get-HvAttachment -HostName host2).Volume | Should -Be 'b'
        (Get-HvAttachment A*).Volume | Should -Be 'a'
        (Get-HvVolume b | Get-HvAttachment).Host | Should -Be 'host2'
        Get-HvAttachment nowhere -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'are what volumes are listed by' {
        $null = New-HvVolume free 16MB
        Add-TestAttachment a host1 $running
        Add-TestAttachment b host2 $running
        (Get-HvVolume -Attached).Name | Should -Be 'a', 'b'
        (Get-HvVolume -Attached:$false).Name | Should -Be 'free'
        (Get-HvVolume -HostName host*2).Name | Should -Be 'b'
        (Get-HvVolume -Attached -First 1).Name | Should -Be 'a'
        Get-HvVolume -HostName web1 | Should -BeNullOrEmpty
        Remove-HvVolume free -Force
    }

    It 'ends the attachment of a host that has ended, and only previews with -WhatIf' {
        Add-TestAttachment a host1 $ended
        Remove-HvAttachment a -WhatIf
        @(Get-HvAttachment).Count | Should -Be 1
        Get-HvAttachment a | Remove-HvAttachment -Force
        Get-HvAttachment | Should -BeNullOrEmpty
        Remove-HvAttachment a -Force -ErrorAction Stop
    }

    It 'leaves the attachment of a host that runs, says why, and goes on with the next' {
        Add-TestAttachment a host1 $running
        Add-TestAttachment b host1 $ended
        Remove-HvAttachment a, nowhere, b -Force -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors.FullyQualifiedErrorId | Should -Be 'AttachmentRefused,HedvigStorage.Commands.RemoveHvAttachmentCommand', 'AttachmentNotFound,HedvigStorage.Commands.RemoveHvAttachmentCommand'
        "$($errors[0])" | Should -BeLike "*'host1' (process $PID) runs.*"
        (Get-HvAttachment).Volume | Should -Be 'a'
    }

    It 'waits until the host has ended, no longer than it is told to' {
        Add-TestAttachment a host1 $running
        $problem = { Remove-HvAttachment a -Wait -TimeoutSec 1 -Force -ErrorAction Stop } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -Be 'AttachmentRefused,HedvigStorage.Commands.RemoveHvAttachmentCommand'
        "$problem" | Should -BeLike "*(process $PID) runs*It was waited for 1s.*"

        $holder = Start-Process sleep 2 -PassThru
        Add-TestAttachment b host1 (Get-ProcessIdentity $holder.Id)
        Remove-HvAttachment b -Force -ErrorAction SilentlyContinue -ErrorVariable errors
        $errors.Count | Should -Be 1
        Remove-HvAttachment b -Wait -Force -ErrorAction Stop
        $holder.HasExited | Should -BeTrue
        (Get-HvAttachment).Volume | Should -Be 'a'
    }

    It 'lets a volume say that it may be taken over' {
        (New-HvVolume c -Size 16MB -Takeover Fenced).Takeover | Should -Be 'Fenced'
        (Set-HvVolume c -Takeover Never -PassThru).Takeover | Should -Be 'Never'
    }
}
