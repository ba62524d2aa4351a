#!/bin/sh
# stage: a directory for the files of a stack, in this manager's memory and for root alone, while lines arrive on
# standard input, at least one every 15 s. Then, or when the connection breaks, it is deleted, once no release that was
# begun reads it. Says its path.
# shellcheck disable=SC2016 # the variables are those of the inner shell
exec bash -c 'trap "" HUP INT TERM PIPE
stage=$(mktemp -d /run/swarm-files.XXXXXXXXXX) || exit
# So deep that a path that leads out of the place of the files can still be recognized.
if mkdir -p "$stage/1/2/3/4/files"; then
  echo "$stage"
  while read -r -t 15 _; do :; done
  # stack-deploy takes at most 151 s.
  exec 7<"$stage/1/2/3/4/files"
  flock -w 160 7
fi
rm -rf "$stage"'
