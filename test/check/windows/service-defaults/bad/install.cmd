@echo off
sc.exe create Third binPath= "C:\Program Files\Third\third.exe" start= auto
