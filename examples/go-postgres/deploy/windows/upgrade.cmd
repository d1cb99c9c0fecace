@echo off
setlocal EnableExtensions DisableDelayedExpansion
rem A program is looked for on PATH, never in whatever folder this is started in.
set NoDefaultCurrentDirectoryInExePath=1
rem This file is UTF-8.
chcp 65001 >nul
set "DIR=C:\Program Files\AIEndpointPlatform"
set "HERE=%~dp0"
rem Brings a release of ai-endpoint-server into service: stop, switch, start, wait until it is ready; back to the former on failure.
rem   upgrade.cmd [--tag VERSION] [--from FOLDER] [--restart]
rem The service is out while it restarts: a stop lasts up to 70 s, so that open work is finished.
set "FROM=%HERE%build"
if not exist "%FROM%\" set "FROM=%HERE%..\..\build"
set "RESTART=no"

:arguments
if "%~1"=="" goto known
if "%~1"=="--restart" goto restart
if "%~2"=="" goto usage
if "%~1"=="--tag" goto tag
if "%~1"=="--from" goto from
:usage
echo usage: upgrade.cmd [--tag VERSION] [--from FOLDER] [--restart]>&2
exit /b 2
:restart
set "RESTART=yes"
shift
goto arguments
:tag
set "AIDEPLOY_TAG=%~2"
shift
shift
goto arguments
:from
set "FROM=%~2"
shift
shift
goto arguments

:known
if not defined AIDEPLOY_TAG echo which version? --tag, or the variable AIDEPLOY_TAG>&2& exit /b 2
if /i "%AIDEPLOY_TAG%"=="latest" echo the tag latest moves, so a rollback could not name what ran>&2& exit /b 2
for /f "delims=abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-" %%V in ("%AIDEPLOY_TAG%") do goto odd
call "%HERE%release.cmd" prepare
if not "%errorlevel%"=="0" exit /b 1
set "FORMER="
if exist "%DIR%\current.txt" for /f "usebackq" %%V in ("%DIR%\current.txt") do set "FORMER=%%V"
if not "%FORMER%"=="%AIDEPLOY_TAG%" goto place
if "%RESTART%"=="yes" goto place
call "%DIR%\releases\%FORMER%\windows\service.cmd" running
if not "%errorlevel%"=="0" goto place
echo ai-endpoint-server %FORMER% runs already
exit /b 0

:place
call "%HERE%release.cmd" place
if not "%errorlevel%"=="0" exit /b 1
call "%HERE%release.cmd" activate "%AIDEPLOY_TAG%"
if not "%errorlevel%"=="0" goto back
call "%HERE%release.cmd" mark "%AIDEPLOY_TAG%" verified
if not "%errorlevel%"=="0" exit /b 1
if not "%FORMER%"=="%AIDEPLOY_TAG%" call "%HERE%release.cmd" supersede "%FORMER%"
call "%HERE%release.cmd" prune
echo ai-endpoint-server %AIDEPLOY_TAG% runs and is ready
exit /b 0

:odd
echo a version is letters, digits, _ . and - only>&2
exit /b 2
:back
if "%FORMER%"=="%AIDEPLOY_TAG%" set "FORMER="
call "%HERE%release.cmd" mark "%AIDEPLOY_TAG%" failed
if not defined FORMER echo %AIDEPLOY_TAG% is not ready, and there is no release to go back to>&2& exit /b 1
echo %AIDEPLOY_TAG% is not ready: back to %FORMER%>&2
call "%HERE%release.cmd" activate "%FORMER%"
if not "%errorlevel%"=="0" echo %AIDEPLOY_TAG% failed, and %FORMER% is not ready either>&2& exit /b 1
echo %AIDEPLOY_TAG% failed; %FORMER% runs and is ready>&2
exit /b 1
