curl --json @body.json -H 'x-api-key: k' -H 'anthropic-version: 2023-06-01' https://api.anthropic.com/v1/messages
curl -X POST -d @body.json -H 'Content-Type: application/json' -H "Authorization: Bearer x" https://api.openai.com/v1/chat/completions
curl --config curl.conf https://api.openai.com/v1/models
curl -s -o /dev/null -w '%{http_code}' https://api.openai.com/v1/models
curl -d '{"prompt":"hello"}' http://localhost:8080/chat?stream=1
curl http://localhost:11434/api/tags
curl -G "http://localhost:9090/api/v1/query?query=up"
