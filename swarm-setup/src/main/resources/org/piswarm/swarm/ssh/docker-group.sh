#!/bin/sh
# docker-group: lets the user who logged in use docker, from the next login on.
exec usermod --append --groups docker "$LOGIN"
