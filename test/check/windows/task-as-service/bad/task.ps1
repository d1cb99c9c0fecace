$action = New-ScheduledTaskAction -Execute "C:\Program Files\AIEndpointPlatform\server.exe"
$trigger = New-ScheduledTaskTrigger -AtStartup
Register-ScheduledTask -TaskName "AIEndpointServer" -Action $action -Trigger $trigger -RunLevel Highest
Start-ScheduledTask -TaskName "AIEndpointServer"
