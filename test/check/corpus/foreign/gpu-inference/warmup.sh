#!/bin/bash
# Pulls the models once the container is up, then asks for one token.
docker exec ollama ollama pull llama3.1:8b
sleep 5
curl -s http://localhost:11434/api/generate -d '{"model":"llama3.1:8b","prompt":"hi","stream":false}' > /dev/null
echo "warm"
