#!/bin/sh
# install-docker: installs Docker from the distribution and starts it. $1 is the lowest major version.
set -u
main() {
  # An installation that is cut off needs a repair: it goes on if the connection breaks.
  trap '' HUP INT
  export DEBIAN_FRONTEND=noninteractive
  log=/var/log/swarm-apt.log
  # The installation of an interrupted run may still be in progress.
  exec 9>/run/swarm-install.lock
  flock -w 600 9 || { echo 'another installation did not end within 10 minutes' >&2 && exit 1; }
  : >"$log"
  repair
  apt-cache show docker.io >/dev/null 2>&1 || apt update || failed
  candidate=$(apt-cache policy docker.io | awk '$1 == "Candidate:" { print $2 }')
  version=${candidate#*:}
  if [ "$(echo "${version%%.*}" | tr -cd 0-9)" -lt "$1" ] 2>/dev/null; then
    echo "the distribution offers Docker $candidate, which is older than $1: upgrade to Debian 13, or install Docker's own packages (docs.docker.com/engine/install)" >&2
    exit 1
  fi
  # curl passes join tokens to the engine.
  packages='docker.io curl'
  ! apt-cache show docker-cli >/dev/null 2>&1 || packages="$packages docker-cli"
  # Lists may be older than the packages.
  # shellcheck disable=SC2086 # a list
  apt install $packages || { apt update && apt install $packages; } || failed
  systemctl --quiet enable --now docker || failed
  timeout -k 1 60 docker info >/dev/null
}
# What an interrupted run has left half done. Other programs, such as automatic upgrades, may use dpkg at the moment.
repair() {
  end=$(($(date +%s) + 300))
  until error=$(dpkg --configure --pending 2>&1); do
    printf '%s\n' "$error" >>"$log"
    case $error in *'locked by another process'*) ;; *) failed ;; esac
    [ "$(date +%s)" -lt "$end" ] || failed
    sleep 2
  done
}
apt() { apt-get -qq -y -o DPkg::Lock::Timeout=300 --no-install-recommends "$@" >>"$log" 2>&1; }
failed() {
  case $(cat "$log") in
    *'No space left'*) echo 'the disk is full: delete what you do not need, then run it again' >&2 ;;
    *) echo "the installation failed: $(tail -n 1 "$log") (see $log on the Pi)" >&2 ;;
  esac
  exit 1
}
main "$@"
exit
