#!/bin/sh
# drained: drains a node while lines arrive on standard input, at least one every 15 s. Then, or when the connection breaks, the
# node takes tasks again. Runs on a manager; $1 is the node's ID. Says "drained"; in the end "active" or "failed REASON".
# shellcheck disable=SC2016 # the variables are those of the inner shell
exec bash -c '
trap "" HUP INT TERM PIPE
# A command that ended too early leaves this script for some seconds. Until then, no other one gets the lock.
exec 8>/run/swarm-release.lock
flock -n -s 8 || { echo "failed another command changes this Swarm"; exit 1; }
node=$1

# change AVAILABILITY SECONDS: tries again for some time, because a new leader may have to be elected.
change() {
  end=$((SECONDS + $2))
  while :; do
    ! error=$(timeout -k 1 25 docker node update --availability "$1" "$node" 2>&1) || return 0
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 1
  done
}

if change drain 5; then
  echo drained
  while read -r -t 15 _; do :; done
else
  refused=${error##*
}
fi
# Docker may have done what it did not confirm.
if change active 90; then outcome=active; else outcome="failed ${error##*
}"; fi
[ -z "${refused+x}" ] || outcome="failed ${refused:-docker did not answer}"
echo "$outcome"' drained "$1"
