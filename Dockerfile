# The whole club in one image. `docker build -t kayoi .`; how it is run: compose.yaml, docs/going-live.md.
#
# Every step asks Debian's packages and PyPI alone, so that where no image can be built the same steps are
# taken in an empty Debian tree: `make image` reads this file.

# What Kayoi imports, each file as its hash in requirements.txt says; nothing is compiled.
FROM debian:bookworm-slim AS wheels
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates python3-venv \
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt /tmp/requirements.txt
RUN python3 -m venv /opt/kayoi \
    && /opt/kayoi/bin/python -m pip install --no-cache-dir --disable-pip-version-check --no-input \
        --require-hashes --only-binary :all: --requirement /tmp/requirements.txt \
    && /opt/kayoi/bin/python -m pip uninstall --quiet --yes setuptools pip

# Python 3.11, and pg_dump for back-ups of PostgreSQL up to 15. The fonts of pictures come with the code.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates postgresql-client python3 tini \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --system --gid 10001 kayoi \
    && useradd --system --uid 10001 --gid kayoi --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin kayoi \
    && install --directory --owner=kayoi --group=kayoi --mode=0700 /data
COPY --from=wheels /opt/kayoi /opt/kayoi
WORKDIR /srv/kayoi
COPY LICENSE THIRD_PARTY.md app.py program.toml ./
COPY rules rules/
COPY images images/
COPY bot bot/
COPY migrations migrations/
COPY handlers handlers/
COPY docs/programs docs/programs/
COPY deploy/start deploy/start
RUN /opt/kayoi/bin/python -m compileall -q . && chmod 0755 deploy/start && ln -s /data instance

# What a club keeps lies in /data: the database, its back-ups, the programme's file, the shop's own art.
# No secret is in the image: SECRET_KEY and LINE's lines come with the environment (.env.example).
ENV PATH=/opt/kayoi/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    FLASK_APP=app \
    HOST=0.0.0.0 \
    PORT=8000 \
    DATABASE_URL=sqlite:////data/kayoi.sqlite3 \
    PROGRAM_FILE=/data/program.toml
VOLUME /data
EXPOSE 8000
USER 10001:10001
# SIGTERM: what is being answered and sent ends first; give it half a minute.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
    CMD ["python3", "-Ic", "import os, urllib.request as web; web.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/readyz\", timeout=4)"]
ENTRYPOINT ["/usr/bin/tini", "--", "/srv/kayoi/deploy/start"]
CMD ["serve"]
