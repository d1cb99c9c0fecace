# managers-poetry: a virtual environment and the sources on python:3.13-slim-bookworm.
# docker buildx build --file docker/poetry.Dockerfile poetry   (or: buildah build --format docker …)
# Other base images, such as a mirror's: --build-arg BUILD_IMAGE=… --build-arg RUNTIME_IMAGE=…
# Both need the same minor version of Python.
# checkov:skip=CKV_DOCKER_7:The tags stand here, where a build can replace them.
ARG BUILD_IMAGE=python:3.13-slim-bookworm
ARG RUNTIME_IMAGE=python:3.13-slim-bookworm

FROM ${BUILD_IMAGE} AS build
ENV PATH=/venv/bin:$PATH \
    PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv /venv

# Dependencies change more rarely than sources: they are installed once for each list of them.
# poetry is to trust what the base image trusts, to which a company may have added its own certificate.
ARG POETRY_VERSION=2.5.1
ENV REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt \
    VIRTUAL_ENV=/venv \
    POETRY_CACHE_DIR=/root/.cache/pypoetry
COPY ["backend/pyproject.toml", "backend/poetry.lock", "backend/"]
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=cache,target=/root/.cache/pypoetry \
    python -m venv /poetry \
 && /poetry/bin/pip install "poetry==$POETRY_VERSION" \
 && /poetry/bin/poetry install --directory backend/ --only main --no-root --no-interaction --compile
# A server that is not among the dependencies is missed here and not by the first start.
RUN python -c 'import gunicorn'

# Byte code is written now, since the running service may write none, and by content instead of time, so that
# equal sources give equal files. Readable for every user, whatever the umask of who builds.
COPY . .
RUN chmod -R a+rX /app \
 && python -m compileall -q --invalidation-mode unchecked-hash /app

FROM ${RUNTIME_IMAGE}
# /tmp is the one place that platforms give a read-only container to write to.
ENV PATH=/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app

# What changes with every release comes last, so that the layers above are reused.
ARG VERSION=dev
ARG COMMIT=unknown
ARG BUILD_TIME=unknown
ENV APP_VERSION="$VERSION" \
    APP_COMMIT="$COMMIT" \
    APP_BUILD_TIME="$BUILD_TIME"
LABEL org.opencontainers.image.title=managers-poetry \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$COMMIT" \
      org.opencontainers.image.created="$BUILD_TIME"

# By number: Kubernetes can tell from it that this is not root.
USER 10001:10001
EXPOSE 8002
STOPSIGNAL SIGTERM
# Alive, not ready: a dependency that is down is no reason to replace the container.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
    CMD ["python", "-c", "import sys, urllib.request as u; u.build_opener(u.ProxyHandler({})).open(sys.argv[1], timeout=4)", "http://127.0.0.1:8002/live"]
# X-Forwarded-* is believed from loopback only, until FORWARDED_ALLOW_IPS names the proxy.
ENTRYPOINT ["python", "-m", "gunicorn", "app.main:create()", "--bind", "0.0.0.0:8002", "--workers", "2", "--worker-class", "gthread", "--threads", "8", "--timeout", "70", "--graceful-timeout", "65", "--keep-alive", "80", "--max-requests", "1000", "--max-requests-jitter", "50", "--worker-tmp-dir", "/dev/shm"]
