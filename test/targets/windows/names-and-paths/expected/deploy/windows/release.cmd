@echo off
setlocal EnableExtensions DisableDelayedExpansion
rem A program is looked for on PATH, never in whatever folder this is started in.
set NoDefaultCurrentDirectoryInExePath=1
rem This file is UTF-8.
chcp 65001 >nul
set "DIR=D:\Programs & Files\It's (x86)\$app"
set "HERE=%~dp0"
rem Steps that install.cmd, upgrade.cmd and rollback.cmd share; called by them.
rem A release is %DIR%\releases\VERSION and is never changed. Its release.json is written last: without it the
rem folder is what a broken run left behind. current.txt names the release that runs, and is replaced whole.
set "RELEASES=%DIR%\releases"
set "ID=%~2"
set "STATUS=%~3"
goto %~1

rem --- prepare: what the machine needs, in any number of runs ---
:prepare
set "LACK="
for %%V in (curl.exe powershell.exe sc.exe) do if "%%~$PATH:V"=="" set "LACK=%%V"
if defined LACK echo %LACK% is not on PATH: it is part of Windows 10, Server 2019 and later>&2& exit /b 1
rem Writing here takes an administrator, as everything that follows does.
reg add "HKLM\SOFTWARE\aideploy\a-name-of-thirty-one-characters" /v Directory /d "%DIR%" /f >nul
if not "%errorlevel%"=="0" echo run this as administrator>&2& exit /b 1
call "%HERE%service.cmd" other
if not "%errorlevel%"=="0" exit /b 1
for %%V in (releases config logs data) do if not exist "%DIR%\%%V\" mkdir "%DIR%\%%V"
for %%V in (releases config logs data) do if not exist "%DIR%\%%V\" set "LACK=%%V"
if defined LACK echo "%DIR%\%LACK%" could not be made>&2& exit /b 1
rem The system and administrators; programs read. By number, since names depend on the language of Windows.
icacls "%DIR%" /inheritance:r /grant:r "*S-1-5-18:(OI)(CI)F" "*S-1-5-32-544:(OI)(CI)F" "*S-1-5-32-545:(OI)(CI)RX" >nul
if not "%errorlevel%"=="0" echo icacls failed on "%DIR%">&2& exit /b 1
rem The secrets: no program but the one that hands them over.
icacls "%DIR%\config" /inheritance:r /grant:r "*S-1-5-18:(OI)(CI)F" "*S-1-5-32-544:(OI)(CI)F" >nul
if not "%errorlevel%"=="0" echo icacls failed on "%DIR%\config">&2& exit /b 1
if not exist "%DIR%\data\a-name-of-thirty-one-characters-s234567890123456789012345678901\" mkdir "%DIR%\data\a-name-of-thirty-one-characters-s234567890123456789012345678901"
if not exist "%DIR%\data\a-name-of-thirty-one-characters-below-a-path\" mkdir "%DIR%\data\a-name-of-thirty-one-characters-below-a-path"
exit /b 0

