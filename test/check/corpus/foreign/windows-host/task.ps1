$action = New-ScheduledTaskAction -Execute "C:\gateway\gateway.exe" -Argument "serve --port 9000"
$trigger = New-ScheduledTaskTrigger -AtStartup
Register-ScheduledTask -TaskName "Gateway" -Action $action -Trigger $trigger
