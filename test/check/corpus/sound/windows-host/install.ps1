#Requires -RunAsAdministrator
$ErrorActionPreference = 'Stop'
$name = 'Embeddings'
$root = 'C:\Services\Embeddings'

nssm install $name "$root\embeddings.exe"
if ($LASTEXITCODE -ne 0) { throw "nssm install failed" }
nssm set $name AppDirectory $root
nssm set $name AppParameters '--listen 127.0.0.1:8100'
nssm set $name AppEnvironmentExtra 'LOG_LEVEL=info' 'MODEL=bge-small'
nssm set $name ObjectName 'NT SERVICE\Embeddings'
nssm set $name Start SERVICE_DELAYED_AUTO_START
nssm set $name AppExit Default Restart
nssm set $name AppRestartDelay 5000
nssm set $name AppThrottle 10000
nssm set $name AppStopMethodConsole 30000
nssm set $name AppStdout "$root\logs\out.log"
nssm set $name AppStderr "$root\logs\err.log"
nssm set $name AppRotateFiles 1
nssm set $name AppRotateOnline 1
nssm set $name AppRotateBytes 10485760
nssm start $name
