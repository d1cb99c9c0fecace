$name = "AIEndpointServer"
nssm install $name "C:\Program Files\AIEndpointPlatform\server.exe"
nssm set $name AppStdout "C:\Program Files\AIEndpointPlatform\logs\server.log"
nssm set $name Start SERVICE_AUTO_START
nssm install worker C:\Program Files\Worker\worker.exe --queue default
New-Service -Name Other -BinaryPathName "C:\Program Files\Other\other.exe --service"
