@echo off
setlocal EnableExtensions DisableDelayedExpansion
rem A program is looked for on PATH, never in whatever folder this is started in.
set NoDefaultCurrentDirectoryInExePath=1
rem This file is UTF-8.
chcp 65001 >nul
set "DIR=C:\Program Files\AIEndpointPlatform"
set "HERE=%~dp0"
rem Installs ai-endpoint-server on this machine, or finishes an installation; run again, it changes nothing.
rem   install.cmd [--tag VERSION] [--from FOLDER] [--restart]
rem FOLDER holds what scripts/build.sh made; "build" beside this file, or that of the repository, when omitted.
call "%HERE%release.cmd" prepare
if not "%errorlevel%"=="0" exit /b 1
rem The firewall stays as it is: nothing here is reached from other machines but through a proxy.
call "%HERE%upgrade.cmd" %*
exit /b %errorlevel%
