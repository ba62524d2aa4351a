#!/bin/sh
# swarm-state: what this manager knows of its Swarm: nodes, services and tasks, one line KIND JSON for each. After the
# lines of a kind comes "read KIND", or "failed KIND REASON"; without "read", that kind is unknown. Changes nothing.
set -u

# Longer than the 20 s after which a manager without a quorum gives up.
limited() { timeout -k 1 25 "$@"; }

# ids KIND
ids() {
  case $1 in
    node | service) limited docker "$1" ls --quiet ;;
    task)
      services=$(limited docker service ls --quiet) || return
      # shellcheck disable=SC2086 # a list
      [ -z "$services" ] || limited docker service ps --quiet --no-trunc $services
      ;;
  esac
}

read_all() {
  list=$(ids "$1") || return
  # shellcheck disable=SC2086 # a list
  [ -z "$list" ] || limited docker inspect --type "$1" --format "$1 {{json .}}" $list
}

for kind in node service task; do
  for pause in 0 1 1 1 1; do
    sleep "$pause"
    status=0
    lines=$(read_all "$kind" 2>&1) || status=$?
    case $status,$lines in
      0,*) break ;;
      # One of them was removed between the two questions. Replicas that fail soon are removed again and again.
      *'o such'* | *'not found'*) ;;
      *) break ;;
    esac
  done
  case $status in
    0) [ -z "$lines" ] || printf '%s\n' "$lines" ;;
    124 | 137) echo "failed $kind no answer within 25 s" && exit ;;
    *) echo "failed $kind $(printf '%s\n' "$lines" | tail -n 1)" && exit ;;
  esac
  echo "read $kind"
done
