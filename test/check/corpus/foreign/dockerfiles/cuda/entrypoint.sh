#!/bin/bash
python3 -m vllm.entrypoints.openai.api_server --model "$MODEL" --port 8000
