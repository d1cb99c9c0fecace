curl -d '{"model":"x"}' -H "Content-Type: application/json" https://api.anthropic.com/v1/messages
curl -s https://api.openai.com/v1/chat/completions -H "Authorization: Bearer x"
curl -s https://api.openai.com/v1/models
curl "http://localhost:8080/chat?prompt=hello"
curl http://localhost:11434/api/generate
