# aixgo-orchestrator: static Go programs, and nothing else, on scratch.
# docker buildx build --file docker/orchestrator.Dockerfile .   (or: buildah build --format docker …)
# Other base images, such as a mirror's: --build-arg BUILD_IMAGE=… --build-arg RUNTIME_IMAGE=…
# checkov:skip=CKV_DOCKER_7:The tags stand here, where a build can replace them.
ARG BUILD_IMAGE=golang:1.26-bookworm
ARG RUNTIME_IMAGE=scratch

# Go compiles for every platform, so this stage runs natively, whichever the image is for.
FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS build
WORKDIR /src

# /rootfs is what the image gets beside the programs: the certificates that calls over TLS are checked
# against, a /tmp that anyone may write to, and the volumes' folders, which belong to the service's user.
RUN install -d -m 1777 /rootfs/tmp \
 && install -D -m 0644 /etc/ssl/certs/ca-certificates.crt /rootfs/etc/ssl/certs/ca-certificates.crt

# Modules change more rarely than sources: they are downloaded once for each go.mod and go.sum.
COPY go.* ./
RUN --mount=type=cache,target=/go/pkg/mod \
    go mod download

COPY . .
# The builder sets the first two; empty, they mean this machine's own.
ARG TARGETOS
ARG TARGETARCH
ARG VERSION=dev
ARG COMMIT=unknown
ARG BUILD_TIME=unknown
# timetzdata: the time zones are part of the program, since the image may have none.
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=cache,target=/root/.cache/go-build \
    export CGO_ENABLED=0 GOOS="$TARGETOS" GOARCH="$TARGETARCH" \
 && stamp="-s -w -X 'main.version=$VERSION' -X 'main.commit=$COMMIT' -X 'main.buildTime=$BUILD_TIME'" \
 && go build -trimpath -tags timetzdata -ldflags "$stamp" -o /rootfs/aixgo ./cmd/aixgo

FROM ${RUNTIME_IMAGE}
COPY --from=build /rootfs/ /

# What changes with every release comes last, so that the layers above are reused.
ARG VERSION=dev
ARG COMMIT=unknown
ARG BUILD_TIME=unknown
LABEL org.opencontainers.image.title=aixgo-orchestrator \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$COMMIT" \
      org.opencontainers.image.created="$BUILD_TIME"

# By number: Kubernetes can tell from it that this is not root.
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
# No HEALTHCHECK, not even NONE: `docker compose up --wait` takes NONE for a check that never passes.
# checkov:skip=CKV_DOCKER_2:The image holds no client that could ask, and the program has no health.command; platforms ask from outside.
ENTRYPOINT ["/aixgo"]
CMD ["-config", "/etc/aixgo/config.yaml"]
