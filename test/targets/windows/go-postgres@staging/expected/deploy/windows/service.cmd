@echo off
setlocal EnableExtensions DisableDelayedExpansion
rem A program is looked for on PATH, never in whatever folder this is started in.
set NoDefaultCurrentDirectoryInExePath=1
rem This file is UTF-8.
chcp 65001 >nul
set "DIR=C:\Program Files\AIEndpointPlatform"
set "HERE=%~dp0"
rem The services of one release of ai-endpoint-server, by NSSM: https://nssm.cc/usage
rem   service.cmd other | configure VERSION | start | stop | running | remove
set "NSSM=%DIR%\nssm\nssm.exe"
set "AIDEPLOY_TAG=%~2"
set "RELEASE=%DIR%\releases\%AIDEPLOY_TAG%"
set "STEP=%~1"
goto %~1

rem --- other: the same program as a scheduled task would fight over its port ---
:other
if exist "%SystemRoot%\System32\Tasks\ai-endpoint-server\ai-endpoint-server" echo ai-endpoint-server is installed as a scheduled task: remove it first>&2& exit /b 1
exit /b 0

:configure

rem --- ai-endpoint-server ---
set "STEP=configure ai-endpoint-server"
set "PROGRAM=%RELEASE%\bin\server.exe"
if not exist "%PROGRAM%" echo "%PROGRAM%" is missing>&2& goto failed
rem One that is there already stays: this changes nothing about it.
"%NSSM%" install "ai-endpoint-server" "%PROGRAM%" >nul 2>nul
sc.exe query "ai-endpoint-server" >nul
if not "%errorlevel%"=="0" goto failed
rem Quoted: a path with a blank in it would name other programs too.
"%NSSM%" set "ai-endpoint-server" ImagePath \^""%NSSM%"\^" >nul
if not "%errorlevel%"=="0" goto failed
rem The new release's own path: nothing is ever copied over a program that runs.
"%NSSM%" set "ai-endpoint-server" Application "%PROGRAM%" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "ai-endpoint-server" AppDirectory "%RELEASE%" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "ai-endpoint-server" AppParameters "" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "ai-endpoint-server" DisplayName "ai-endpoint-server" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "ai-endpoint-server" Description "ai-endpoint-server: server" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "ai-endpoint-server" Start SERVICE_DELAYED_AUTO_START >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "ai-endpoint-server" DependOnService "Tcpip" >nul
if not "%errorlevel%"=="0" goto failed

rem An account of its own, which has no password and may do nothing but what follows.
sc.exe config "ai-endpoint-server" obj= "NT SERVICE\ai-endpoint-server" >nul
if not "%errorlevel%"=="0" goto failed
icacls "%DIR%\logs" /grant "NT SERVICE\ai-endpoint-server:(OI)(CI)M" >nul
if not "%errorlevel%"=="0" goto failed
icacls "%DIR%\data\ai-endpoint-server" /inheritance:r /grant:r "*S-1-5-18:(OI)(CI)F" "*S-1-5-32-544:(OI)(CI)F" "NT SERVICE\ai-endpoint-server:(OI)(CI)M" >nul
if not "%errorlevel%"=="0" goto failed

"%NSSM%" set "ai-endpoint-server" AppStdout "%DIR%\logs\ai-endpoint-server.log" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "ai-endpoint-server" AppStderr "%DIR%\logs\ai-endpoint-server.log" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "ai-endpoint-server" AppRotateFiles 1 >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "ai-endpoint-server" AppRotateOnline 1 >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "ai-endpoint-server" AppRotateBytes 10485760 >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "ai-endpoint-server" AppExit Default Restart >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "ai-endpoint-server" AppRestartDelay 5000 >nul
if not "%errorlevel%"=="0" goto failed
rem A run shorter than this doubles the pause before the next.
"%NSSM%" set "ai-endpoint-server" AppThrottle 5000 >nul
if not "%errorlevel%"=="0" goto failed
rem Ctrl+C, then all the time that the drain takes; a program without a console gets the next two.
"%NSSM%" set "ai-endpoint-server" AppStopMethodConsole "70000" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "ai-endpoint-server" AppStopMethodWindow 1500 >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "ai-endpoint-server" AppStopMethodThreads 1500 >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "ai-endpoint-server" AppEnvironmentExtra ^
  "AIDEPLOY_PERCENT=%%" ^
  "GOMEMLIMIT=3435973836B" ^
  "GOMAXPROCS=2" ^
  "SERVER_PORT=8080" ^
  "OFFLINE_TIMEOUT_SECONDS=90" ^
  "OFFLINE_CHECK_INTERVAL_SECONDS=30" ^
  >nul
