"""The service's API: one answer at once, or token by token."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated

import httpx
from fastapi import APIRouter, Depends, HTTPException, Query, Request, WebSocket
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from app import logs, metrics
from app.lifecycle import lifecycle
from app.llm import Prompt, count_tokens, model
from app.settings import settings

router = APIRouter()

# chunks and delayMs shape a stream, so that a test can make it as long as it needs.
Message = Annotated[str, Field(pattern=r"\S")]
Chunks = Annotated[int, Field(ge=0, le=100_000)]
DelayMs = Annotated[int, Field(ge=0, le=600_000)]


class ChatRequest(BaseModel):
    message: Message
    chunks: Chunks = 0
    delayMs: DelayMs | None = None


def from_body(body: ChatRequest) -> Prompt:
    delay = None if body.delayMs is None else body.delayMs / 1000
    return Prompt(body.message, body.chunks, delay)


class ChatQuery(BaseModel):
    q: Message
    chunks: Chunks = 0
    delayMs: DelayMs | None = None


def from_query(query: Annotated[ChatQuery, Query()]) -> Prompt:
    return from_body(ChatRequest(message=query.q, chunks=query.chunks, delayMs=query.delayMs))


BodyPrompt = Annotated[Prompt, Depends(from_body)]
QueryPrompt = Annotated[Prompt, Depends(from_query)]


@router.post("/api/chat")
async def chat(prompt: BodyPrompt, request: Request) -> dict:
    refuse_if_told()
    try:
        async with asyncio.timeout(min(settings.llm_timeout, settings.request_timeout)):
            reply = await model.complete(prompt)
    except (TimeoutError, httpx.HTTPError) as cause:
        kind = kind_of(cause)
        logs.error("model call failed", request_id=request.state.request_id, type=kind, error=str(cause))
        raise HTTPException(504 if kind == "timeout" else 502, f"the model did not answer: {kind}") from cause
    metrics.tokens.labels("input").inc(reply.input_tokens)
    metrics.tokens.labels("output").inc(reply.output_tokens)
    return {
        "reply": reply.text,
        "model": reply.model,
        "usage": {"input_tokens": reply.input_tokens, "output_tokens": reply.output_tokens},
        "request_id": request.state.request_id,
    }


@router.post("/api/chat/stream")
async def stream_post(prompt: BodyPrompt, request: Request) -> StreamingResponse:
    return stream(prompt, request)


@router.get("/api/chat/stream")
async def stream_get(prompt: QueryPrompt, request: Request) -> StreamingResponse:
    return stream(prompt, request)


def stream(prompt: Prompt, request: Request) -> StreamingResponse:
    refuse_if_told()
    metrics.tokens.labels("input").inc(count_tokens(prompt.message))
    # No X-Accel-Buffering here: that a proxy passes each event on at once is for its own configuration to get right.
    return StreamingResponse(
        events(prompt, request.state.request_id),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-cache"},
    )


async def events(prompt: Prompt, request_id: str) -> AsyncIterator[str]:
    """One event for each token, comments while the model is quiet, [DONE] at the end."""
    queue: asyncio.Queue[str | Exception | None] = asyncio.Queue(maxsize=1)
    producer = asyncio.create_task(produce(prompt, queue))
    next_token = asyncio.create_task(queue.get())
    streams_end = asyncio.create_task(lifecycle.streams_end.wait())
    loop = asyncio.get_running_loop()
    deadline = loop.time() + settings.stream_max_duration
    idle_at = loop.time() + settings.stream_idle_timeout
    try:
        yield ": open\n\n"  # headers leave now, not with the first token
        while True:
            patience = min(settings.heartbeat, min(deadline, idle_at) - loop.time())
            await asyncio.wait(
                {next_token, streams_end}, timeout=max(0, patience), return_when=asyncio.FIRST_COMPLETED
            )
            if streams_end.done():
                yield event({"reason": "the server is shutting down"}, name="shutdown")
                return
            if loop.time() >= deadline:
                yield failed(request_id, TimeoutError("the stream took too long"))
                return
            if not next_token.done():
                if loop.time() >= idle_at:
                    yield failed(request_id, TimeoutError("the model fell silent"))
                    return
                yield ": heartbeat\n\n"
                continue
            token = next_token.result()
            if token is None:
                yield "data: [DONE]\n\n"
                return
            if isinstance(token, Exception):
                yield failed(request_id, token)
                return
            metrics.tokens.labels("output").inc()
            yield event({"token": token})
            next_token = asyncio.create_task(queue.get())
            idle_at = loop.time() + settings.stream_idle_timeout
    except asyncio.CancelledError:
        metrics.disconnects.inc()
        logs.info("client left the stream", request_id=request_id)
        raise
    finally:
        for task in (producer, next_token, streams_end):
            task.cancel()  # ends the model's work too, whoever ended the stream


async def produce(prompt: Prompt, queue: asyncio.Queue) -> None:
    try:
        async for token in model.stream(prompt):
            await queue.put(token)
        await queue.put(None)
    except Exception as cause:
        await queue.put(cause)


def failed(request_id: str, cause: Exception) -> str:
    kind = kind_of(cause)
    metrics.errors.labels(kind).inc()
    logs.error("stream failed", request_id=request_id, type=kind, error=str(cause))
    return event({"error": kind}, name="error")


def event(data: dict, name: str = "") -> str:
    return (f"event: {name}\n" if name else "") + f"data: {json.dumps(data)}\n\n"


def kind_of(cause: Exception) -> str:
    return "timeout" if isinstance(cause, TimeoutError) else "llm"


def refuse_if_told() -> None:
    if settings.fail_chat:
        raise HTTPException(500, "FAIL_CHAT is set")


@router.websocket("/ws")
async def echo(socket: WebSocket) -> None:
    """Sends every message back. uvicorn closes what is open as soon as it stops accepting."""
    await socket.accept()
    while (message := await socket.receive())["type"] == "websocket.receive":
        if message.get("text") is not None:
            await socket.send_text(message["text"])
        else:
            await socket.send_bytes(message["bytes"])
