# Completes the variables of one service and closes them to everybody else; called by service.cmd, as administrator.
# What the operator's file says goes into this service's own settings, never into the machine's variables, and
# through no command line, where others could read it. The file: NAME=VALUE lines in UTF-8, # begins a comment.
param(
    [Parameter(Mandatory = $true)][string]$Unit,
    [Parameter(Mandatory = $true)][string]$Config,
    [string]$Required = '',
    [string]$Optional = '',
    [string]$Tag = ''
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 2
$AIDEPLOY_TAG = $Tag

# Texts of several lines, which no command line can say, and what is beyond the length of one.
$texts = @{}
$parameters = @{}
$texts['ai-endpoint-server'] = @()

try {
    $key = 'SYSTEM\CurrentControlSet\Services\' + $Unit + '\Parameters'
    $settings = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey($key, $true)
    if ($null -eq $settings) { throw ($Unit + ' is no service of NSSM') }

    $found = @{}
    if (Test-Path -LiteralPath $Config) {
        foreach ($line in [IO.File]::ReadAllLines($Config, [Text.Encoding]::UTF8)) {
            if ($line -match '^\s*(#|$)') { continue }
            $equals = $line.IndexOf('=')
            if ($equals -gt 0) { $found[$line.Substring(0, $equals)] = $line.Substring($equals + 1) }
        }
    }
    $needed = @($Required.Split(',') | Where-Object { $_ -ne '' })
    $missing = @($needed | Where-Object { -not $found[$_] })
    if ($missing.Count -gt 0) { throw ($Config + ' has no value for ' + ($missing -join ', ')) }

    $names = $needed + @($Optional.Split(',') | Where-Object { $found.ContainsKey($_) })
    $values = @($settings.GetValue('AppEnvironmentExtra', @())) + @($texts[$Unit])
    foreach ($name in $names) {
        $value = $name + '=' + $found[$name].Replace('%', '%AIDEPLOY_PERCENT%')
        $values += $value
        # NSSM 2.24 passes over whatever follows a variable without a value.
        if ($found[$name] -eq '') { $values += $value }
    }
    $settings.SetValue('AppEnvironmentExtra', [string[]]$values, [Microsoft.Win32.RegistryValueKind]::MultiString)
    if ($parameters.ContainsKey($Unit)) {
        $settings.SetValue('AppParameters', $parameters[$Unit], [Microsoft.Win32.RegistryValueKind]::ExpandString)
    }

    # Settings of services are open to every user of a machine by default.
    $access = New-Object Security.AccessControl.RegistrySecurity
    $access.SetAccessRuleProtection($true, $false)
    $allowed = @(
        @((New-Object Security.Principal.SecurityIdentifier 'S-1-5-18'), 'FullControl'),
        @((New-Object Security.Principal.SecurityIdentifier 'S-1-5-32-544'), 'FullControl'),
        @((New-Object Security.Principal.NTAccount ('NT SERVICE\' + $Unit)), 'ReadKey')
    )
    foreach ($entry in $allowed) {
        $access.AddAccessRule((New-Object Security.AccessControl.RegistryAccessRule($entry[0], $entry[1], 'ContainerInherit', 'None', 'Allow')))
    }
    $settings.SetAccessControl($access)
    $settings.Close()
    exit 0
} catch {
    [Console]::Error.WriteLine($_.Exception.Message)
    exit 1
}
