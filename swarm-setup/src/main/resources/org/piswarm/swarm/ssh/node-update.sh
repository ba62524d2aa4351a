#!/bin/sh
# node-update: changes a node, on a manager. $1 is the node's ID, $2 an option of docker node update, $3 its value. Exit code
# 124: docker gave no answer, so the change may have been made.
set -u
end=$(($(date +%s) + 25))
for _ in 1 2 3 4 5; do
  status=0
  answer=$(timeout -k 1 25 docker node update "$2" "$3" "$1" 2>&1) || status=$?
  case $status in 124 | 137) echo 'docker did not answer within 25 s' >&2 && exit 124 ;; esac
  # The Swarm has changed the node in between, for example when it went down.
  case $answer in *'out of sequence'*) ;; *) break ;; esac
  [ "$(date +%s)" -lt "$end" ] || break
  sleep 1
done
[ "$status" = 0 ] || printf '%s\n' "$answer" >&2
exit "$status"
