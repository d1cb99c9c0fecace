FROM golang:1.24 AS base
ENV CGO_ENABLED=0
FROM base AS build
RUN GOARCH=amd64 go build -o /out/app .
FROM scratch
COPY --from=build /out/app /app
