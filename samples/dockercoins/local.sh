# shellcheck shell=sh
# Read by scripts/run and scripts/up: where the services are on this machine, and the Redis that make run starts.
# shellcheck disable=SC2154,SC2034 # dir, line, outcome and in_turn are of scripts/run

: "${WEBUI_PORT:=8000}" "${RNG_PORT:=8001}" "${HASHER_PORT:=8002}" "${WORKER_PORT:=8003}"
# Not 6379: there, Debian's package starts a Redis by itself, with other data.
: "${REDIS_PORT:=6380}"

# No service needs another one to start first.
in_turn=''

# For scripts/up.
addresses() {
  cat <<END
  the live page      http://localhost:$WEBUI_PORT
  the counts         curl http://localhost:$WEBUI_PORT/json
  32 random bytes    curl http://localhost:$RNG_PORT/32
END
}

# check_port NAME PORT: the shell counts with some of them, and the services call all of them SERVER_PORT.
check_port() {
  case $2 in
  0* | *[!0-9]* | ??????*) false ;;
  *) [ "$2" -le 65535 ] ;;
  esac || {
    outcome="$1=$2 is not allowed: it must be a port from 1 to 65535, such as 8010"
    finish 1
  }
}

# Without files: each run counts from 0.
before_all() {
  case ${WORKERS:=1} in
  [1-9] | [1-4][0-9]) ;;
  *)
    outcome="WORKERS=$WORKERS is not allowed: it must be from 1 to 49, such as 5"
    finish 1
    ;;
  esac
  check_port WEBUI_PORT "$WEBUI_PORT"
  check_port RNG_PORT "$RNG_PORT"
  check_port HASHER_PORT "$HASHER_PORT"
  check_port REDIS_PORT "$REDIS_PORT"
  check_port WORKER_PORT "$WORKER_PORT"
  [ $((WORKER_PORT + WORKERS - 1)) -le 65535 ] || {
    outcome="WORKER_PORT=$WORKER_PORT is not allowed: $WORKERS workers need as many ports from there on, up to 65535"
    finish 1
  }
  export RNG_URL="http://localhost:$RNG_PORT" HASHER_URL="http://localhost:$HASHER_PORT" \
    REDIS_URL="redis://localhost:$REDIS_PORT"
  start_needed redis redis-server --port "$REDIS_PORT" --bind 127.0.0.1 --save '' --appendonly no --dir "$dir" --loglevel warning
}

launch() {
  case $1 in
  rng) SERVER_PORT=$RNG_PORT ;;
  hasher) SERVER_PORT=$HASHER_PORT ;;
  worker) SERVER_PORT=$WORKER_PORT ;;
  webui) SERVER_PORT=$WEBUI_PORT ;;
  esac
  export SERVER_PORT
  start_jvm "$1"
  if [ "$1" = worker ]; then
    number=1
    while [ "$number" -lt "$WORKERS" ]; do
      number=$((number + 1))
      SERVER_PORT=$((WORKER_PORT + number - 1))
      HOSTNAME=worker-$number start "worker-$number" "$java" -jar "$dir/worker.jar"
    done
  fi
}

# The services know the port as SERVER_PORT, and a taken port of Redis is a line without advice.
reword() {
  case $line in
  SERVER_PORT=*) line=$(echo "${1%%-*}" | tr '[:lower:]' '[:upper:]')_PORT${line#SERVER_PORT} ;;
  *'Could not create server TCP listening socket'*)
    line="REDIS_PORT=$REDIS_PORT is taken: stop the program that listens there, or set another port"
    ;;
  # Advice for a Redis that is in production.
  *' WARNING '* | *oO0OoO0* | *'Configuration loaded' | *'Failed listening on port'*) return 1 ;;
  esac
}
