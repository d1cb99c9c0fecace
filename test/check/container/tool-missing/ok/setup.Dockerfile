FROM debian:12
COPY setup.sh /setup.sh
RUN ./setup.sh
HEALTHCHECK CMD curl -f http://localhost:8000/health
