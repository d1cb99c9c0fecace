FROM golang:1.24-alpine AS build
RUN go build -o /out/app .
FROM scratch
COPY --from=build /out/app /app
