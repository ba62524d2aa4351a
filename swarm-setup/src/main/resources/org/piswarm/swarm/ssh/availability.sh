#!/bin/sh
# availability: sets the availability of a node, on a manager. $1 is the node's ID, $2 is drain or active.
set -u
for _ in 1 2 3 4 5; do
  status=0
  answer=$(timeout -k 1 25 docker node update --availability "$2" "$1" 2>&1) || status=$?
  # The Swarm has changed the node in between, for example when it went down.
  case $answer in *'out of sequence'*) sleep 1 ;; *) break ;; esac
done
[ "$status" = 0 ] || printf '%s\n' "$answer" >&2
exit "$status"
