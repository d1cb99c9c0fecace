# managers-yarn: the program and its production dependencies on gcr.io/distroless/nodejs22-debian13:nonroot.
# docker buildx build --file docker/yarn.Dockerfile yarn   (or: buildah build --format docker …)
# Other base images, such as a mirror's: --build-arg BUILD_IMAGE=… --build-arg RUNTIME_IMAGE=…
# checkov:skip=CKV_DOCKER_7:The tags stand here, where a build can replace them.
ARG BUILD_IMAGE=node:22-bookworm-slim
ARG RUNTIME_IMAGE=gcr.io/distroless/nodejs22-debian13:nonroot

FROM ${BUILD_IMAGE} AS build
WORKDIR /app

# Dependencies change more rarely than sources: they are installed once for each lock file. A .npmrc, where
# there is one, names the registry; the bracket makes it optional. Tokens belong in a build secret.
COPY ["package.json", "yarn.lock", ".npmr[c]", ".yarnr[c]", "./"]
ARG YARN_VERSION=1.22.22
RUN --mount=type=cache,target=/root/.npm \
    --mount=type=cache,target=/usr/local/share/.cache/yarn \
    npm install --global --force "yarn@$YARN_VERSION" \
 && yarn install --frozen-lockfile

COPY . .
# What only the build needs goes again.
RUN --mount=type=cache,target=/usr/local/share/.cache/yarn \
    yarn run build \
 && yarn install --frozen-lockfile --production --ignore-scripts --prefer-offline \
 && chmod -R a+rX /app

FROM ${RUNTIME_IMAGE}
ENV NODE_ENV=production \
    PATH=/nodejs/bin:$PATH
WORKDIR /app
COPY --from=build /app /app

# What changes with every release comes last, so that the layers above are reused.
ARG VERSION=dev
ARG COMMIT=unknown
ARG BUILD_TIME=unknown
ENV APP_VERSION="$VERSION" \
    APP_COMMIT="$COMMIT" \
    APP_BUILD_TIME="$BUILD_TIME"
LABEL org.opencontainers.image.title=managers-yarn \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$COMMIT" \
      org.opencontainers.image.created="$BUILD_TIME"

# By number: Kubernetes can tell from it that this is not root.
USER 10001:10001
EXPOSE 3002
STOPSIGNAL SIGTERM
# Alive, not ready: a dependency that is down is no reason to replace the container.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
    CMD ["node", "-e", "fetch(process.argv[1], {signal: AbortSignal.timeout(4000)}).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))", "http://127.0.0.1:3002/live"]
# node itself, since npm would not pass SIGTERM on to it.
ENTRYPOINT ["node", "dist/server.js"]
