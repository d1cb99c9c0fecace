taskkill /F /IM chatbot.exe
