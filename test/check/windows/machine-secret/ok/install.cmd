@echo off
setx LOG_LEVEL info /M
setx OPENAI_API_KEY "%KEY%"