rem --- place: the files of a release, beside those that run ---
:place
set "RELEASE=%RELEASES%\%AIDEPLOY_TAG%"
if exist "%RELEASE%\release.json" echo release %AIDEPLOY_TAG% is here already& exit /b 0
if exist "%RELEASE%\" rmdir /s /q "%RELEASE%"
mkdir "%RELEASE%\windows"
if not "%errorlevel%"=="0" echo "%RELEASE%" could not be made>&2& exit /b 1
if not exist "%FROM%\a-name-of-thirty-one-characters-s234567890123456789012345678901.tar.gz" echo "%FROM%\a-name-of-thirty-one-characters-s234567890123456789012345678901.tar.gz" is missing: scripts/build.sh makes it>&2& exit /b 1
if not exist "%FROM%\the-very-long-name-of-a-program-that-somebody-chose-windows-amd64.exe" echo "%FROM%\the-very-long-name-of-a-program-that-somebody-chose-windows-amd64.exe" is missing: scripts/build.sh makes it>&2& exit /b 1
if not exist "%FROM%\second-windows-amd64.exe" echo "%FROM%\second-windows-amd64.exe" is missing: scripts/build.sh makes it>&2& exit /b 1
if not exist "%FROM%\with space-windows-amd64.exe" echo "%FROM%\with space-windows-amd64.exe" is missing: scripts/build.sh makes it>&2& exit /b 1
copy "%HERE%*.cmd" "%RELEASE%\windows\" >nul
if not "%errorlevel%"=="0" echo the scripts could not be copied>&2& exit /b 1
copy "%HERE%*.ps1" "%RELEASE%\windows\" >nul
if not "%errorlevel%"=="0" echo the scripts could not be copied>&2& exit /b 1
mkdir "%RELEASE%\bin"
copy /b "%FROM%\the-very-long-name-of-a-program-that-somebody-chose-windows-amd64.exe" "%RELEASE%\bin\the-very-long-name-of-a-program-that-somebody-chose.exe" >nul
if not "%errorlevel%"=="0" echo the-very-long-name-of-a-program-that-somebody-chose.exe could not be copied>&2& exit /b 1
copy /b "%FROM%\second-windows-amd64.exe" "%RELEASE%\bin\second.exe" >nul
if not "%errorlevel%"=="0" echo second.exe could not be copied>&2& exit /b 1
copy /b "%FROM%\with space-windows-amd64.exe" "%RELEASE%\bin\with space.exe" >nul
if not "%errorlevel%"=="0" echo "with space.exe" could not be copied>&2& exit /b 1
mkdir "%RELEASE%\app\a-name-of-thirty-one-characters-s234567890123456789012345678901"
tar -x -f "%FROM%\a-name-of-thirty-one-characters-s234567890123456789012345678901.tar.gz" -C "%RELEASE%\app\a-name-of-thirty-one-characters-s234567890123456789012345678901" --strip-components 1
if not "%errorlevel%"=="0" echo a-name-of-thirty-one-characters-s234567890123456789012345678901.tar.gz could not be unpacked>&2& exit /b 1
rem Made where it stays: a virtual environment cannot be moved.
py -"3.13" -m venv "%RELEASE%\venv\a-name-of-thirty-one-characters-s234567890123456789012345678901"
if not "%errorlevel%"=="0" echo Python 3.13 could make no virtual environment>&2& exit /b 1
pushd "%RELEASE%\app\a-name-of-thirty-one-characters-s234567890123456789012345678901"
"%RELEASE%\venv\a-name-of-thirty-one-characters-s234567890123456789012345678901\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check "--requirement" "requirements files/prod.txt"
if not "%errorlevel%"=="0" popd& echo the packages of a-name-of-thirty-one-characters-s234567890123456789012345678901 could not be installed>&2& exit /b 1
popd
"%RELEASE%\venv\a-name-of-thirty-one-characters-s234567890123456789012345678901\Scripts\python.exe" -c "import uvicorn"
if not "%errorlevel%"=="0" echo uvicorn is not among the packages of a-name-of-thirty-one-characters-s234567890123456789012345678901: gunicorn does not run on Windows>&2& exit /b 1
rem What `aideploy deploy` knows of it beside: from a variable, since a line of cmd cannot hold every text.
if not defined AIDEPLOY_LINE goto numbered
pushd "%RELEASE%"
setlocal EnableDelayedExpansion
>details.json echo !AIDEPLOY_LINE!
endlocal
popd
if not exist "%RELEASE%\details.json" echo details.json could not be written>&2& exit /b 1
:numbered
set "HIGHEST=0"
call :each highest
set /a R_SEQUENCE=HIGHEST+1
set "R_BY=%USERNAME: =_%@%COMPUTERNAME%"
set "R_PREVIOUS="
if exist "%DIR%\current.txt" for /f "usebackq" %%V in ("%DIR%\current.txt") do set "R_PREVIOUS=%%V"
set "R_AT="
powershell.exe -NoProfile -NonInteractive -Command "[DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ')" >"%RELEASE%\at.txt"
for /f "usebackq" %%V in ("%RELEASE%\at.txt") do set "R_AT=%%V"
del /q "%RELEASE%\at.txt"
set "ID=%AIDEPLOY_TAG%"
set "STATUS=unverified"
goto write

rem --- activate: the whole release, from whatever runs now ---
:activate
set "NOW="
if exist "%DIR%\current.txt" for /f "usebackq" %%V in ("%DIR%\current.txt") do set "NOW=%%V"
if not defined NOW set "NOW=%ID%"
if not exist "%RELEASES%\%NOW%\windows\service.cmd" set "NOW=%ID%"
call "%RELEASES%\%NOW%\windows\service.cmd" stop
if not "%errorlevel%"=="0" exit /b 1
call "%RELEASES%\%ID%\windows\service.cmd" configure "%ID%"
if not "%errorlevel%"=="0" exit /b 1
>"%DIR%\current.txt.new" echo %ID%
move /y "%DIR%\current.txt.new" "%DIR%\current.txt" >nul
if not "%errorlevel%"=="0" echo current.txt could not be replaced>&2& exit /b 1
call "%RELEASES%\%ID%\windows\service.cmd" start
exit /b %errorlevel%

rem --- each: calls a label for every folder of a release ---
:each
dir /b /ad "%RELEASES%" >"%DIR%\releases.txt"
for /f "usebackq delims=" %%V in ("%DIR%\releases.txt") do call :%~1 "%%V"
exit /b 0

rem --- records ---
:supersede
if "%ID%"=="" exit /b 0
call :read "%ID%"
if not "%R_STATUS%"=="verified" exit /b 0
set "STATUS=superseded"
goto write

