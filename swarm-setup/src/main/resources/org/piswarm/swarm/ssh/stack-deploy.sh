#!/bin/sh
# stack-deploy: hands a stack over to Swarm. $1 is the directory of its files, $2 the file, $3 the name of the stack; the
# other arguments are options. Exit code 124: docker gave no answer, so it may have handed over a part.
set -u
# Once begun, it ends also without the connection: half a release would be worse.
trap '' HUP INT TERM PIPE
cd "$1" || exit
file=$2 name=$3
shift 3
status=0
answer=$(timeout -k 1 150 docker stack deploy --detach=true "$@" --compose-file "$file" "$name" 2>&1) || status=$?
case $status in 124 | 137) echo 'docker did not answer within 150 s' >&2 && exit 124 ;; esac
[ "$status" = 0 ] || printf '%s\n' "$answer" >&2
exit "$status"
