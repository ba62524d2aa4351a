#!/bin/sh
# join-token: prints the token with which a machine joins the Swarm of this manager, or replaces it. $1 is show or rotate, $2
# is worker or manager.
case $1 in
  show) exec timeout -k 1 25 docker swarm join-token --quiet "$2" ;;
  rotate) exec timeout -k 1 25 docker swarm join-token --quiet --rotate "$2" >/dev/null ;;
esac
