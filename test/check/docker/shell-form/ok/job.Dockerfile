FROM python:3.12-slim
COPY job.sh /job.sh
CMD ["/job.sh"]
