$settings = New-ScheduledTaskSettingsSet -RestartCount 3 -RestartInterval (New-TimeSpan -Minutes 1)
$principal = New-ScheduledTaskPrincipal -UserId 'LOCALSERVICE' -LogonType ServiceAccount
Register-ScheduledTask -TaskName Agent -Action (New-ScheduledTaskAction -Execute "C:\Agent\agent.exe" -Argument "--port 9000") `
  -Trigger (New-ScheduledTaskTrigger -AtStartup) -Principal $principal `
  -Settings $settings