if not "%errorlevel%"=="0" goto failed
rem What the operator's file says, and what no line can; then nobody but the service and administrators reads it.
powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "%HERE%environment.ps1" -Unit "ai-endpoint-server" -Config "%DIR%\config\ai-endpoint-server.env" -Required "DATABASE_URL" -Optional "" -Tag "%AIDEPLOY_TAG%"
if not "%errorlevel%"=="0" goto failed
exit /b 0

:start
set "UNIT=ai-endpoint-server"
set "CALM=0"
set "TRIES=30"
set "URL=http://127.0.0.1:8080/healthz"
rem Its answer is not the last word: a start may be slow, or tried again.
"%NSSM%" start "ai-endpoint-server" >nul 2>nul
call :ready
if not "%errorlevel%"=="0" exit /b 1
exit /b 0

:stop
set "UNIT=ai-endpoint-server"
set "TRIES=85"
sc.exe query "ai-endpoint-server" >nul 2>nul
if "%errorlevel%"=="0" "%NSSM%" stop "ai-endpoint-server" >nul 2>nul
call :ended
if not "%errorlevel%"=="0" exit /b 1
exit /b 0
:ended
sc.exe query "%UNIT%" >nul 2>nul
if not "%errorlevel%"=="0" exit /b 0
sc.exe query "%UNIT%" | "%SystemRoot%\System32\find.exe" "STOPPED" >nul
if "%errorlevel%"=="0" exit /b 0
if "%TRIES%"=="0" goto stuck
set /a TRIES-=1
ping -n 2 127.0.0.1 >nul
rem What was still starting refused to stop: it is asked again.
sc.exe query "%UNIT%" | "%SystemRoot%\System32\find.exe" "RUNNING" >nul
if "%errorlevel%"=="0" "%NSSM%" stop "%UNIT%" >nul 2>nul
goto ended
:stuck
echo %UNIT% did not stop in time; it is:>&2
sc.exe query "%UNIT%" | "%SystemRoot%\System32\find.exe" "STATE">&2
exit /b 1

:running
set "UNIT=ai-endpoint-server"
call :is_running
if not "%errorlevel%"=="0" exit /b 1
exit /b 0
:is_running
sc.exe query "%UNIT%" 2>nul | "%SystemRoot%\System32\find.exe" "RUNNING" >nul
exit /b %errorlevel%

:remove
set "STEP=remove ai-endpoint-server"
sc.exe query "ai-endpoint-server" >nul 2>nul
if "%errorlevel%"=="0" "%NSSM%" remove "ai-endpoint-server" confirm >nul
sc.exe query "ai-endpoint-server" >nul 2>nul
if "%errorlevel%"=="0" goto failed
exit /b 0

rem --- ready: until %UNIT% runs and answers at %URL%, or %TRIES% attempts failed ---
:ready
if "%TRIES%"=="0" echo %UNIT% is not ready, see "%DIR%\logs\%UNIT%.log">&2& exit /b 1
set /a TRIES-=1
rem A second between two attempts; "timeout" needs a console.
ping -n 2 127.0.0.1 >nul
call :is_running
if not "%errorlevel%"=="0" goto down
if not defined URL goto calm
curl.exe --fail --silent --output NUL --noproxy "*" --max-time 3 "%URL%"
if not "%errorlevel%"=="0" goto ready
exit /b 0
rem Something without a port is well when it has not ended for a while.
:calm
set /a CALM+=1
if %CALM% lss 6 goto ready
exit /b 0
:down
set "CALM=0"
rem What ends by itself is started again by NSSM, which then waits: only a start that was not taken leaves it stopped.
sc.exe query "%UNIT%" | "%SystemRoot%\System32\find.exe" "STOPPED" >nul
if "%errorlevel%"=="0" "%NSSM%" start "%UNIT%" >nul 2>nul
goto ready

:failed
echo %STEP%: the step above failed>&2
exit /b 1
