Stop-Process -Name chatbot -Force
