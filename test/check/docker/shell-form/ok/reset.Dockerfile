FROM registry.example/base-with-entry:1.0.0
ENTRYPOINT []
CMD ["/bin/server"]
