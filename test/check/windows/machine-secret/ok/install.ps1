[Environment]::SetEnvironmentVariable("SERVER_PORT", "8080", "Machine")
[Environment]::SetEnvironmentVariable("OPENAI_API_KEY", $key, "Process")
[Environment]::SetEnvironmentVariable("DATABASE_URL", "postgres://localhost:5432/app", "Machine")
[Environment]::SetEnvironmentVariable("TOKEN_TTL", "90", "Machine")
