[Environment]::SetEnvironmentVariable("DATABASE_URL", "postgres://app:change@localhost/app", "Machine")
[Environment]::SetEnvironmentVariable("SERVER_PORT", "8080", "Machine")
[System.Environment]::SetEnvironmentVariable('ANTHROPIC_API_KEY', $key, [System.EnvironmentVariableTarget]::Machine)
Set-ItemProperty -Path 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Environment' -Name JWT_SECRET -Value $secret
