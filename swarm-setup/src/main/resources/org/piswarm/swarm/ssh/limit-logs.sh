#!/bin/sh
# limit-logs: limits the size of container logs, unless there is a configuration. The engine restarts only if no container
# runs; otherwise the limit is for containers that start after its next start.
set -eu
[ ! -e /etc/docker/daemon.json ] || exit 0
mkdir -p /etc/docker
printf '{\n  "log-driver": "local",\n  "log-opts": {"max-size": "10m", "max-file": "3"}\n}\n' >/etc/docker/daemon.json.new
mv /etc/docker/daemon.json.new /etc/docker/daemon.json
running=$(timeout -k 1 25 docker ps --quiet)
[ -z "$running" ] || exit 0
# systemd refuses a unit that has started several times within a short time.
systemctl reset-failed docker.socket docker.service || true
systemctl restart docker
timeout -k 1 25 docker info >/dev/null
