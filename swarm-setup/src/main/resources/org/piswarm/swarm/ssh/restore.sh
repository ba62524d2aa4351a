#!/bin/sh
# restore: gives this Pi, which is in no Swarm, the state in /run/swarm-restore/swarm.tgz (in memory, because it has the
# keys), and makes it the only manager of that Swarm. Says "ready"; then the file must arrive there, and the line "go" here.
# A line must arrive every 15 s until then; from then on it works to the end, also if the connection breaks. $1 is the
# checksum of the file, $2 the address of this Pi. Says last "restored", or "failed REASON" if the Pi has its former state
# again, or "lost REASON".
# shellcheck disable=SC2016 # the variables are those of the inner shell
exec bash -c '
trap "" HUP INT TERM PIPE
directory=/run/swarm-restore checksum=$1 address=$2 exchanged= waiting=
limited() { timeout -k 1 "$@"; }
clean_up() {
  rm -rf "$directory" ${root:+"$root/swarm.new"}
  [ -z "$waiting" ] || kill -KILL "$waiting" 2>/dev/null
}
info() { limited 10 docker info --format "$1" 2>/dev/null; }

# last TEXT INSTEAD: its last line, or INSTEAD if it is empty.
last() {
  set -- "${1##*
}" "$2"
  echo "${1:-$2}"
}

stop_engine() {
  limited 100 systemctl --quiet stop docker.socket docker.service >/dev/null 2>&1
  [ "${1:-0}" = 0 ] || ! kill -0 "$1" 2>/dev/null
}

# start_engine: waits until it answers.
start_engine() {
  end=$((SECONDS + 120))
  while [ "$SECONDS" -lt "$end" ]; do
    systemctl reset-failed docker.socket docker.service 2>/dev/null
    limited 60 systemctl start docker.socket docker.service >/dev/null 2>&1
    ! info "{{.ServerVersion}}" >/dev/null || return 0
    sleep 1
  done
  return 1
}

main_pid() { systemctl show --property MainPID --value docker.service 2>/dev/null; }

# fail REASON: the Pi gets its former state back.
fail() {
  if [ "$exchanged" ]; then
    stop_engine "$(main_pid)" || { echo "lost $1; and its engine does not stop"; exit 1; }
    rm -rf "$root/swarm"
    [ ! -e "$root/swarm.old" ] || mv "$root/swarm.old" "$root/swarm"
  fi
  if [ -z "${stopped-}" ] || start_engine; then echo "failed $1"; else echo "lost $1; and its engine does not answer"; fi
  exit 1
}

umask 077
trap clean_up EXIT
rm -rf "$directory" && mkdir "$directory" || fail "cannot create $directory"
# The command holds the lock of the Swarm. If it ends before this script, this script must hold it.
exec 9>/run/swarm-deploy.lock
flock 9 >/dev/null 2>&1 & waiting=$!
echo ready || exit 1
line=
while [ "$line" != go ]; do read -r -t 15 line || exit 1; done

[ "$(sha256sum "$directory/swarm.tgz" 2>/dev/null | cut -d " " -f 1)" = "$checksum" ] || fail "the state did not arrive completely"
root=$(info "{{.DockerRootDir}}") && [ -d "$root" ] || { root= && fail "its engine does not answer"; }
[ "$(info "{{.Swarm.LocalNodeState}}")" = inactive ] || fail "it is in a Swarm now"
pid=$(main_pid)
[ "${pid:-0}" != 0 ] || fail "systemd does not run its engine as docker.service"
rm -rf "$root/swarm.new" "$root/swarm.old" && mkdir "$root/swarm.new" || fail "cannot write to $root"
error=$(limited 120 tar --extract --gzip --file "$directory/swarm.tgz" --directory "$root/swarm.new" 2>&1) || fail "$(last "$error" "tar did not end within 120 s")"
[ -s "$root/swarm.new/swarm/docker-state.json" ] && [ -d "$root/swarm.new/swarm/raft" ] || fail "the file has no state of a manager"

stopped=yes
stop_engine "$pid" || fail "its engine did not stop within 100 s"
exchanged=yes
{ [ ! -e "$root/swarm" ] || mv "$root/swarm" "$root/swarm.old"; } && mv "$root/swarm.new/swarm" "$root/swarm" || fail "cannot write to $root"
start_engine || fail "its engine does not start with the restored state"
state=$(info "{{.Swarm.LocalNodeState}}")
# Without a state, the next command would create a new, empty Swarm.
case $state in active | pending | error) ;; *) fail "its engine did not read the restored state: its part in a Swarm is ${state:-unknown}" ;; esac
# Of several managers this one is left: it must not wait for the votes of the others.
error=$(limited 60 docker swarm init --force-new-cluster --advertise-addr "$address" 2>&1) || fail "$(last "$error" "its engine did not answer within 60 s")"
# Until it restarts, the node rejects tasks for a minute.
systemctl reset-failed docker.socket docker.service 2>/dev/null
limited 100 systemctl restart docker.service >/dev/null 2>&1
start_engine || fail "its engine does not start with the restored state"
[ "$(info "{{.Swarm.ControlAvailable}}")" = true ] || fail "it did not become a manager"
# Without power, one of the two must be left whole.
sync
rm -rf "$root/swarm.old"
echo restored' restore "$1" "$2"
