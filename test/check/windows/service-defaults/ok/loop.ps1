New-Service -Name Other -BinaryPathName '"C:\Program Files\Other\other.exe" --service'
