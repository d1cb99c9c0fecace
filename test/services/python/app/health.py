"""Answers to the platform's probes. Only /health/deep touches a dependency."""

import asyncio
import time
from datetime import UTC, datetime

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from app.lifecycle import lifecycle
from app.llm import model
from app.settings import settings

router = APIRouter()

_CHECK_TIMEOUT = 3


@router.get("/health/live")
async def live() -> JSONResponse:
    return answer(200, "healthy")


@router.get("/health/startup")
async def startup() -> JSONResponse:
    return answer(200, "started") if lifecycle.started else answer(503, "starting")


@router.get("/health/ready")
async def ready() -> JSONResponse:
    if lifecycle.draining:
        return answer(503, "draining")
    if not lifecycle.started:
        return answer(503, "starting")
    if settings.never_ready:
        return answer(503, "not ready")
    return answer(200, "ready")


@router.get("/health/deep")
async def deep() -> JSONResponse:
    began, problem = time.monotonic(), None
    try:
        async with asyncio.timeout(_CHECK_TIMEOUT):
            await model.check()
    except Exception as cause:
        problem = str(cause) or type(cause).__name__
    latency = (time.monotonic() - began) * 1000
    check = {
        "status": "unhealthy" if problem else "healthy",
        "latency": f"{latency:.2f}ms",
        "latency_ms": round(latency, 3),
        "last_checked": timestamp(),
    }
    if problem:
        check["message"] = problem
    return answer(503 if problem else 200, check["status"], checks={"llm": check})


def answer(code: int, status: str, **more: object) -> JSONResponse:
    uptime = round(time.monotonic() - lifecycle.started_at)
    body = {
        "status": status,
        "version": settings.version,
        "uptime": f"{uptime // 3600}h{uptime // 60 % 60}m{uptime % 60}s",
        "timestamp": timestamp(),
    }
    return JSONResponse(body | more, code)


def timestamp() -> str:
    return datetime.now(UTC).isoformat()
