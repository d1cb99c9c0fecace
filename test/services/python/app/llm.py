"""The model: a provider's HTTP API or, without one, an echo within the process."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

import httpx

from app.settings import settings

_ECHO_DELAY = 0.02


@dataclass(frozen=True)
class Prompt:
    message: str
    chunks: int = 0  # 0: as many as the answer has words
    delay: float | None = None  # seconds between chunks; None: the model's own


@dataclass(frozen=True)
class Reply:
    text: str
    model: str
    input_tokens: int
    output_tokens: int


class Model(Protocol):
    async def complete(self, prompt: Prompt) -> Reply: ...
    def stream(self, prompt: Prompt) -> AsyncIterator[str]: ...
    async def check(self) -> None: ...
    async def close(self) -> None: ...


def count_tokens(text: str) -> int:
    """A rough count, good enough to see a metric move."""
    return len(text.split())


class EchoModel:
    """Answers with the question, word by word."""

    async def complete(self, prompt: Prompt) -> Reply:
        text = f"Echo: {prompt.message}"
        return Reply(text, settings.llm_model, count_tokens(prompt.message), count_tokens(text))

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        words = f"Echo: {prompt.message}".split()
        for i in range(prompt.chunks or len(words)):
            if i > 0:
                await asyncio.sleep(_ECHO_DELAY if prompt.delay is None else prompt.delay)
            yield words[i % len(words)] + " "

    async def check(self) -> None:
        pass

    async def close(self) -> None:
        pass


class RemoteModel:
    """Speaks the chat completions API that most providers offer."""

    def __init__(self) -> None:
        headers = {"Authorization": f"Bearer {settings.llm_api_key}"} if settings.llm_api_key else {}
        # No client timeout: it would cut streams. Callers bound each call themselves.
        self._client = httpx.AsyncClient(base_url=settings.llm_base_url, headers=headers, timeout=None)

    def _body(self, prompt: Prompt, *, stream: bool) -> dict:
        body = {
            "model": settings.llm_model,
            "messages": [{"role": "user", "content": prompt.message}],
            "stream": stream,
        }
        # Only the fake provider of the tests knows these two; they are left out unless a caller asks.
        if prompt.chunks:
            body["chunks"] = prompt.chunks
        if prompt.delay is not None:
            body["chunkDelayMs"] = round(prompt.delay * 1000)
        return body

    async def complete(self, prompt: Prompt) -> Reply:
        response = await self._client.post("/v1/chat/completions", json=self._body(prompt, stream=False))
        answer = response.raise_for_status().json()
        usage = answer["usage"]
        text = answer["choices"][0]["message"]["content"]
        return Reply(text, answer["model"], usage["prompt_tokens"], usage["completion_tokens"])

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        body = self._body(prompt, stream=True)
        async with self._client.stream("POST", "/v1/chat/completions", json=body) as response:
            response.raise_for_status()
            async for line in response.aiter_lines():
                if line == "data: [DONE]":
                    return
                if not line.startswith("data: "):
                    continue
                choices = json.loads(line.removeprefix("data: "))["choices"]
                if choices and choices[0]["delta"].get("content"):
                    yield choices[0]["delta"]["content"]
        raise httpx.RemoteProtocolError("the model's stream broke off")

    async def check(self) -> None:
        """Lists the models: the one call that every provider answers without charging for it."""
        (await self._client.get("/v1/models")).raise_for_status()

    async def close(self) -> None:
        await self._client.aclose()


model: Model = RemoteModel() if settings.llm_base_url else EchoModel()
