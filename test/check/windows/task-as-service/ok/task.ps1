$settings = New-ScheduledTaskSettingsSet -ExecutionTimeLimit ([TimeSpan]::Zero) -RestartCount 3 -RestartInterval (New-TimeSpan -Minutes 1)
Register-ScheduledTask -TaskName Server -Action (New-ScheduledTaskAction -Execute "C:\Agent\agent.exe") -Trigger (New-ScheduledTaskTrigger -AtStartup) -User SYSTEM -Settings $settings
$cleanup = New-ScheduledTaskAction -Execute "C:\tools\cleanup.exe"
Register-ScheduledTask -TaskName Cleanup -Action $cleanup -Trigger (New-ScheduledTaskTrigger -Daily -At 3am)
$boot = New-ScheduledTaskTrigger -AtStartup
Register-ScheduledTask -TaskName Prepare -Action (New-ScheduledTaskAction -Execute "powershell.exe" -Argument "-File prepare.ps1") -Trigger $boot
Register-ScheduledTask -TaskName Splat @options
Register-ScheduledTask -TaskName FromFile -Xml (Get-Content task.xml -Raw)
