# What makes a folder that PowerShell imports into a package that a repository serves: notices, list of files, hashes, archive.
# The same files in give the same bytes out: nothing here depends on the clock, on the order of a listing or on the culture.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$script:OldestEntry = [DateTimeOffset]::new(1980, 1, 1, 0, 0, 0, [TimeSpan]::Zero)
$script:Sums = 'SHA256SUMS'

# Everything in a folder, as paths with '/' in ordinal order.
function Get-PackageFile {
    param([Parameter(Mandatory)] [string] $Path)
    $root = (Resolve-Path -LiteralPath $Path).Path
    $names = [string[]] @(Get-ChildItem -LiteralPath $root -Recurse -File -Force | ForEach-Object { [IO.Path]::GetRelativePath($root, $_.FullName).Replace('\', '/') })
    [Array]::Sort($names, [StringComparer]::Ordinal)
    $names
}

# The package that a file of the package cache comes from, by the description that lies at its root.
function Get-PackageOfFile {
    param([Parameter(Mandatory)] [string] $Path)
    $folder = [IO.Path]::GetDirectoryName($Path)
    while ($folder) {
        $description = @([IO.Directory]::GetFiles($folder, '*.nuspec'))
        if ($description.Count -eq 1) {
            return [pscustomobject]@{ Folder = $folder; Description = $description[0] }
        }
        $folder = [IO.Path]::GetDirectoryName($folder)
    }
    throw "'$Path' is to ship, but comes from no package: what licence it is under cannot be told."
}

# The licence of a package, in full: its own text where it brings one, otherwise the text of the licence that its description names.
function Get-PackageLicence {
    param([Parameter(Mandatory)] $Package)
    $metadata = ([xml] [IO.File]::ReadAllText($Package.Description)).package.metadata
    $licence = $metadata.SelectSingleNode('*[local-name()="license"]')
    $copyright = $metadata.SelectSingleNode('*[local-name()="copyright"]')
    $expression = if ($licence -and $licence.GetAttribute('type') -eq 'expression') { $licence.InnerText }
    $own = if ($licence -and $licence.GetAttribute('type') -eq 'file') { Join-Path $Package.Folder $licence.InnerText.Replace('\', '/') }
    if (-not $own) {
        $own = [IO.Directory]::GetFiles($Package.Folder) | Where-Object { [IO.Path]::GetFileName($_) -match '^LICEN[CS]E(\.(txt|md))?$' } | Sort-Object | Select-Object -First 1
    }
    $standard = if ($expression) { Join-Path $PSScriptRoot "licences/$expression.txt" }

    $text = if ($own -and (Test-Path -LiteralPath $own)) { $own } elseif ($standard -and (Test-Path -LiteralPath $standard)) { $standard }
    if (-not $text) {
        throw "The package $($metadata.id) $($metadata.version) is to ship, but its licence is not known: it brings no text, and '$expression' is not in '$PSScriptRoot/licences'."
    }
    $others = @([IO.Directory]::GetFiles($Package.Folder) | Where-Object { [IO.Path]::GetFileName($_) -match '^THIRD-?PARTY-?NOTICES(\.txt)?$' } | Sort-Object)
    [pscustomobject]@{
        Id        = "$($metadata.id)"
        Version   = "$($metadata.version)"
        Licence   = if ($expression) { $expression } else { 'see below' }
        Copyright = if ($copyright) { $copyright.InnerText.Trim() } elseif ($metadata['authors']) { "Copyright (c) $($metadata['authors'].InnerText)" }
        Text      = (@($text) + $others | ForEach-Object { [IO.File]::ReadAllText($_).Replace("`r`n", "`n").Trim() }) -join "`n`n"
    }
}

# The notices of all packages that files come from, each once.
function Get-ThirdPartyNotice {
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [string[]] $File)
    $packages = @{}
    foreach ($path in $File) {
        $package = Get-PackageOfFile $path
        $packages[$package.Folder] = $package
    }
    $notices = [Collections.Generic.SortedDictionary[string, object]]::new([StringComparer]::OrdinalIgnoreCase)
    foreach ($package in $packages.Values) {
        $notice = Get-PackageLicence $package
        $notices["$($notice.Id) $($notice.Version)"] = $notice
    }
    $rule = '-' * 80
    $parts = foreach ($notice in $notices.Values) {
        "$rule`n$($notice.Id) $($notice.Version)`nLicence: $($notice.Licence)`n$($notice.Copyright)`n$rule`n`n$($notice.Text)`n"
    }
    "HedvigStorage ships these works of others, each under its own licence.`n`n" + ($parts -join "`n")
}

# Adds to a manifest what only a package has: the names of all files, the sums that come last among them, and the modules that an installer
# has to bring along. In a repository's tree those lie beside, and are found without.
function Complete-PackageManifest {
    param([Parameter(Mandatory)] [string] $Manifest, [string[]] $Requirement = @())
    $folder = [IO.Path]::GetDirectoryName($Manifest)
    $names = [string[]] @(@(Get-PackageFile $folder) + $script:Sums | Select-Object -Unique)
    [Array]::Sort($names, [StringComparer]::Ordinal)
    $list = ($names | ForEach-Object { "        '$($_.Replace("'", "''"))'" }) -join "`n"
    $text = [IO.File]::ReadAllText($Manifest)
    $at = [regex]::Match($text, '(?m)^ {4}PrivateData\b')
    if (-not $at.Success) {
        throw "'$Manifest' has no PrivateData before which the list of files could stand."
    }
    $version = (Import-PowerShellDataFile -LiteralPath $Manifest).ModuleVersion
    $required = foreach ($name in $Requirement) { "        @{ ModuleName = '$name'; ModuleVersion = '$version' }`n" }
    $added = "    FileList             = @(`n$list`n    )`n" + $(if ($required) { "    RequiredModules      = @(`n$(-join $required)    )`n" })
    [IO.File]::WriteAllText($Manifest, $text.Insert($at.Index, $added))
}

# The hashes, in the form that 'sha256sum --check' reads.
function Set-PackageSum {
    param([Parameter(Mandatory)] [string] $Path, [string] $Filter = '.')
    $lines = Get-PackageFile $Path | Where-Object { $_ -ne $script:Sums -and $_ -match $Filter } | ForEach-Object {
        "$((Get-FileHash -LiteralPath (Join-Path $Path $_) -Algorithm SHA256).Hash.ToLowerInvariant())  $_"
    }
    [IO.File]::WriteAllText((Join-Path $Path $script:Sums), ($lines -join "`n") + "`n")

    # A catalog can be signed. Windows alone makes one.
    if (Get-Command New-FileCatalog -ErrorAction Ignore) {
        $null = New-FileCatalog -Path $Path -CatalogFilePath (Join-Path (Split-Path $Path) "$(Split-Path -Leaf $Path).cat") -CatalogVersion 2.0
    }
}

function ConvertTo-XmlText {
    param([AllowEmptyString()] [string] $Text)
    [Security.SecurityElement]::Escape($Text)
}

# The version as repositories have it: a manifest keeps what follows the numbers apart.
function Get-PackageVersion {
    param([Parameter(Mandatory)] [string] $Manifest)
    $data = Import-PowerShellDataFile -LiteralPath $Manifest
    $prerelease = $data.PrivateData.PSData['Prerelease']
    "$($data.ModuleVersion)$(if ($prerelease) { "-$prerelease" })"
}

# Gives a manifest the version that the build has. A version before a release, such as 1.2.0-alpha.0.17, has letters and digits alone there, and
# numbers of one length: PowerShell compares them as text.
function Set-PackageVersion {
    param([Parameter(Mandatory)] [string] $Manifest, [Parameter(Mandatory)] [string] $Version)
    $numbers, $rest = $Version -split '[-+]', 2
    $text = [regex]::Replace([IO.File]::ReadAllText($Manifest), "(?m)^( {4}ModuleVersion +)= '[^']*'", "`$1= '$numbers'")
    if ($rest) {
        $words = ($rest -split '\+')[0] -split '[.-]' | ForEach-Object { if ($_ -match '^\d+$') { $_.PadLeft(4, '0') } else { $_ } }
        $text = [regex]::Replace($text, '(?m)^( {8}PSData += @\{\r?\n)', "`$1            Prerelease = '$(-join $words)'`n")
    }
    [IO.File]::WriteAllText($Manifest, $text)
}

# The description that a repository reads: what Find-PSResource shows and what Install-PSResource needs.
function Get-PackageDescription {
    param([Parameter(Mandatory)] [string] $Manifest, [Parameter(Mandatory)] [string] $Id)
    $data = Import-PowerShellDataFile -LiteralPath $Manifest
    $own = $data.PrivateData.PSData
    $tags = @('PSModule') + @($own.Tags) + @($data.CompatiblePSEditions | ForEach-Object { "PSEdition_$_" })
    if ($data.CmdletsToExport) {
        $tags += @('PSIncludes_Cmdlet') + @($data.CmdletsToExport | ForEach-Object { "PSCmdlet_$_"; "PSCommand_$_" })
    }
    if ($data['DscResourcesToExport']) {
        $tags += @('PSIncludes_DscResource') + @($data.DscResourcesToExport | ForEach-Object { "PSDscResource_$_" })
    }
    # Each of them is released with this one.
    $version = Get-PackageVersion $Manifest
    $dependencies = foreach ($module in $data['RequiredModules']) { "      <dependency id=`"$($module.ModuleName)`" version=`"$version`" />`n" }
    @"
<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2011/08/nuspec.xsd">
  <metadata>
    <id>$(ConvertTo-XmlText $Id)</id>
    <version>$version</version>
    <authors>$(ConvertTo-XmlText $data.Author)</authors>
    <owners>$(ConvertTo-XmlText $data.CompanyName)</owners>
    <requireLicenseAcceptance>false</requireLicenseAcceptance>
    <licenseUrl>$(ConvertTo-XmlText $own.LicenseUri)</licenseUrl>
    <description>$(ConvertTo-XmlText $data.Description)</description>
    <releaseNotes>$(ConvertTo-XmlText "$($own['ReleaseNotes'])")</releaseNotes>
    <copyright>$(ConvertTo-XmlText $data.Copyright)</copyright>
    <tags>$(ConvertTo-XmlText (($tags | Select-Object -Unique) -join ' '))</tags>
    <dependencies>
$(-join $dependencies)    </dependencies>
  </metadata>
</package>

"@.Replace("`r`n", "`n")
}

function Add-ArchiveEntry {
    param([Parameter(Mandatory)] $Archive, [Parameter(Mandatory)] [string] $Name, [Parameter(Mandatory)] [byte[]] $Content, [switch] $Executable)
    $entry = $Archive.CreateEntry($Name, [IO.Compression.CompressionLevel]::SmallestSize)
    $entry.LastWriteTime = $script:OldestEntry
    $mode = if ($Executable) { 0x81ED } else { 0x81A4 }
    $entry.ExternalAttributes = [BitConverter]::ToInt32([BitConverter]::GetBytes([uint32] ([uint32] $mode * 65536)), 0)
    $stream = $entry.Open()
    try { $stream.Write($Content, 0, $Content.Length) } finally { $stream.Dispose() }
}

# The archive in the form that PSResourceGet, PowerShellGet and NuGet servers take.
function New-PackageArchive {
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $Destination)
    $id = Split-Path -Leaf $Path
    $manifest = Join-Path $Path "$id.psd1"
    $file = Join-Path $Destination "$id.$(Get-PackageVersion $manifest).nupkg"
    $description = Get-PackageDescription -Manifest $manifest -Id $id
    $names = @(Get-PackageFile $Path)
    $endings = [string[]] @($names | ForEach-Object { [IO.Path]::GetExtension($_).TrimStart('.') } | Where-Object { $_ } | Sort-Object -Unique)
    [Array]::Sort($endings, [StringComparer]::Ordinal)
    $types = @('<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml" />', '<Default Extension="nuspec" ContentType="application/octet" />')
    $types += @($endings | ForEach-Object { "<Default Extension=`"$_`" ContentType=`"application/octet`" />" })
    $types += @($names | Where-Object { -not [IO.Path]::GetExtension($_) } | ForEach-Object { "<Override PartName=`"/$_`" ContentType=`"application/octet`" />" })
    $utf8 = [Text.UTF8Encoding]::new($false)
    $stream = [IO.File]::Create($file)
    try {
        $archive = [IO.Compression.ZipArchive]::new($stream, [IO.Compression.ZipArchiveMode]::Create)
        try {
            Add-ArchiveEntry $archive '_rels/.rels' $utf8.GetBytes(
                "<?xml version=`"1.0`" encoding=`"utf-8`"?><Relationships xmlns=`"http://schemas.openxmlformats.org/package/2006/relationships`"><Relationship Type=`"http://schemas.microsoft.com/packaging/2010/07/manifest`" Target=`"/$id.nuspec`" Id=`"R1`" /></Relationships>")
            Add-ArchiveEntry $archive "$id.nuspec" $utf8.GetBytes($description)
            foreach ($name in $names) {
                Add-ArchiveEntry $archive $name ([IO.File]::ReadAllBytes((Join-Path $Path $name))) -Executable:($name -match '^hosts/.*/hv(-[a-z]+)?$')
            }
            Add-ArchiveEntry $archive '[Content_Types].xml' $utf8.GetBytes(
                "<?xml version=`"1.0`" encoding=`"utf-8`"?><Types xmlns=`"http://schemas.openxmlformats.org/package/2006/content-types`">$(-join $types)</Types>")
        }
        finally { $archive.Dispose() }
    }
    finally { $stream.Dispose() }
    Get-Item -LiteralPath $file
}

Export-ModuleMember -Function Get-PackageFile, Get-ThirdPartyNotice, Complete-PackageManifest, Get-PackageVersion, Set-PackageVersion, Set-PackageSum, New-PackageArchive