:mark
call :read "%ID%"
if not defined R_SEQUENCE exit /b 1
:write
set "RECORD=%RELEASES%\%ID%\release.json"
>"%RECORD%.new" echo {
>>"%RECORD%.new" echo   "version": 1,
>>"%RECORD%.new" echo   "id": "%ID%",
>>"%RECORD%.new" echo   "tag": "%ID%",
>>"%RECORD%.new" echo   "sequence": %R_SEQUENCE%,
>>"%RECORD%.new" echo   "at": "%R_AT%",
>>"%RECORD%.new" echo   "by": "%R_BY%",
>>"%RECORD%.new" echo   "previous": "%R_PREVIOUS%",
>>"%RECORD%.new" echo   "status": "%STATUS%"
>>"%RECORD%.new" echo }
move /y "%RECORD%.new" "%RECORD%" >nul
if not "%errorlevel%"=="0" echo "%RECORD%" could not be written>&2& exit /b 1
exit /b 0

:read
set "R_SEQUENCE="
set "R_AT="
set "R_BY="
set "R_PREVIOUS="
set "R_STATUS="
if not exist "%RELEASES%\%~1\release.json" exit /b 1
for /f "usebackq tokens=1,2 delims=, " %%A in ("%RELEASES%\%~1\release.json") do (
  if %%A=="sequence": set "R_SEQUENCE=%%~B"
  if %%A=="at": set "R_AT=%%~B"
  if %%A=="by": set "R_BY=%%~B"
  if %%A=="previous": set "R_PREVIOUS=%%~B"
  if %%A=="status": set "R_STATUS=%%~B"
)
exit /b 0

:highest
call :read "%~1"
if not defined R_SEQUENCE exit /b 0
if %R_SEQUENCE% gtr %HIGHEST% set "HIGHEST=%R_SEQUENCE%"
exit /b 0

:list
set "CURRENT="
if exist "%DIR%\current.txt" for /f "usebackq" %%V in ("%DIR%\current.txt") do set "CURRENT=%%V"
call :each line
exit /b 0
:line
call :read "%~1"
if not defined R_SEQUENCE exit /b 0
set "NOTE="
if "%~1"=="%CURRENT%" set "NOTE=current"
echo %~1 %R_AT% %R_STATUS% %NOTE%
exit /b 0

rem --- former: prints the last verified release before the current one ---
:former
for /f "usebackq" %%V in ("%DIR%\current.txt") do set "CURRENT=%%V"
call :read "%CURRENT%"
set "LIMIT=%R_SEQUENCE%"
if not defined LIMIT exit /b 1
set "HIGHEST=0"
set "GOAL="
call :each candidate
if not defined GOAL exit /b 1
echo %GOAL%
exit /b 0
:candidate
call :read "%~1"
if not defined R_SEQUENCE exit /b 0
if "%R_STATUS%"=="failed" exit /b 0
if "%R_STATUS%"=="unverified" exit /b 0
if %R_SEQUENCE% geq %LIMIT% exit /b 0
if %R_SEQUENCE% leq %HIGHEST% exit /b 0
set "HIGHEST=%R_SEQUENCE%"
set "GOAL=%~1"
exit /b 0

rem --- prune: releases past the last 3, never the one that runs nor the one before it; logs past 30 days ---
:prune
for /f "usebackq" %%V in ("%DIR%\current.txt") do set "CURRENT=%%V"
call :read "%CURRENT%"
set "KEEP=%R_PREVIOUS%"
set "HIGHEST=0"
call :each highest
call :each old
forfiles /p "%DIR%\logs" /m *-*.log /d -30 /c "cmd /c del /q @path" >nul 2>nul
exit /b 0
:old
if "%~1"=="%CURRENT%" exit /b 0
if "%~1"=="%KEEP%" exit /b 0
call :read "%~1"
if not defined R_SEQUENCE exit /b 0
set /a AGE=HIGHEST-R_SEQUENCE
rem Two numbers are compared as such without quotes only.
set "LAST=3"
if %AGE% lss %LAST% exit /b 0
rmdir /s /q "%RELEASES%\%~1"
exit /b 0

rem --- remove: a release that the record gives up ---
:remove
if exist "%RELEASES%\%ID%\" rmdir /s /q "%RELEASES%\%ID%"
exit /b %errorlevel%

rem --- audit: what was done, a line each; from a variable, since a line of cmd cannot hold every text ---
:audit
if not exist "%DIR%\" mkdir "%DIR%"
pushd "%DIR%"
if not "%errorlevel%"=="0" echo run this as administrator>&2& exit /b 1
setlocal EnableDelayedExpansion
>>history.jsonl echo !AIDEPLOY_LINE!
exit /b %errorlevel%

rem --- lease NUMBER TOKEN: its text takes a number that is free, which one of two gets; the highest counts ---
:lease
if not exist "%DIR%\lease\" mkdir "%DIR%\lease"
pushd "%DIR%\lease"
if not "%errorlevel%"=="0" echo run this as administrator>&2& exit /b 1
setlocal EnableDelayedExpansion
>"%~3.new" echo !AIDEPLOY_LINE!
endlocal
ren "%~3.new" "%~2" 2>nul
if not "%errorlevel%"=="0" del /q "%~3.new"& exit /b 3
rem Some old ones stay, for those who are reading just then.
set /a OLD=%~2-20
if exist "%OLD%" del /q "%OLD%"
exit /b 0
