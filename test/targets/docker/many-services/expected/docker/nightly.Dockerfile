# many-nightly: a virtual environment and the sources on python:3.13-slim-bookworm.
# docker buildx build --file docker/nightly.Dockerfile api   (or: buildah build --format docker …)
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
COPY ["requirements*.txt", "./"]
RUN --mount=type=cache,target=/root/.cache/pip \
    pip install --requirement requirements.txt

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
LABEL org.opencontainers.image.title=many-nightly \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$COMMIT" \
      org.opencontainers.image.created="$BUILD_TIME"

# By number: Kubernetes can tell from it that this is not root.
USER 10001:10001
STOPSIGNAL SIGTERM
# No HEALTHCHECK, not even NONE: `docker compose up --wait` takes NONE for a check that never passes.
# checkov:skip=CKV_DOCKER_2:A job has no port to ask; it is up while its process is.
# No ENTRYPOINT: the command depends on the platform, whose own file gives it.
