forfiles /p D:\backup /s /d -30 /c "cmd /c del @path"
