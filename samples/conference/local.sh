# shellcheck shell=sh
# Read by scripts/run and scripts/up: where the services are on this machine, and what make run and make up prepare.
# shellcheck disable=SC2154,SC2034 # dir, line, outcome and in_turn are of scripts/run

: "${CONFERENCES_PORT:=8090}" "${ATTENDEES_PORT:=8091}" "${ATTENDEES_POLL_PORT:=8092}"
# Not 6379: there, Debian's package starts a Redis by itself, with other data.
: "${REDIS_PORT:=6381}"

# No service needs another one to start first.
in_turn=''

# For scripts/up.
addresses() {
  cat <<END
  push, live         http://localhost:$ATTENDEES_PORT
  polls, live        http://localhost:$ATTENDEES_POLL_PORT
  a conference       curl http://localhost:$CONFERENCES_PORT/conferences --json '{"name":"Pi Days","starts":"2027-03-14","ends":"2027-03-15"}'
END
}

# The passwords of the databases are made here, once, and are in no repository.
before_up() {
  "$directory/passwords"
}

# check_port NAME PORT: the services call all of them SERVER_PORT.
check_port() {
  case $2 in
  0* | *[!0-9]* | ??????*) false ;;
  *) [ "$2" -le 65535 ] ;;
  esac || {
    outcome="$1=$2 is not allowed: it must be a port from 1 to 65535, such as 8095"
    finish 1
  }
}

# Without files that stay: each run starts with no conferences.
before_all() {
  check_port CONFERENCES_PORT "$CONFERENCES_PORT"
  check_port ATTENDEES_PORT "$ATTENDEES_PORT"
  check_port ATTENDEES_POLL_PORT "$ATTENDEES_POLL_PORT"
  check_port REDIS_PORT "$REDIS_PORT"
  # A PostgreSQL of yours would have to be one for each of them.
  unset DATABASE_URL DATABASE_USER DATABASE_PASSWORD SYNC
  export CONFERENCES_URL="http://localhost:$CONFERENCES_PORT" REDIS_URL="redis://localhost:$REDIS_PORT" \
    POLL_INTERVAL="${POLL_INTERVAL-10s}"
  start_needed redis redis-server --port "$REDIS_PORT" --bind 127.0.0.1 --save '' --appendonly no --dir "$dir" --loglevel warning
}

# attendees twice: one gets events, the other one polls.
launch() {
  export DATABASE_URL="jdbc:h2:file:$dir/$1" SERVER_PORT
  case $1 in
  conferences)
    SERVER_PORT=$CONFERENCES_PORT
    start_jvm conferences
    ;;
  attendees)
    SERVER_PORT=$ATTENDEES_PORT
    start_jvm attendees --SYNC=push
    SERVER_PORT=$ATTENDEES_POLL_PORT DATABASE_URL="jdbc:h2:file:$dir/attendees-poll"
    start attendees-poll "$java" -jar "$dir/attendees.jar" --SYNC=poll
    ;;
  esac
}

# The services know the port as SERVER_PORT, and a taken port of Redis is a line without advice.
reword() {
  case $line in
  SERVER_PORT=*) line=$(echo "$1" | tr '[:lower:]-' '[:upper:]_')_PORT${line#SERVER_PORT} ;;
  *'Could not create server TCP listening socket'*)
    line="REDIS_PORT=$REDIS_PORT is taken: stop the program that listens there, or set another port"
    ;;
  # Advice for a Redis that is in production.
  *' WARNING '* | *oO0OoO0* | *'Configuration loaded' | *'Failed listening on port'*) return 1 ;;
  esac
}
