$nssm = "C:\tools\nssm.exe"
& $nssm install AIEndpointServer "C:\Program Files\AIEndpointPlatform\server.exe"
# Its variables.
& $nssm set AIEndpointServer AppEnvironmentExtra "DATABASE_URL=postgres://app@db/app?sslmode=verify-full;SERVER_PORT=8080;OFFLINE_TIMEOUT_SECONDS=90"
