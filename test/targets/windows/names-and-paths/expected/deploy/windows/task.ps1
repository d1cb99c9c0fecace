# The scheduled tasks of a-name-of-thirty-one-characters; called by service.cmd, as administrator.
# https://learn.microsoft.com/powershell/module/scheduledtasks/new-scheduledtasksettingsset
param(
    [Parameter(Mandatory = $true)][ValidateSet('configure', 'start', 'stop', 'running', 'remove')][string]$Verb,
    [Parameter(Mandatory = $true)][string]$Unit
)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 2

$dir = 'D:\Programs & Files\It''s (x86)\$app'
$path = '\a-name-of-thirty-one-characters\'
# The drain, and what run.ps1 needs around it; Task Scheduler itself would only kill.
$stopSeconds = @{
    'a-name-of-thirty-one-characters-s234567890123456789012345678901' = 26
    'a-name-of-thirty-one-characters-below-a-path' = 85
}
$descriptions = @{
    'a-name-of-thirty-one-characters-s234567890123456789012345678901' = 'a-name-of-thirty-one-characters: s234567890123456789012345678901'
    'a-name-of-thirty-one-characters-below-a-path' = 'a-name-of-thirty-one-characters: below-a-path'
}
$asked = Join-Path $dir ('data\' + $Unit + '\stop')

function Find-Task { Get-ScheduledTask -TaskPath $path -TaskName $Unit -ErrorAction SilentlyContinue }

function Set-Task {
    $script = Join-Path $PSScriptRoot 'run.ps1'
    $arguments = '-NoProfile -NonInteractive -ExecutionPolicy Bypass -File "' + $script + '" -Unit "' + $Unit + '"'
    $action = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument $arguments -WorkingDirectory $dir
    # At the machine's start; and every minute, which does nothing while it runs and brings it back where it was killed.
    $atStart = New-ScheduledTaskTrigger -AtStartup
    $always = New-ScheduledTaskTrigger -Once -At (Get-Date).Date -RepetitionInterval (New-TimeSpan -Minutes 1)
    # No password is kept, no desktop needed, no right of an administrator held.
    $principal = New-ScheduledTaskPrincipal -UserId 'LOCALSERVICE' -LogonType ServiceAccount -RunLevel Limited
    $options = @{
        # PT0S: without it Task Scheduler ends what runs for 72 hours.
        ExecutionTimeLimit = [TimeSpan]::Zero
        RestartCount = 999
        RestartInterval = New-TimeSpan -Minutes 1
        MultipleInstances = 'IgnoreNew'
        AllowStartIfOnBatteries = $true
        DontStopIfGoingOnBatteries = $true
        DontStopOnIdleEnd = $true
        StartWhenAvailable = $true
        Priority = 4
    }
    $settings = New-ScheduledTaskSettingsSet @options
    Register-ScheduledTask -TaskPath $path -TaskName $Unit -Description $descriptions[$Unit] -Action $action -Trigger @($atStart, $always) -Principal $principal -Settings $settings -Force | Out-Null
    # Not before the switch is done: the repetition would start it.
    Disable-ScheduledTask -TaskPath $path -TaskName $Unit | Out-Null
}

function Stop-Task {
    $task = Find-Task
    if ($null -eq $task) { return }
    Disable-ScheduledTask -TaskPath $path -TaskName $Unit | Out-Null
    if ($task.State -ne 'Running') { return }
    # run.ps1 sees the file, sends Ctrl+C and waits for the drain.
    New-Item -ItemType File -Force -Path $asked | Out-Null
    $deadline = (Get-Date).AddSeconds($stopSeconds[$Unit])
    while ((Find-Task).State -eq 'Running' -and (Get-Date) -lt $deadline) { Start-Sleep -Milliseconds 500 }
    if ((Find-Task).State -eq 'Running') { Stop-ScheduledTask -TaskPath $path -TaskName $Unit }
    Remove-Item -Force -ErrorAction SilentlyContinue -LiteralPath $asked
}

try {
    switch ($Verb) {
        'configure' { Set-Task }
        'start' {
            Remove-Item -Force -ErrorAction SilentlyContinue -LiteralPath $asked
            Enable-ScheduledTask -TaskPath $path -TaskName $Unit | Out-Null
            Start-ScheduledTask -TaskPath $path -TaskName $Unit
        }
        'stop' { Stop-Task }
        'running' {
            $task = Find-Task
            if ($null -eq $task -or $task.State -ne 'Running') { exit 1 }
        }
        'remove' {
            if ($null -ne (Find-Task)) { Unregister-ScheduledTask -TaskPath $path -TaskName $Unit -Confirm:$false }
        }
    }
    exit 0
} catch {
    [Console]::Error.WriteLine($Unit + ': ' + $_.Exception.Message)
    exit 1
}
