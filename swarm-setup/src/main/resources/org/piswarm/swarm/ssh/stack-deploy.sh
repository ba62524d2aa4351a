#!/bin/sh
# stack-deploy: hands a stack over to Swarm. $1 is the directory of its files, $2 the file, $3 the name of the stack; the
# other arguments are options. Exit code 124: docker gave no answer, so it may have handed over a part.
set -u
# Once begun, it ends also without the connection: half a release would be worse.
trap '' HUP INT TERM PIPE
# Until then, no other command gets the lock, and the files stay.
exec 8>/run/swarm-release.lock || exit
flock -n 8 || { echo 'another command hands over a release at the moment: wait until it ends' >&2 && exit 1; }
cd "$1" || exit
exec 7<.
flock -n -s 7 || { echo 'the connection that keeps the stack files here broke: run it again' >&2 && exit 1; }
file=$2 name=$3
shift 3
status=0
# No other variables of root: a service of the stack can name one.
answer=$(env -i PATH="$PATH" HOME="${HOME:-/root}" timeout -k 1 150 \
  docker stack deploy --detach=true "$@" --compose-file "$file" "$name" 2>&1) || status=$?
case $status in 124 | 137) echo 'docker did not answer within 150 s' >&2 && exit 124 ;; esac
[ "$status" = 0 ] || printf '%s\n' "$answer" >&2
exit "$status"
