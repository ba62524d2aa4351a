#!/bin/sh
# swarm-init: makes a Swarm, with this Pi as its manager. $1 is its address: with two network cards, Docker would not know
# which one to use.
set -u
status=0
answer=$(timeout -k 1 60 docker swarm init --advertise-addr "$1" 2>&1 >/dev/null) || status=$?
case $status in
  0) exit 0 ;;
  124 | 137) echo 'docker did not answer within 60 s' >&2 && exit 124 ;;
esac
printf '%s\n' "$answer" >&2
exit 1
