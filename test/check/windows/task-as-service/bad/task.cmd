@echo off
schtasks /create /tn api /tr "C:\api\api.exe --port 8080" /sc onstart /ru SYSTEM /f
