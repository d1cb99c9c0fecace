@echo off
setlocal EnableExtensions DisableDelayedExpansion
rem A program is looked for on PATH, never in whatever folder this is started in.
set NoDefaultCurrentDirectoryInExePath=1
rem This file is UTF-8.
chcp 65001 >nul
set "DIR=C:\Program Files\Chatbot"
set "HERE=%~dp0"
rem The services of one release of chatbot, by NSSM: https://nssm.cc/usage
rem   service.cmd other | configure VERSION | start | stop | running | remove
set "NSSM=%DIR%\nssm\nssm.exe"
set "AIDEPLOY_TAG=%~2"
set "RELEASE=%DIR%\releases\%AIDEPLOY_TAG%"
set "STEP=%~1"
goto %~1

rem --- other: the same program as a scheduled task would fight over its port ---
:other
if exist "%SystemRoot%\System32\Tasks\chatbot\chatbot" echo chatbot is installed as a scheduled task: remove it first>&2& exit /b 1
exit /b 0

:configure

rem --- chatbot ---
set "STEP=configure chatbot"
set "PROGRAM=%RELEASE%\bin\server.exe"
if not exist "%PROGRAM%" echo "%PROGRAM%" is missing>&2& goto failed
rem One that is there already stays: this changes nothing about it.
"%NSSM%" install "chatbot" "%PROGRAM%" >nul 2>nul
sc.exe query "chatbot" >nul
if not "%errorlevel%"=="0" goto failed
rem Quoted: a path with a blank in it would name other programs too.
"%NSSM%" set "chatbot" ImagePath \^""%NSSM%"\^" >nul
if not "%errorlevel%"=="0" goto failed
rem The new release's own path: nothing is ever copied over a program that runs.
"%NSSM%" set "chatbot" Application "%PROGRAM%" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "chatbot" AppDirectory "%RELEASE%" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "chatbot" AppParameters "" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "chatbot" DisplayName "chatbot" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "chatbot" Description "chatbot: api" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "chatbot" Start SERVICE_DELAYED_AUTO_START >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "chatbot" DependOnService "Tcpip" >nul
if not "%errorlevel%"=="0" goto failed

rem An account of its own, which has no password and may do nothing but what follows.
sc.exe config "chatbot" obj= "NT SERVICE\chatbot" >nul
if not "%errorlevel%"=="0" goto failed
icacls "%DIR%\logs" /grant "NT SERVICE\chatbot:(OI)(CI)M" >nul
if not "%errorlevel%"=="0" goto failed
icacls "%DIR%\data\chatbot" /inheritance:r /grant:r "*S-1-5-18:(OI)(CI)F" "*S-1-5-32-544:(OI)(CI)F" "NT SERVICE\chatbot:(OI)(CI)M" >nul
if not "%errorlevel%"=="0" goto failed

"%NSSM%" set "chatbot" AppStdout "%DIR%\logs\chatbot.log" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "chatbot" AppStderr "%DIR%\logs\chatbot.log" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "chatbot" AppRotateFiles 1 >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "chatbot" AppRotateOnline 1 >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "chatbot" AppRotateBytes 10485760 >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "chatbot" AppExit Default Restart >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "chatbot" AppRestartDelay 5000 >nul
if not "%errorlevel%"=="0" goto failed
rem A run shorter than this doubles the pause before the next.
"%NSSM%" set "chatbot" AppThrottle 5000 >nul
if not "%errorlevel%"=="0" goto failed
rem Ctrl+C, then all the time that the drain takes; a program without a console gets the next two.
"%NSSM%" set "chatbot" AppStopMethodConsole "310000" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "chatbot" AppStopMethodWindow 1500 >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "chatbot" AppStopMethodThreads 1500 >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "chatbot" AppEnvironmentExtra ^
  "AIDEPLOY_PERCENT=%%" ^
  "GOMEMLIMIT=429496729B" ^
  "GOMAXPROCS=1" ^
  "LOG_LEVEL=info" ^
  "LOG_FORMAT=json" ^
  >nul
if not "%errorlevel%"=="0" goto failed
rem What the operator's file says, and what no line can; then nobody but the service and administrators reads it.
powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "%HERE%environment.ps1" -Unit "chatbot" -Config "%DIR%\config\chatbot.env" -Required "ANTHROPIC_API_KEY,DATABASE_URL" -Optional "" -Tag "%AIDEPLOY_TAG%"
if not "%errorlevel%"=="0" goto failed
exit /b 0

:start
set "UNIT=chatbot"
set "CALM=0"
set "TRIES=60"
set "URL=http://127.0.0.1:8080/health/ready"
rem Its answer is not the last word: a start may be slow, or tried again.
"%NSSM%" start "chatbot" >nul 2>nul
call :ready
if not "%errorlevel%"=="0" exit /b 1
exit /b 0

:stop
set "UNIT=chatbot"
set "TRIES=325"
sc.exe query "chatbot" >nul 2>nul
if "%errorlevel%"=="0" "%NSSM%" stop "chatbot" >nul 2>nul
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
set "UNIT=chatbot"
call :is_running
if not "%errorlevel%"=="0" exit /b 1
exit /b 0
:is_running
sc.exe query "%UNIT%" 2>nul | "%SystemRoot%\System32\find.exe" "RUNNING" >nul
exit /b %errorlevel%

:remove
set "STEP=remove chatbot"
sc.exe query "chatbot" >nul 2>nul
if "%errorlevel%"=="0" "%NSSM%" remove "chatbot" confirm >nul
sc.exe query "chatbot" >nul 2>nul
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
