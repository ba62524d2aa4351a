#!/bin/sh
# task-log: the last lines that a task has logged. $1 is its ID.
timeout -k 1 20 docker service logs --raw --tail 12 "$1" 2>&1
