@echo off
setlocal EnableExtensions DisableDelayedExpansion
rem A program is looked for on PATH, never in whatever folder this is started in.
set NoDefaultCurrentDirectoryInExePath=1
rem This file is UTF-8.
chcp 65001 >nul
set "DIR=C:\Program Files\AIEndpointPlatform"
set "HERE=%~dp0"
rem Returns ai-endpoint-server to a former release: its programs, settings and variables as they were rendered with it.
rem   rollback.cmd [VERSION | --list]     the last verified one before the current when omitted
rem Not reverted: migrations of the database, secrets that were changed since, data written since.
set "CURRENT="
if exist "%DIR%\current.txt" for /f "usebackq" %%V in ("%DIR%\current.txt") do set "CURRENT=%%V"
if "%~1"=="--list" goto list
if not defined CURRENT echo nothing is installed in "%DIR%">&2& exit /b 1
set "GOAL=%~1"
if defined GOAL goto chosen
call "%HERE%release.cmd" former >"%DIR%\goal.txt"
if not "%errorlevel%"=="0" echo there is no verified release before %CURRENT%>&2& exit /b 1
for /f "usebackq" %%V in ("%DIR%\goal.txt") do set "GOAL=%%V"
:chosen
if not exist "%DIR%\releases\%GOAL%\release.json" echo there is no release %GOAL% here, see rollback.cmd --list>&2& exit /b 1
if "%GOAL%"=="%CURRENT%" echo %GOAL% is what runs>&2& exit /b 1
echo from %CURRENT% to %GOAL%
call "%HERE%release.cmd" activate "%GOAL%"
if not "%errorlevel%"=="0" goto back
call "%HERE%release.cmd" mark "%GOAL%" verified
if not "%errorlevel%"=="0" exit /b 1
call "%HERE%release.cmd" supersede "%CURRENT%"
echo ai-endpoint-server %GOAL% runs and is ready
exit /b 0
:back
echo %GOAL% is not ready: back to %CURRENT%>&2
call "%HERE%release.cmd" activate "%CURRENT%"
if not "%errorlevel%"=="0" echo %CURRENT% is not ready either>&2
exit /b 1
:list
call "%HERE%release.cmd" list
exit /b %errorlevel%
