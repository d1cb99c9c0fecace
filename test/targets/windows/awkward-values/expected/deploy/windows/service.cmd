@echo off
setlocal EnableExtensions DisableDelayedExpansion
rem A program is looked for on PATH, never in whatever folder this is started in.
set NoDefaultCurrentDirectoryInExePath=1
rem This file is UTF-8.
chcp 65001 >nul
set "DIR=C:\Program Files\awkward-values"
set "HERE=%~dp0"
rem The services of one release of awkward-values, by NSSM: https://nssm.cc/usage
rem   service.cmd other | configure VERSION | start | stop | running | remove
set "NSSM=%DIR%\nssm\nssm.exe"
set "AIDEPLOY_TAG=%~2"
set "RELEASE=%DIR%\releases\%AIDEPLOY_TAG%"
set "STEP=%~1"
goto %~1

rem --- other: the same program as a scheduled task would fight over its port ---
:other
if exist "%SystemRoot%\System32\Tasks\awkward-values\awkward-values" echo awkward-values is installed as a scheduled task: remove it first>&2& exit /b 1
exit /b 0

:configure

rem --- awkward-values ---
set "STEP=configure awkward-values"
set "PROGRAM=%RELEASE%\bin\awkward-values.exe"
if not exist "%PROGRAM%" echo "%PROGRAM%" is missing>&2& goto failed
rem One that is there already stays: this changes nothing about it.
"%NSSM%" install "awkward-values" "%PROGRAM%" >nul 2>nul
sc.exe query "awkward-values" >nul
if not "%errorlevel%"=="0" goto failed
rem Quoted: a path with a blank in it would name other programs too.
"%NSSM%" set "awkward-values" ImagePath \^""%NSSM%"\^" >nul
if not "%errorlevel%"=="0" goto failed
rem The new release's own path: nothing is ever copied over a program that runs.
"%NSSM%" set "awkward-values" Application "%PROGRAM%" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "awkward-values" AppDirectory "%RELEASE%" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "awkward-values" AppParameters "" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "awkward-values" DisplayName "awkward-values" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "awkward-values" Description "awkward-values: api" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "awkward-values" Start SERVICE_DELAYED_AUTO_START >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "awkward-values" DependOnService "Tcpip" >nul
if not "%errorlevel%"=="0" goto failed

rem An account of its own, which has no password and may do nothing but what follows.
sc.exe config "awkward-values" obj= "NT SERVICE\awkward-values" >nul
if not "%errorlevel%"=="0" goto failed
icacls "%DIR%\logs" /grant "NT SERVICE\awkward-values:(OI)(CI)M" >nul
if not "%errorlevel%"=="0" goto failed
icacls "%DIR%\data\awkward-values" /inheritance:r /grant:r "*S-1-5-18:(OI)(CI)F" "*S-1-5-32-544:(OI)(CI)F" "NT SERVICE\awkward-values:(OI)(CI)M" >nul
if not "%errorlevel%"=="0" goto failed

