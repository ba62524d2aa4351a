#!/bin/sh
# backup: saves the state of this manager's Swarm in /run/swarm-backup/swarm.tgz: in memory, because it has the keys. The
# engine must not write meanwhile, so it stops for some seconds; this script starts it again, also if the connection breaks.
# The file is deleted when no line has arrived on standard input for 15 s. Says "refused REASON" if it changed nothing. Or
# says "stopping"; "saved CHECKSUM" or "failed REASON"; and last "back" if the engine runs again, or "lost REASON".
# shellcheck disable=SC2016 # the variables are those of the inner shell
exec bash -c '
# Without a connection too, the engine must start again.
trap "" HUP INT TERM PIPE
directory=/run/swarm-backup waiting=
limited() { timeout -k 1 "$@"; }
clean_up() {
  rm -rf "$directory"
  [ -z "$waiting" ] || kill -KILL "$waiting" 2>/dev/null
}
# Not "&&": without a reader, echo fails.
refuse() { echo "refused $1"; exit 1; }

root=$(limited 25 docker info --format "{{.DockerRootDir}}" 2>/dev/null) || refuse "its engine does not answer"
[ -s "$root/swarm/docker-state.json" ] && [ -d "$root/swarm/raft" ] || refuse "there is no state of a manager in $root/swarm"
pid=$(systemctl show --property MainPID --value docker.service 2>/dev/null)
[ "${pid:-0}" != 0 ] || refuse "systemd does not run its engine as docker.service"
trap clean_up EXIT
umask 077
rm -rf "$directory" && mkdir "$directory" || refuse "cannot create $directory"
# Files of 64 MiB, mostly empty: only compressed does it say how much is needed.
bytes=$(limited 30 tar --create --gzip --directory "$root" swarm 2>/dev/null | wc --bytes)
needed=$((bytes / 1048576 * 2 + 8))
free=$(df --block-size=1M --output=avail "$directory" | tail -n 1 | tr -d " ")
[ "${free:-0}" -ge "$needed" ] || refuse "${free:-0} MiB are free in /run, and $needed are needed"
# The command holds the lock of the Swarm. If it ends before this script, this script must hold it until the engine runs.
exec 9>/run/swarm-deploy.lock
flock 9 >/dev/null 2>&1 & waiting=$!

# If nobody hears it, the command has ended: then no engine stops.
echo stopping || exit 1
limited 100 systemctl --quiet stop docker.socket docker.service >/dev/null 2>&1
if kill -0 "$pid" 2>/dev/null; then
  echo "failed its engine did not stop within 100 s"
elif error=$(limited 120 tar --create --gzip --file "$directory/swarm.tgz" --directory "$root" swarm 2>&1) &&
  checksum=$(sha256sum "$directory/swarm.tgz"); then
  echo "saved ${checksum%% *}"
  saved=yes
else
  error=${error##*
}
  echo "failed ${error:-tar did not end within 120 s}"
fi
end=$((SECONDS + 120)) outcome=
while [ "$outcome" != back ] && [ "$SECONDS" -lt "$end" ]; do
  # systemd refuses a unit that has started several times within a short time.
  systemctl reset-failed docker.socket docker.service 2>/dev/null
  error=$(limited 60 systemctl start docker.socket docker.service 2>&1)
  if state=$(limited 10 docker info --format "{{.Swarm.LocalNodeState}}" 2>/dev/null); then
    [ "$state" = active ] && outcome=back || outcome="lost its part in the Swarm is $state"
  else
    error=${error##*
}
    outcome="lost ${error:-it does not answer}"
  fi
  [ "$outcome" = back ] || sleep 1
done
echo "$outcome"
[ -z "${saved-}" ] || while read -r -t 15 _; do :; done'
