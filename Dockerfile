# The executable and what it is linked with, and nothing else: no shell, no package manager, no root.
# Build it with: npm run build:binary && docker build --tag truenas-monitor .
ARG BASE=gcr.io/distroless/cc-debian12:nonroot
FROM ${BASE}

LABEL org.opencontainers.image.title="truenas-monitor" \
      org.opencontainers.image.description="Finds what Kubernetes and TrueNAS have forgotten about each other" \
      org.opencontainers.image.licenses="Apache-2.0"

COPY --chmod=0555 dist/truenas-monitor /usr/local/bin/truenas-monitor
COPY LICENSE /usr/share/doc/truenas-monitor/LICENSE

# By number, so that Kubernetes can see that it is not root's.
USER 65532:65532

# With a read-only root nothing is kept between runs, and everything works. Mount a volume here to keep the last scan,
# history and plans. Any user will do, of which OpenShift makes up one: nothing here goes by who owns a home.
ENV HOME=/var/lib/truenas-monitor \
    XDG_CACHE_HOME=/var/cache/truenas-monitor \
    XDG_DATA_HOME=/var/lib/truenas-monitor \
    XDG_STATE_HOME=/var/lib/truenas-monitor

# Of `serve`, where it listens on more than loopback.
EXPOSE 8080 9105

ENTRYPOINT ["/usr/local/bin/truenas-monitor"]
CMD ["orphans"]
