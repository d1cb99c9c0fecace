FROM golang:1.24-alpine AS build
RUN apk add --no-cache gcc musl-dev
RUN go build -o /out/app .
FROM scratch
COPY --from=later /etc/passwd /etc/passwd
COPY --from=build /out/app /app
ENTRYPOINT ["/app"]
FROM alpine:3.20 AS later
FROM scratch
COPY --from=build /out/app /app
