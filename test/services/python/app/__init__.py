"""The chatbot as an ASGI application (`app.main:app`), a worker and a job."""
