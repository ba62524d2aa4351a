#!/bin/sh
# extra-replica: gives a service one replica more while lines arrive on standard input, at least one every 15 s. Then, or
# when the connection breaks, the service gets its number of replicas back. $1 is the service's ID, $2 that number.
# Says "up"; in the end "back", "changed NUMBER" if another command has set another number, or "failed REASON".
# shellcheck disable=SC2016 # the variables are those of the inner shell
exec bash -c '
# Without a connection too, the number must be set back.
trap "" HUP INT TERM PIPE
set -o pipefail
service=$1 before=$2 more=$(($2 + 1)) tried=
limited() { timeout -k 1 25 "$@" 2>&1 | tail -n 1; }

# change FROM TO: sets the number to TO if it is FROM. Docker refuses that if the service changes at the same moment.
change() {
  for _ in 1 2 3; do
    if now=$(limited docker service inspect --format "{{.Spec.Mode.Replicated.Replicas}}" "$service"); then
      # Docker may have done what it did not confirm.
      [ -z "$tried" ] || [ "$now" != "$2" ] || return 0
      [ "$now" = "$1" ] || { outcome="changed $now" && return 1; }
      tried=yes
      ! now=$(limited docker service scale --detach "$service=$2") || return 0
    fi
    outcome="failed ${now:-no answer within 25 s}"
    sleep 1
  done
  return 1
}

if change "$before" "$more"; then
  echo up
  while read -r -t 15 _; do :; done
  ! change "$more" "$before" || outcome=back
elif [ "$tried" ]; then
  refused=$outcome
  change "$more" "$before"
  outcome=$refused
fi
echo "$outcome"' extra-replica "$1" "$2"
