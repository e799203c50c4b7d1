# The build stage is the same `make setup` that everybody runs; the result holds the wheel and the locked packages alone.
FROM python:3.11-slim-bookworm AS build
RUN apt-get update && apt-get install --yes --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
RUN make setup && .venv/bin/pip wheel --no-deps --no-build-isolation --wheel-dir dist .

FROM python:3.11-slim-bookworm
COPY requirements.lock /tmp/
COPY --from=build /build/dist /tmp/dist
RUN python -m venv /opt/bostad \
    && /opt/bostad/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r /tmp/requirements.lock \
    && /opt/bostad/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps /tmp/dist/*.whl \
    && rm -rf /tmp/dist /tmp/requirements.lock \
    && useradd --system --no-create-home bostad
USER bostad
EXPOSE 8000
ENTRYPOINT ["/opt/bostad/bin/bostad"]
CMD ["serve"]
