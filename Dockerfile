# syntax=docker/dockerfile:1
FROM python:3.11-slim-bookworm AS build
RUN pip install --no-cache-dir uv==0.13.*
ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_NO_CACHE=1 \
    UV_PYTHON_DOWNLOADS=never \
    UV_PROJECT_ENVIRONMENT=/opt/dispatcher
WORKDIR /src
# What we depend on changes less often than what we write: a layer of its own.
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev --no-install-project
COPY LICENSE README.md ./
COPY dispatcher dispatcher
COPY workers workers
COPY templates templates
COPY migrations migrations
RUN uv sync --frozen --no-dev --no-editable

FROM python:3.11-slim-bookworm
# The number is fixed: files that are mounted can be given to this user by it.
RUN useradd --uid 10001 --user-group --home-dir /app --shell /usr/sbin/nologin dispatcher \
    && install -d -o dispatcher -g dispatcher -m 0700 /app /app/var
COPY --from=build /opt/dispatcher /opt/dispatcher
COPY deploy/worker_alive.py /opt/dispatcher/worker_alive.py
ENV PATH=/opt/dispatcher/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
# The working folder: `var/` is our own state, `templates/campaigns/` the organisation's campaigns.
WORKDIR /app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=4 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
ENTRYPOINT ["dispatch"]
CMD ["web", "--host", "0.0.0.0", "--port", "8000"]
