@echo off
setlocal EnableExtensions DisableDelayedExpansion
rem A program is looked for on PATH, never in whatever folder this is started in.
set NoDefaultCurrentDirectoryInExePath=1
rem This file is UTF-8.
chcp 65001 >nul
set "DIR=C:\Program Files\AIEndpointPlatform"
set "HERE=%~dp0"
rem Removes ai-endpoint-server from this machine: what runs, and its releases.
rem   uninstall.cmd [/purge]     config, data and logs stay unless /purge says otherwise
set "PURGE=no"
if /i "%~1"=="/purge" set "PURGE=yes"
if "%PURGE%"=="no" if not "%~1"=="" echo usage: uninstall.cmd [/purge]>&2& exit /b 2
call "%HERE%service.cmd" stop
if not "%errorlevel%"=="0" exit /b 1
call "%HERE%service.cmd" remove
if not "%errorlevel%"=="0" exit /b 1
reg delete "HKLM\SOFTWARE\aideploy\ai-endpoint-server" /f >nul 2>nul
if exist "%DIR%\current.txt" del /q "%DIR%\current.txt"
if exist "%DIR%\goal.txt" del /q "%DIR%\goal.txt"
if exist "%DIR%\releases.txt" del /q "%DIR%\releases.txt"
if exist "%DIR%\releases\" rmdir /s /q "%DIR%\releases"
if exist "%DIR%\nssm\" rmdir /s /q "%DIR%\nssm"
if "%PURGE%"=="yes" if exist "%DIR%\" rmdir /s /q "%DIR%"
if "%PURGE%"=="yes" if exist "%DIR%\" echo "%DIR%" is not gone: something in it is open>&2& exit /b 1
if exist "%DIR%\releases\" echo "%DIR%\releases" is not gone: something in it is open>&2& exit /b 1
echo ai-endpoint-server is removed
exit /b 0
