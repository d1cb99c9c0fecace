# managers-uv: a virtual environment and the sources on gcr.io/distroless/python3-debian13:nonroot.
# docker buildx build --file docker/uv.Dockerfile uv   (or: buildah build --format docker …)
# Other base images, such as a mirror's: --build-arg BUILD_IMAGE=… --build-arg RUNTIME_IMAGE=…
# Both need the same minor version of Python.
# checkov:skip=CKV_DOCKER_7:The tags stand here, where a build can replace them.
ARG BUILD_IMAGE=python:3.13-slim-bookworm
ARG RUNTIME_IMAGE=gcr.io/distroless/python3-debian13:nonroot

FROM ${BUILD_IMAGE} AS build
ENV PATH=/venv/bin:$PATH \
    PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv /venv

# Dependencies change more rarely than sources: they are installed once for each list of them.
# uv is to trust what the base image trusts, to which a company may have added its own certificate.
ARG UV_VERSION=0.13.8
ENV SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
    UV_PROJECT_ENVIRONMENT=/venv \
    UV_PYTHON_DOWNLOADS=never \
    UV_LINK_MODE=copy \
    UV_COMPILE_BYTECODE=1
COPY ["pyproject.toml", "uv.lock", "./"]
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=cache,target=/root/.cache/uv \
    python -m venv /uv \
 && /uv/bin/pip install "uv==$UV_VERSION" \
 && /uv/bin/uv sync --directory . --locked --no-dev --no-install-project
# A server that is not among the dependencies is missed here and not by the first start.
RUN python -c 'import uvicorn'

# Byte code is written now, since the running service may write none, and by content instead of time, so that
# equal sources give equal files. Readable for every user, whatever the umask of who builds.
COPY . .
RUN chmod -R a+rX /app \
 && python -m compileall -q --invalidation-mode unchecked-hash /app

# The interpreter of the runtime image stands elsewhere.
RUN ln -sf /usr/bin/python3 /venv/bin/python \
 && ln -sf python /venv/bin/python3 \
 && sed -i 's|^home = .*|home = /usr/bin|' /venv/pyvenv.cfg

FROM ${RUNTIME_IMAGE}
# /tmp is the one place that platforms give a read-only container to write to.
ENV PATH=/venv/bin:$PATH \
    PYTHONPATH=/app/src \
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
LABEL org.opencontainers.image.title=managers-uv \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$COMMIT" \
      org.opencontainers.image.created="$BUILD_TIME"

# By number: Kubernetes can tell from it that this is not root.
USER 10001:10001
EXPOSE 8001
STOPSIGNAL SIGTERM
# Alive, not ready: a dependency that is down is no reason to replace the container.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
    CMD ["python", "-c", "import sys, urllib.request as u; u.build_opener(u.ProxyHandler({})).open(sys.argv[1], timeout=4)", "http://127.0.0.1:8001/live"]
# X-Forwarded-* is believed from loopback only, until FORWARDED_ALLOW_IPS names the proxy.
ENTRYPOINT ["python", "-m", "uvicorn", "app.main:app", "--app-dir", "/app/src", "--host", "0.0.0.0", "--port", "8001", "--timeout-graceful-shutdown", "65", "--timeout-keep-alive", "80", "--proxy-headers"]
