@echo off
nssm.exe set worker AppEnvironmentExtra "PORT=8080 LOG_LEVEL=info" "MODE=a" >nul
nssm.exe set worker AppEnvironmentExtra ^
  "A_B=1, C_D=2"
