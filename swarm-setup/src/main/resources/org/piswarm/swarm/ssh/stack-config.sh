#!/bin/sh
# stack-config: stack files as one, as Docker understands them. $1 is their directory, $2 their number; the other arguments
# are variables, NAME=VALUE. Asks the engine nothing, and changes nothing.
set -u
cd "$1" || exit
count=$2
shift 2
# Found before a variable of a stack file, such as PATH, has another value.
docker=$(command -v docker) timeout=$(command -v timeout)
for variable; do export "${variable?}"; done
set --
i=0
while [ "$i" -lt "$count" ]; do
  i=$((i + 1))
  set -- "$@" --compose-file ".swarm-$i.yml"
done
exec "$timeout" -k 1 50 "$docker" stack config "$@"
