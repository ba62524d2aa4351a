#!/bin/sh
# join-swarm: this Pi, which is in no Swarm, joins one. $1 is its address, $2 that of a manager, $3 the token. The token must
# not be on a command line, where each user of the Pi could read it, so it goes to the engine's socket.
set -u
main() {
  command -v curl >/dev/null || { echo "there is no curl: run 'sudo apt install curl' on it" >&2 && exit 1; }
  # Without a connection too, the Pi must not be left half in a Swarm.
  trap '' HUP INT TERM PIPE
  ! answer=$(join "$@" 2>&1) || exit 0
  # After 20 s, the engine goes on in the background.
  end=$(($(date +%s) + 40))
  while [ "$(state)" = pending ] && [ "$(date +%s)" -lt "$end" ]; do sleep 1; done
  case $(state) in
    active) exit 0 ;;
    pending | error) timeout -k 1 25 docker swarm leave --force >/dev/null 2>&1 ;;
  esac
  # The engine's reason; curl adds a line of its own.
  case $answer in *'"message":"'*) answer=${answer#*'"message":"'} && answer=${answer%'"}'*} ;; esac
  printf '%s\n' "$answer" >&2
  exit 1
}
join() {
  curl --silent --show-error --fail-with-body --max-time 60 --unix-socket /var/run/docker.sock --data @- \
    --header 'Content-Type: application/json' http://docker/swarm/join <<END
{"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": "$1", "RemoteAddrs": ["$2:2377"], "JoinToken": "$3"}
END
}
state() { timeout -k 1 10 docker info --format '{{.Swarm.LocalNodeState}}' 2>/dev/null; }
main "$@"