"%NSSM%" set "awkward-values" AppStdout "%DIR%\logs\awkward-values.log" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "awkward-values" AppStderr "%DIR%\logs\awkward-values.log" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "awkward-values" AppRotateFiles 1 >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "awkward-values" AppRotateOnline 1 >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "awkward-values" AppRotateBytes 10485760 >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "awkward-values" AppExit Default Restart >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "awkward-values" AppRestartDelay 5000 >nul
if not "%errorlevel%"=="0" goto failed
rem A run shorter than this doubles the pause before the next.
"%NSSM%" set "awkward-values" AppThrottle 5000 >nul
if not "%errorlevel%"=="0" goto failed
rem Ctrl+C, then all the time that the drain takes; a program without a console gets the next two.
"%NSSM%" set "awkward-values" AppStopMethodConsole "70000" >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "awkward-values" AppStopMethodWindow 1500 >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "awkward-values" AppStopMethodThreads 1500 >nul
if not "%errorlevel%"=="0" goto failed
"%NSSM%" set "awkward-values" AppEnvironmentExtra ^
  "AIDEPLOY_PERCENT=%%" ^
  "GOMEMLIMIT=429496729B" ^
  "GOMAXPROCS=1" ^
  "EMPTY=" ^
  "EMPTY=" ^
  "SPACE= " ^
  "LEADING=  leading" ^
  "TRAILING=trailing  " ^
  ^"DOUBLE_QUOTE=say \^"hi\^"^" ^
  "SINGLE_QUOTE=it's" ^
  ^"BOTH_QUOTES=\^"it's\^"^" ^
  "BACKSLASH=C:\path\new" ^
  "TRAILING_BACKSLASH=ends with \\" ^
  "DOLLAR=$HOME and $(id) and `id` and $1 and $$" ^
  "LITERAL_REFERENCE=${port} is 8080" ^
  "LITERAL_AND_DOLLAR=$$${not.a.reference}" ^
  "PERCENT=100%%AIDEPLOY_PERCENT%% of %%AIDEPLOY_PERCENT%%h and %%AIDEPLOY_PERCENT%%%%AIDEPLOY_PERCENT%%" ^
  "HASH=a # b" ^
  "HASH_FIRST=#no comment" ^
  "EQUALS=a=b=c" ^
  "SEMICOLON=a;b" ^
  "TAB=a	b" ^
  "UNICODE=naïve – 日本語 – 🚀 –   –  " ^
  "YAML_YES=yes" ^
  "YAML_NO=no" ^
  "YAML_ON=on" ^
  "YAML_TILDE=~" ^
  "YAML_NULL=null" ^
  "YAML_HEX=0x1F" ^
  "YAML_EXPONENT=1e3" ^
  "YAML_OCTAL=0755" ^
  "YAML_FLOAT=1.10" ^
  "YAML_SEXAGESIMAL=12:34:56" ^
  "YAML_DATE=2026-01-31" ^
  "YAML_TRUE=true" ^
  "YAML_LIST=- a" ^
  "YAML_COLON=: " ^
  "YAML_KEY=key: value" ^
  "YAML_ANCHOR=&anchor *alias !tag" ^
  "YAML_FLOW={a: [b, c]}" ^
  "YAML_BLOCK=| >" ^
  "YAML_AT=@reserved" ^
  "YAML_QUESTION=? complex" ^
  "YAML_MERGE=<<" ^
  "YAML_DOCUMENT=---" ^
  "YAML_INFINITY=.inf" ^
  ^"JSON={\^"key\^": \^"va\\\^"lue\^", \^"list\^": [1, 2.50, null]}^" ^
  "MUSTACHE={{mustache}} {{{triple}}} {{~trim~}}" ^
  ^"XML=^<a href=\^"x^&y\^"^>]]^>^</a^>^" ^
  "SQL='; DROP TABLE users; --" ^
  "NEGATIVE=-1" ^
  "LARGE=12345678901234567890" ^
  "TINY=0.000001" ^
  "LONG=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" ^
  "_underscore=1" ^
  "lower_case=2" ^
  >nul
if not "%errorlevel%"=="0" goto failed
rem What the operator's file says, and what no line can; then nobody but the service and administrators reads it.
powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "%HERE%environment.ps1" -Unit "awkward-values" -Config "%DIR%\config\awkward-values.env" -Required "API_KEY_ONE,_SECRET" -Optional "" -Tag "%AIDEPLOY_TAG%"
if not "%errorlevel%"=="0" goto failed
exit /b 0

:start
set "UNIT=awkward-values"
set "CALM=0"
set "TRIES=30"
set "URL=http://127.0.0.1:8080/ready"
rem Its answer is not the last word: a start may be slow, or tried again.
"%NSSM%" start "awkward-values" >nul 2>nul
call :ready
if not "%errorlevel%"=="0" exit /b 1
exit /b 0

:stop
set "UNIT=awkward-values"
set "TRIES=85"
sc.exe query "awkward-values" >nul 2>nul
if "%errorlevel%"=="0" "%NSSM%" stop "awkward-values" >nul 2>nul
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
set "UNIT=awkward-values"
call :is_running
if not "%errorlevel%"=="0" exit /b 1
exit /b 0
:is_running
sc.exe query "%UNIT%" 2>nul | "%SystemRoot%\System32\find.exe" "RUNNING" >nul
exit /b %errorlevel%

:remove
set "STEP=remove awkward-values"
sc.exe query "awkward-values" >nul 2>nul
if "%errorlevel%"=="0" "%NSSM%" remove "awkward-values" confirm >nul
sc.exe query "awkward-values" >nul 2>nul
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
