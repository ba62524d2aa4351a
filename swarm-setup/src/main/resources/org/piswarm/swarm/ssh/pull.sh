#!/bin/sh
# pull: brings images onto this node. The arguments are pairs: a reference in the registry at this node's end of the
# connection, and the name on the node. An image that the node has is not pulled. Says "brought NAME". The other end bounds
# the time: without the connection, a pull fails.
set -u
while [ $# != 0 ]; do
  if ! timeout -k 1 25 docker image inspect "$2" >/dev/null 2>&1; then
    docker pull "$1" && docker tag "$1" "$2" && docker rmi "$1" >/dev/null || exit
    echo "brought $2"
  fi
  shift 2
done
