# What the suite of the guidelines reads out of the exported cmdlets.
$script:Common = [System.Management.Automation.Cmdlet]::CommonParameters + [System.Management.Automation.Cmdlet]::OptionalCommonParameters

function Get-OwnParameter {
    param([Parameter(Mandatory)] $Command)
    $Command.Parameters.Values | Where-Object Name -NotIn $script:Common | Sort-Object Name
}

# The type without what only says how many there are and whether it is given.
function Get-ElementType {
    param([Parameter(Mandatory)] [Type] $Type)
    if ($Type.IsArray) { $Type = $Type.GetElementType() }
    $underlying = [Nullable]::GetUnderlyingType($Type)
    if ($underlying) { $underlying } else { $Type }
}

function Get-TypeName {
    param([Parameter(Mandatory)] [Type] $Type)
    if ($Type.IsArray) { return "$(Get-TypeName $Type.GetElementType())[]" }
    $underlying = [Nullable]::GetUnderlyingType($Type)
    if ($underlying) { return "$(Get-TypeName $underlying)?" }
    if ($Type.IsGenericType) { return "$($Type.Name.Split('`')[0])<$(($Type.GetGenericArguments() | ForEach-Object { Get-TypeName $_ }) -join ', ')>" }
    $Type.Name
}

# The parameters of all cmdlets, one line each, as text that is compared.
function Get-ParameterListing {
    param([Parameter(Mandatory)] $Command)
    $lines = foreach ($one in $Command | Sort-Object Name) {
        "$($one.Name)$(if ($one.DefaultParameterSet) { " (default set: $($one.DefaultParameterSet))" }) -> $((@($one.OutputType.Type.Name) | Where-Object { $_ }) -join ', ')"
        foreach ($parameter in Get-OwnParameter $one) {
            $sets = foreach ($name in $parameter.ParameterSets.Keys | Sort-Object) {
                $set = $parameter.ParameterSets[$name]
                $facts = @(
                    if ($set.IsMandatory) { 'mandatory' }
                    if ($set.Position -ge 0) { "position $($set.Position)" }
                    if ($set.ValueFromPipeline) { 'by value' }
                    if ($set.ValueFromPipelineByPropertyName) { 'by property name' }
                )
                $(if ($name -ne '__AllParameterSets') { "[$name] " }) + ($facts -join ', ')
            }
            $aliases = if ($parameter.Aliases.Count) { " ($(($parameter.Aliases | Sort-Object) -join ', '))" }
            "    -$($parameter.Name)$aliases <$(Get-TypeName $parameter.ParameterType)> $($sets -join '; ')".TrimEnd()
        }
    }
    ($lines -join "`n") + "`n"
}

# How many requests a cluster host has answered that were not for reading: each one more is a write.
function Get-WriteCount {
    param([Parameter(Mandatory)] $TestCluster)
    $metrics = Invoke-RestMethod "$("$($TestCluster.Address)".TrimEnd('/'))/metrics"
    $counts = [regex]::Matches($metrics, '(?m)^hedvig_requests_total\{[^}]*type="(\w+)"[^}]*\} (\d+)')
    $writes = $counts | Where-Object { $_.Groups[1].Value -cnotmatch '^(List|Get)[A-Z]|^(Capabilities|ClusterInformation|Health|VirtualDiskDetails|Login|Logout)$' }
    [long] ($writes | ForEach-Object { [long] $_.Groups[2].Value } | Measure-Object -Sum).Sum
}

Export-ModuleMember -Function *
