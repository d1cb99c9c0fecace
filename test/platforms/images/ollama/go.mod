module ollama

go 1.24
