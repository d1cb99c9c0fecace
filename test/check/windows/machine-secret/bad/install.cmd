@echo off
setx /M OPENAI_API_KEY "%KEY%"
reg add "HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\Environment" /v DB_PASSWORD /t REG_SZ /d "%PASSWORD%" /f
