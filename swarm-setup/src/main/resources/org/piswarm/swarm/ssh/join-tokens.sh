#!/bin/sh
# join-tokens: prints the tokens with which machines join the Swarm of this manager, "worker TOKEN" and "manager TOKEN". They
# are valid while lines arrive on standard input, at least one every 15 s. Then, or when the connection breaks, they are
# replaced: what the machines have seen opens nothing any more. Says "replaced" in the end, or "failed REASON".
# shellcheck disable=SC2016 # the variables are those of the inner shell
exec bash -c '
trap "" HUP INT TERM PIPE
# A command that ended too early leaves this script for some seconds. Until then, no other one gets the lock.
exec 8>/run/swarm-release.lock
flock -n -s 8 || { echo "failed another command changes this Swarm"; exit 1; }

# token ROLE, or token --rotate ROLE: the last line of the answer; Docker may write warnings before it.
token() {
  status=0
  answer=$(timeout -k 1 25 docker swarm join-token --quiet "$@" 2>&1) || status=$?
  answer=${answer##*
}
  return "$status"
}

fail() {
  echo "failed ${answer:-docker did not answer}"
  exit 1
}

# Tries again for some time, because a new leader may have to be elected.
replace() {
  until token --rotate "$1"; do
    [ "$SECONDS" -lt "$end" ] || fail
    sleep 1
  done
}

token worker || fail
worker=$answer
token manager || fail
printf "%s\n" "worker $worker" "manager $answer"
while read -r -t 15 _; do :; done
end=$((SECONDS + 90))
replace worker
replace manager
echo replaced'
