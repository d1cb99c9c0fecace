nssm set worker AppEnvironmentExtra "PORT=8080`nLOG_LEVEL=info"
nssm set worker AppEnvironmentExtra $variables
