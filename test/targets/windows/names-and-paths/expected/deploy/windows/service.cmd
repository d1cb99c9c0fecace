@echo off
setlocal EnableExtensions DisableDelayedExpansion
rem A program is looked for on PATH, never in whatever folder this is started in.
set NoDefaultCurrentDirectoryInExePath=1
rem This file is UTF-8.
chcp 65001 >nul
set "DIR=D:\Programs & Files\It's (x86)\$app"
set "HERE=%~dp0"
rem The scheduled tasks of one release of a-name-of-thirty-one-characters; task.ps1 does the work.
rem   service.cmd other | configure VERSION | start | stop | running | remove
set "AIDEPLOY_TAG=%~2"
set "TASK=powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "%HERE%task.ps1""
goto %~1

rem --- other: the same program as a service would fight over its port ---
:other
sc.exe query "a-name-of-thirty-one-characters-s234567890123456789012345678901" >nul 2>nul
if "%errorlevel%"=="0" echo a-name-of-thirty-one-characters-s234567890123456789012345678901 is installed as a service: remove it first>&2& exit /b 1
sc.exe query "a-name-of-thirty-one-characters-below-a-path" >nul 2>nul
if "%errorlevel%"=="0" echo a-name-of-thirty-one-characters-below-a-path is installed as a service: remove it first>&2& exit /b 1
exit /b 0

:configure
rem The file of its secrets and its folders, for the account that the task runs as: LocalService.
icacls "%DIR%\logs" /grant "*S-1-5-19:(OI)(CI)M" >nul
if not "%errorlevel%"=="0" exit /b 1
icacls "%DIR%\data\a-name-of-thirty-one-characters-s234567890123456789012345678901" /inheritance:r /grant:r "*S-1-5-18:(OI)(CI)F" "*S-1-5-32-544:(OI)(CI)F" "*S-1-5-19:(OI)(CI)M" >nul
if not "%errorlevel%"=="0" exit /b 1
%TASK% -Verb configure -Unit "a-name-of-thirty-one-characters-s234567890123456789012345678901"
if not "%errorlevel%"=="0" exit /b 1
rem The file of its secrets and its folders, for the account that the task runs as: LocalService.
icacls "%DIR%\logs" /grant "*S-1-5-19:(OI)(CI)M" >nul
if not "%errorlevel%"=="0" exit /b 1
icacls "%DIR%\data\a-name-of-thirty-one-characters-below-a-path" /inheritance:r /grant:r "*S-1-5-18:(OI)(CI)F" "*S-1-5-32-544:(OI)(CI)F" "*S-1-5-19:(OI)(CI)M" >nul
if not "%errorlevel%"=="0" exit /b 1
%TASK% -Verb configure -Unit "a-name-of-thirty-one-characters-below-a-path"
if not "%errorlevel%"=="0" exit /b 1
exit /b 0

:start
set "UNIT=a-name-of-thirty-one-characters-s234567890123456789012345678901"
set "CALM=0"
set "TRIES=2700"
set "URL=http://127.0.0.1:65535/~user/ready,v=1:2@x+y%%41"
%TASK% -Verb start -Unit "a-name-of-thirty-one-characters-s234567890123456789012345678901"
if not "%errorlevel%"=="0" exit /b 1
call :ready
if not "%errorlevel%"=="0" exit /b 1
set "UNIT=a-name-of-thirty-one-characters-below-a-path"
set "CALM=0"
set "TRIES=30"
set "URL=http://127.0.0.1:8081/"
%TASK% -Verb start -Unit "a-name-of-thirty-one-characters-below-a-path"
if not "%errorlevel%"=="0" exit /b 1
call :ready
if not "%errorlevel%"=="0" exit /b 1
exit /b 0

:stop
%TASK% -Verb stop -Unit "a-name-of-thirty-one-characters-below-a-path"
if not "%errorlevel%"=="0" exit /b 1
%TASK% -Verb stop -Unit "a-name-of-thirty-one-characters-s234567890123456789012345678901"
if not "%errorlevel%"=="0" exit /b 1
exit /b 0

:running
set "UNIT=a-name-of-thirty-one-characters-s234567890123456789012345678901"
call :is_running
if not "%errorlevel%"=="0" exit /b 1
set "UNIT=a-name-of-thirty-one-characters-below-a-path"
call :is_running
if not "%errorlevel%"=="0" exit /b 1
exit /b 0
:is_running
%TASK% -Verb running -Unit "%UNIT%"
exit /b %errorlevel%

:remove
%TASK% -Verb remove -Unit "a-name-of-thirty-one-characters-below-a-path"
if not "%errorlevel%"=="0" exit /b 1
%TASK% -Verb remove -Unit "a-name-of-thirty-one-characters-s234567890123456789012345678901"
if not "%errorlevel%"=="0" exit /b 1
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
goto ready
