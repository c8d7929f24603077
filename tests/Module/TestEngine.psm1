# A Docker Engine of a suite's own: its socket, data and processes are apart from any other's, and nothing of it is left behind.

# Says why no engine can be started here, or nothing if one can.
function Get-TestEngineGap {
    if (-not $IsLinux) { 'A Docker Engine of the suite''s own needs Linux.' }
    elseif ((id -u) -ne 0) { 'A Docker Engine of the suite''s own needs root.' }
    else {
        $missing = 'dockerd', 'docker', 'busybox' | Where-Object { -not (Get-Command $_ -CommandType Application -ErrorAction Ignore) }
        if ($missing) { "Not installed here: $($missing -join ', ')." }
    }
}

function Start-TestEngine {
    $folder = Join-Path ([IO.Path]::GetTempPath()) "hv-eng-$([Guid]::NewGuid().ToString('n').Substring(0, 8))"
    $null = New-Item -ItemType Directory -Path $folder
    Set-Content (Join-Path $folder 'daemon.json') '{}'
    # overlay2 is refused on some file systems; vfs works on all, slowly.
    foreach ($driver in 'overlay2', 'vfs') {
        $process = Start-Process dockerd -PassThru -RedirectStandardOutput "$folder/out" -RedirectStandardError "$folder/log" -ArgumentList @(
            '--config-file', "$folder/daemon.json", '--host', "unix://$folder/docker.sock", '--data-root', "$folder/data", '--exec-root', "$folder/exec", '--pidfile', "$folder/docker.pid",
            '--bridge', 'none', '--iptables=false', '--ip6tables=false', '--storage-driver', $driver)
        $engine = [pscustomobject]@{ Folder = $folder; Address = "unix://$folder/docker.sock"; Process = $process }
        $deadline = [DateTime]::UtcNow.AddSeconds(60)
        while (-not $process.HasExited -and [DateTime]::UtcNow -lt $deadline) {
            if ((Test-Path "$folder/docker.sock") -and (docker -H $engine.Address version --format '{{.Server.Version}}' 2>$null)) { return $engine }
            Start-Sleep -Milliseconds 50
        }
    }
    $log = Get-Content -Tail 10 "$folder/log"
    Stop-TestEngine $engine
    throw "dockerd did not start: $log"
}

# An image with a shell and the tools of busybox.
function Add-TestImage {
    param([Parameter(Mandatory)] $Engine, [string] $Name = 'busybox:test')
    $root = Join-Path $Engine.Folder 'image'
    foreach ($part in 'bin', 'tmp', 'data') { $null = New-Item -ItemType Directory -Force -Path (Join-Path $root $part) }
    Copy-Item (Get-Command busybox -CommandType Application | Select-Object -First 1).Source "$root/bin/busybox"
    foreach ($tool in 'sh', 'echo', 'cat', 'sleep', 'true', 'sync') { ln -sf busybox "$root/bin/$tool" }
    tar -C $root -cf "$root.tar" .
    $null = docker -H $Engine.Address import --change 'ENV PATH=/bin' "$root.tar" $Name
    if ($LASTEXITCODE -ne 0) { throw "The image $Name could not be imported." }
}

# Runs docker against the engine, and fails with what it said if it fails.
function Invoke-TestEngine {
    param([Parameter(Mandatory)] $Engine, [Parameter(Mandatory)] [string[]] $Arguments)
    $said = docker -H $Engine.Address @Arguments 2>&1
    if ($LASTEXITCODE -ne 0) { throw "docker ${Arguments}: $said" }
    $said
}

function Stop-TestEngine {
    param([Parameter(Mandatory)] $Engine)
    if (-not $Engine.Process.HasExited) {
        $running = docker -H $Engine.Address ps -q 2>$null
        if ($running) { $null = docker -H $Engine.Address kill $running 2>$null }
        kill -TERM $Engine.Process.Id
        if (-not $Engine.Process.WaitForExit(30000)) { $Engine.Process.Kill($true) }
    }
    Get-Content /proc/self/mountinfo | ForEach-Object { $_.Split(' ')[4] } | Where-Object { $_.StartsWith("$($Engine.Folder)/") } |
        Sort-Object Length -Descending | ForEach-Object { umount -l $_ 2>$null }
    Remove-Item -Recurse -Force -ErrorAction Ignore -LiteralPath $Engine.Folder
}

Export-ModuleMember -Function *
