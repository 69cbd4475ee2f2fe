# One image for web, worker, clock, beat and set-up; docker-compose.yml says which is which.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    INMAIL_VAR=/data STATIC_ROOT=/srv/static INMAIL_EMBEDDED=0
WORKDIR /app

COPY requirements.txt .
RUN pip install --require-hashes --only-binary :all: -r requirements.txt

COPY . .
RUN useradd --system --uid 10001 inmail \
    && mkdir -p /data /srv/static \
    && SECRET_KEY=for-the-build-only python manage.py collectstatic --noinput --verbosity 0 \
    && chown inmail /data

USER inmail
VOLUME /data
EXPOSE 8000
# People may search for 5,000 words: how long an address may be is for the reverse proxy in front to say.
# What its processes count lies in memory, new with each start; celery, which counts nothing, has its own command.
CMD ["sh", "-c", "mkdir -p /dev/shm/metrics && PROMETHEUS_MULTIPROC_DIR=/dev/shm/metrics exec gunicorn config.wsgi \
     --bind 0.0.0.0:8000 --worker-class config.door.Worker --workers 2 --threads 4 --timeout 60 --graceful-timeout 25 \
     --limit-request-line 0 --forwarded-allow-ips '' --worker-tmp-dir /dev/shm --no-control-socket --logger-class config.logs.Gunicorn"]
