$root = "C:\Program Files\Chat API"
nssm install ChatApi "$root\venv\Scripts\python.exe" "-m uvicorn app.main:app --host 0.0.0.0 --port 8000 --reload"
nssm set ChatApi AppDirectory "$root"
nssm set ChatApi AppEnvironmentExtra "PORT=8000 LOG_LEVEL=debug MODEL=gpt-4o-mini"
[Environment]::SetEnvironmentVariable("OPENAI_API_KEY", $env:OPENAI_API_KEY, "Machine")
nssm start ChatApi
Invoke-WebRequest http://localhost:8000/healthz
