# One image for producers, workers and the setup: `docker build -t newswire .`
# Everything is installed from the lock with hashes; the last stage has neither pip nor a compiler.

FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/build && python -m venv --without-pip /opt/newswire
# the libraries first: this layer changes only with the locks
COPY requirements.lock requirements-build.lock ./
RUN /opt/build/bin/pip install --require-hashes -r requirements-build.lock \
 && /opt/build/bin/pip --python /opt/newswire/bin/python install --require-hashes --only-binary :all: -r requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY pipeline pipeline
COPY config config
COPY schemas schemas
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
 && /opt/build/bin/pip --python /opt/newswire/bin/python install --no-deps --no-index /wheels/newswire-*.whl \
 && /opt/newswire/bin/python -m compileall -q /opt/newswire/lib

FROM python:3.12-slim
RUN pip uninstall --yes --root-user-action=ignore pip \
 && useradd --system --uid 10001 --create-home --shell /usr/sbin/nologin newswire \
 && mkdir -p /var/lib/newswire/feeds && chown newswire /var/lib/newswire/feeds
COPY --from=build /opt/newswire /opt/newswire
ENV PATH=/opt/newswire/bin:$PATH PYTHONUNBUFFERED=1 NEWSWIRE__LOG__FORMAT=ecs
USER newswire
WORKDIR /home/newswire
ENTRYPOINT ["newswire"]
CMD ["--help"]
