FROM scratch
COPY server /
