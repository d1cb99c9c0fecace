pkill chatbot-server
