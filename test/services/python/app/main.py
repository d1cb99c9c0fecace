"""The ASGI application: `uvicorn app.main:app`, or gunicorn with uvicorn workers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest, start_http_server
from starlette.exceptions import HTTPException

from app import chat, health, logs, metrics
from app.lifecycle import lifecycle
from app.llm import model
from app.middleware import Observe
from app.settings import settings

if settings.fail_start:
    logs.error("server failed", error="FAIL_START is set")
    raise RuntimeError("FAIL_START is set")

own_metrics_port = settings.metrics_port != settings.port


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    logs.info("starting", version=settings.version, commit=settings.commit)
    lifecycle.begin()
    if own_metrics_port:
        start_http_server(settings.metrics_port, settings.host, metrics.registry())
    yield
    logs.info("flushing telemetry")
    await model.close()
    logs.info("shutdown complete")


app = FastAPI(title="chatbot", version=settings.version, lifespan=lifespan)
app.add_middleware(Observe)
app.include_router(health.router)
app.include_router(chat.router)


@app.get("/version")
async def version() -> dict[str, str]:
    return {"version": settings.version, "commit": settings.commit, "buildTime": settings.build_time}


if not own_metrics_port:

    @app.get("/metrics")
    async def scrape() -> Response:
        return Response(generate_latest(metrics.registry()), media_type=CONTENT_TYPE_LATEST)


_ERROR_TYPES = {400: "bad_request", 413: "too_large", 500: "internal", 502: "llm", 504: "timeout"}


def problem(request: Request, status: int, message: str) -> JSONResponse:
    if status in _ERROR_TYPES:
        metrics.errors.labels(_ERROR_TYPES[status]).inc()
    return JSONResponse({"error": message, "request_id": request.state.request_id}, status)


@app.exception_handler(HTTPException)
async def on_http_exception(request: Request, cause: HTTPException) -> JSONResponse:
    return problem(request, cause.status_code, cause.detail)


@app.exception_handler(RequestValidationError)
async def on_invalid(request: Request, cause: RequestValidationError) -> JSONResponse:
    first = cause.errors()[0]
    return problem(request, 400, f"the request is not valid: {'.'.join(map(str, first['loc']))}: {first['msg']}")


@app.exception_handler(Exception)
async def on_crash(request: Request, cause: Exception) -> JSONResponse:
    return problem(request, 500, "internal error")
