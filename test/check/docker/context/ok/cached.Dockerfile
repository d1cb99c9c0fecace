FROM node:22
COPY . .
RUN --mount=type=cache,target=/root/.npm npm ci
