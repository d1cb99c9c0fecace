# Runs one program of a-name-of-thirty-one-characters for as long as its task does: variables, log, restarts, and a stop that lets work finish.
param([Parameter(Mandatory = $true)][string]$Unit)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 2

$dir = 'D:\Programs & Files\It''s (x86)\$app'
$release = Split-Path -Parent $PSScriptRoot
$AIDEPLOY_TAG = Split-Path -Leaf $release
$units = @{}
$units['a-name-of-thirty-one-characters-s234567890123456789012345678901'] = @{
    Program = Join-Path $release 'venv\a-name-of-thirty-one-characters-s234567890123456789012345678901\Scripts\python.exe'
    Arguments = '"-m" "uvicorn" "--host" "127.0.0.1" "--port" "65535" "--timeout-graceful-shutdown" "6" "--timeout-keep-alive" "80" "--workers" "2" "--factory" "pkg.sub_module.app:create_app"'
    Directory = $release + '\app\a-name-of-thirty-one-characters-s234567890123456789012345678901\src dir'
    Environment = @('PYTHONDONTWRITEBYTECODE=1', 'PYTHONUNBUFFERED=1', 'PYTHONUTF8=1', 'WHERE=/var/lib/with space/and ''quotes''/and "double"/and \back')
    Required = @()
    Optional = @()
    StopMilliseconds = 11000
}
$units['a-name-of-thirty-one-characters-below-a-path'] = @{
    Program = Join-Path $release 'bin\the-very-long-name-of-a-program-that-somebody-chose.exe'
    Arguments = ''
    Directory = $release + ''
    Environment = @('GOMEMLIMIT=429496729B', 'GOMAXPROCS=1')
    Required = @()
    Optional = @()
    StopMilliseconds = 70000
}
$settings = $units[$Unit]
$log = Join-Path $dir ('logs\' + $Unit + '.log')
$asked = Join-Path $dir ('data\' + $Unit + '\stop')
$largest = 10MB
$pause = 5

# The console's own calls: a program is asked to end by Ctrl+C, as from a keyboard.
Add-Type -Namespace Aideploy -Name Keyboard -MemberDefinition '[DllImport("kernel32.dll")] public static extern bool SetConsoleCtrlHandler(System.IntPtr handler, bool ignore); [DllImport("kernel32.dll")] public static extern bool GenerateConsoleCtrlEvent(uint kind, uint group); [DllImport("kernel32.dll")] public static extern bool AllocConsole();'

function Read-Secrets {
    $file = Join-Path $dir ('config\' + $Unit + '.env')
    $found = @{}
    if (Test-Path -LiteralPath $file) {
        foreach ($line in [IO.File]::ReadAllLines($file, [Text.Encoding]::UTF8)) {
            if ($line -match '^\s*(#|$)') { continue }
            $equals = $line.IndexOf('=')
            if ($equals -gt 0) { $found[$line.Substring(0, $equals)] = $line.Substring($equals + 1) }
        }
    }
    $missing = @($settings.Required | Where-Object { -not $found[$_] })
    if ($missing.Count -gt 0) { throw ($file + ' has no value for ' + ($missing -join ', ')) }
    $found
}

function Start-Program {
    $start = New-Object Diagnostics.ProcessStartInfo
    $start.FileName = $settings.Program
    $start.Arguments = $settings.Arguments
    $start.WorkingDirectory = $settings.Directory
    $start.UseShellExecute = $false
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    foreach ($variable in $settings.Environment) {
        $equals = $variable.IndexOf('=')
        $start.EnvironmentVariables[$variable.Substring(0, $equals)] = $variable.Substring($equals + 1)
    }
    $secrets = Read-Secrets
    foreach ($name in @($settings.Required) + @($settings.Optional)) {
        if ($secrets.ContainsKey($name)) { $start.EnvironmentVariables[$name] = $secrets[$name] }
    }
    if ((Test-Path -LiteralPath $log) -and (Get-Item -LiteralPath $log).Length -gt $largest) {
        Move-Item -Force -LiteralPath $log -Destination ($log -replace '\.log$', ('-' + (Get-Date -Format 'yyyyMMddTHHmmss') + '.log'))
    }
    $program = New-Object Diagnostics.Process
    $program.StartInfo = $start
    $write = { if ($null -ne $EventArgs.Data) { [IO.File]::AppendAllText($Event.MessageData, $EventArgs.Data + [Environment]::NewLine) } }
    foreach ($stream in 'OutputDataReceived', 'ErrorDataReceived') {
        Register-ObjectEvent -InputObject $program -EventName $stream -Action $write -MessageData $log | Out-Null
    }
    # Not yet ignoring Ctrl+C: a program inherits that.
    [Aideploy.Keyboard]::SetConsoleCtrlHandler([IntPtr]::Zero, $false) | Out-Null
    [void]$program.Start()
    $program.BeginOutputReadLine()
    $program.BeginErrorReadLine()
    $program
}

function Stop-Program($program) {
    [Aideploy.Keyboard]::SetConsoleCtrlHandler([IntPtr]::Zero, $true) | Out-Null
    [Aideploy.Keyboard]::GenerateConsoleCtrlEvent(0, 0) | Out-Null
    $deadline = (Get-Date).AddMilliseconds($settings.StopMilliseconds)
    while (-not $program.HasExited -and (Get-Date) -lt $deadline) { Start-Sleep -Milliseconds 200 }
    if (-not $program.HasExited) { $program.Kill() }
}

try {
    [Aideploy.Keyboard]::AllocConsole() | Out-Null
    while ($true) {
        $program = Start-Program
        while (-not $program.HasExited -and -not (Test-Path -LiteralPath $asked)) { Start-Sleep -Milliseconds 500 }
        if (-not $program.HasExited) { Stop-Program $program }
        if (Test-Path -LiteralPath $asked) { exit 0 }
        [IO.File]::AppendAllText($log, 'ended with ' + $program.ExitCode + ', started again in ' + $pause + ' s' + [Environment]::NewLine)
        Start-Sleep -Seconds $pause
    }
} catch {
    [IO.File]::AppendAllText($log, $_.Exception.Message + [Environment]::NewLine)
    exit 1
}
