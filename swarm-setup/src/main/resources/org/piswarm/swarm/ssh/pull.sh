#!/bin/sh
# pull: brings images onto this node. The arguments are pairs: a reference in the registry at this node's end of the
# connection, and the name on the node. An image that the node has is not pulled. Says "brought NAME". Without the
# connection, a pull fails; the limits are for an engine that hangs.
set -u
while [ $# != 0 ]; do
  if ! timeout -k 1 25 docker image inspect "$2" >/dev/null 2>&1; then
    timeout -k 1 3600 docker pull "$1" && timeout -k 1 60 docker tag "$1" "$2" &&
      timeout -k 1 60 docker rmi "$1" >/dev/null || exit
    echo "brought $2"
  fi
  shift 2
done
