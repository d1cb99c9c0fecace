@echo off
nssm.exe set worker AppEnvironmentExtra "PORT=8080" "LOG_LEVEL=info" "DSN=host=db user=app" >nul
nssm.exe set worker AppParameters "A_B=1 C_D=2"
nssm.exe set worker AppEnvironmentExtra "OTEL_RESOURCE_ATTRIBUTES=service.name=api,deployment.environment=prod"
