#!/bin/sh
# stack-config: stack files as one, as Docker understands them. $1 is their directory, $2 their number; the other arguments
# are variables, NAME=VALUE. Docker gets no others: a stack file can name a variable of root. Asks the engine nothing, and
# changes nothing.
set -u
cd "$1" || exit
count=$2
shift 2
while [ "$count" -gt 0 ]; do
  set -- "--compose-file=.swarm-$count.yml" "$@"
  count=$((count - 1))
done
# Found before PATH has another value. A variable of a stack file can have each name, but hardly one of these.
_swarm_docker=$(command -v docker) _swarm_timeout=$(command -v timeout)
for _swarm_word in $(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/\1/p'); do unset "$_swarm_word"; done
# Not with env NAME=VALUE: all users can read command lines.
for _swarm_word; do
  shift
  case $_swarm_word in
    --*) set -- "$@" "$_swarm_word" ;;
    *) export "${_swarm_word?}" ;;
  esac
done
exec "$_swarm_timeout" -k 1 50 "$_swarm_docker" stack config "$@"
