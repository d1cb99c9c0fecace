FROM ghcr.io/acme/base:1
CMD ["serve"]
