# many-mail: the program and its production dependencies on node:24-bookworm-slim.
# docker buildx build --file docker/mail.Dockerfile gateway   (or: buildah build --format docker …)
# Other base images, such as a mirror's: --build-arg BUILD_IMAGE=… --build-arg RUNTIME_IMAGE=…
# checkov:skip=CKV_DOCKER_7:The tags stand here, where a build can replace them.
ARG BUILD_IMAGE=node:24-bookworm-slim
ARG RUNTIME_IMAGE=node:24-bookworm-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /app

# Dependencies change more rarely than sources: they are installed once for each lock file. A .npmrc, where
# there is one, names the registry; the bracket makes it optional. Tokens belong in a build secret.
COPY ["package.json", "package-lock.json", ".npmr[c]", "./"]
RUN --mount=type=cache,target=/root/.npm \
    npm ci --no-audit --no-fund --omit=dev

COPY . .
# Readable for every user, whatever the umask of who builds.
RUN chmod -R a+rX /app

FROM ${RUNTIME_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app /app

# What changes with every release comes last, so that the layers above are reused.
ARG VERSION=dev
ARG COMMIT=unknown
ARG BUILD_TIME=unknown
ENV APP_VERSION="$VERSION" \
    APP_COMMIT="$COMMIT" \
    APP_BUILD_TIME="$BUILD_TIME"
LABEL org.opencontainers.image.title=many-mail \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$COMMIT" \
      org.opencontainers.image.created="$BUILD_TIME"

# By number: Kubernetes can tell from it that this is not root.
USER 10001:10001
STOPSIGNAL SIGTERM
# No HEALTHCHECK, not even NONE: `docker compose up --wait` takes NONE for a check that never passes.
# checkov:skip=CKV_DOCKER_2:A worker has no port to ask; it is up while its process is.
# node itself, since npm would not pass SIGTERM on to it.
ENTRYPOINT ["node", "--max-old-space-size=256", "dist/mail.js"]
