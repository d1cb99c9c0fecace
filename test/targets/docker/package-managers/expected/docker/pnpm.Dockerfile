# managers-pnpm: the program and its production dependencies on node:24-bookworm-slim.
# docker buildx build --file docker/pnpm.Dockerfile pnpm   (or: buildah build --format docker …)
# Other base images, such as a mirror's: --build-arg BUILD_IMAGE=… --build-arg RUNTIME_IMAGE=…
# checkov:skip=CKV_DOCKER_7:The tags stand here, where a build can replace them.
ARG BUILD_IMAGE=node:24-bookworm-slim
ARG RUNTIME_IMAGE=node:24-bookworm-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /app

# Dependencies change more rarely than sources: they are installed once for each lock file. A .npmrc, where
# there is one, names the registry; the bracket makes it optional. Tokens belong in a build secret.
COPY ["package.json", "pnpm-*.yaml", ".npmr[c]", "./"]
# package.json's packageManager, where it names a version, wins over this one.
ARG PNPM_VERSION=10
ENV CI=true
RUN --mount=type=cache,target=/root/.npm \
    --mount=type=cache,target=/pnpm/store \
    npm install --global "pnpm@$PNPM_VERSION" \
 && pnpm install --frozen-lockfile --store-dir /pnpm/store

COPY . .
# What only the build needs goes again.
RUN pnpm run build \
 && pnpm prune --prod \
 && chmod -R a+rX /app

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
LABEL org.opencontainers.image.title=managers-pnpm \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$COMMIT" \
      org.opencontainers.image.created="$BUILD_TIME"

# By number: Kubernetes can tell from it that this is not root.
USER 10001:10001
EXPOSE 3001
STOPSIGNAL SIGTERM
# Alive, not ready: a dependency that is down is no reason to replace the container.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
    CMD ["node", "-e", "fetch(process.argv[1], {signal: AbortSignal.timeout(4000)}).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))", "http://127.0.0.1:3001/live"]
# node itself, since npm would not pass SIGTERM on to it.
ENTRYPOINT ["node", "dist/server.js"]
