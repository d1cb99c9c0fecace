FROM ghcr.io/acme/base:1
USER root
CMD ["serve"]
