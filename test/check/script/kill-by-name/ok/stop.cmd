taskkill /F /PID 4711
