@echo off
set "NSSM=C:\tools\nssm.exe"
"%NSSM%" install api "C:\Program Files\Api\api.exe"
"%NSSM%" set api AppDirectory "C:\Program Files\Api"
"%NSSM%" set api AppExit Default Restart
"%NSSM%" set api AppRestartDelay 5000
"%NSSM%" set api Start SERVICE_DELAYED_AUTO_START
sc.exe config api obj= "NT SERVICE\api"
sc.exe create Third binPath= "\"C:\Program Files\Third\third.exe\" --service" start= auto
sc.exe create Fourth binPath= C:\Fourth\fourth.exe start= auto
