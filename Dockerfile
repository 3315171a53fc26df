# syntax=docker/dockerfile:1
# One image for web, worker, beat and migrate; docker-compose.yml gives each its command.

# 1. Browser files, as pinned in package-lock.json
FROM node:24-slim AS browser-files
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

# 2. Python packages, every one checked by its hash
FROM python:3.11-slim AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
COPY requirements.txt ./
COPY requirements/names.txt requirements/
ARG NAMES_MODEL=false
RUN case "$NAMES_MODEL" in true|True|TRUE|1|yes|on) more="-r requirements/names.txt";; *) more="";; esac \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt $more \
    && /venv/bin/pip check

# 3. The static files, compressed and named by their content
FROM packages AS static-files
WORKDIR /app
COPY . .
COPY --from=browser-files /build/node_modules node_modules
RUN SECRET_KEY=only-for-the-build DEBUG=false STATIC_COLLECTED=true \
    /venv/bin/python manage.py collectstatic --noinput

# 4. What runs: no compiler, no npm, no root
FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=qa.settings \
    STATIC_COLLECTED=true
RUN groupadd --system --gid 10001 heard \
    && useradd --system --uid 10001 --gid heard --home-dir /app --shell /usr/sbin/nologin heard
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
COPY --from=static-files /app/.data/static .data/static
USER heard
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=4 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "qa.wsgi:application", "--bind", "0.0.0.0:8000", \
     "--worker-class", "qa.core.patient_worker.PatientWorker", "--workers", "2", "--threads", "4", \
     "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
