#!/bin/sh
# join-swarm: this Pi joins a Swarm. $1 is its address, $2 that of a manager, $3 the token. The token must not be on a command
# line, where each user of the Pi could read it, so it goes to the engine's socket.
exec curl --silent --show-error --fail-with-body --max-time 60 --unix-socket /var/run/docker.sock --data @- \
  --header 'Content-Type: application/json' http://docker/swarm/join >&2 <<END
{"ListenAddr": "0.0.0.0:2377", "AdvertiseAddr": "$1", "RemoteAddrs": ["$2:2377"], "JoinToken": "$3"}
END
