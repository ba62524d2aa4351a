#!/bin/sh
# facts: the state of this Pi, one KEY=VALUE per line. Runs on the Pi, as root, and changes nothing. The judge package
# decides whether a fact is good or bad. The last line is end=yes; without it, the answer broke off.
#
# In: SSH_CONNECTION has the address at which the Pi was reached; LOGIN is the user who logged in.
set -u

fact() { printf '%s=%s\n' "$1" "$2"; }
have() { command -v "$1" >/dev/null 2>&1; }
# yes_if KEY COMMAND...
yes_if() {
  key=$1
  shift
  if "$@" >/dev/null 2>&1; then fact "$key" yes; else fact "$key" no; fi
}
# So that one program that hangs does not cost the other facts.
limited() { timeout -k 1 10 "$@"; }
first_line() { head -n 1 "$1" 2>/dev/null | tr -d '\0'; }

fact hostname "$(uname -n)"
fact machine_id "$(first_line /etc/machine-id)"
fact kernel "$(uname -m)"
fact architecture "$(dpkg --print-architecture 2>/dev/null || uname -m)"
# shellcheck disable=SC1091 # of the Pi
fact os "$(. /etc/os-release 2>/dev/null && echo "${PRETTY_NAME-}")"
fact model "$(first_line /proc/device-tree/model)"
fact memory_mib "$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)"
fact memory_free_mib "$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)"

missing=
for module in overlay bridge br_netfilter veth vxlan ip_vs xt_ipvs xt_conntrack; do
  [ -d "/sys/module/$module" ] || modprobe --dry-run --quiet "$module" 2>/dev/null || missing="$missing $module"
done
fact modules_missing "${missing# }"

controllers=/sys/fs/cgroup/cgroup.controllers
if [ -e "$controllers" ]; then
  yes_if memory_cgroup grep -w memory "$controllers"
else
  # shellcheck disable=SC2016 # awk's
  yes_if memory_cgroup awk '$1 == "memory" && $4 == 1 { found = 1 } END { exit !found }' /proc/cgroups
fi
for file in /boot/firmware/current/cmdline.txt /boot/firmware/cmdline.txt /boot/cmdline.txt; do
  [ -f "$file" ] || continue
  fact cmdline_file "$file"
  yes_if cmdline_memory grep -w cgroup_enable=memory "$file"
  break
done

fact time "$(date +%s)"
fact boot_id "$(first_line /proc/sys/kernel/random/boot_id)"

reached=$(echo "${SSH_CONNECTION-}" | cut -d ' ' -f 3)
reached=${reached%\%*}
fact reached "$reached"
addresses=$(ip -oneline address show 2>/dev/null)
fact addresses "$(echo "$addresses" | awk '$3 ~ /^inet/ { sub(/\/.*/, "", $4); printf "%s ", $4 }')"
device=$(echo "$addresses" | awk -v address="$reached" '{ split($4, part, "/") } part[1] == address { print $2; exit }')
fact device "$device"
# Swarm and its port checks use IPv4. A .local name may lead to an IPv6 address of the same card.
case $reached in
  *:*) address=$(echo "$addresses" | awk -v device="$device" '$2 == device && $3 == "inet" { sub(/\/.*/, "", $4); print $4; exit }') ;;
  *) address=$reached ;;
esac
fact address "$address"
case $(echo "$addresses" | grep -F " $address/") in
  *' dynamic '*) fact address_kind dynamic ;;
  *) fact address_kind static ;;
esac
fact mtu "$(first_line "/sys/class/net/$device/mtu")"

firewall=none
if have firewall-cmd; then
  status=0
  limited firewall-cmd --state >/dev/null 2>&1 || status=$?
  case $status in
    0) firewall=firewalld ;;
    124 | 137) firewall='no answer' ;;
  esac
fi
if have ufw; then
  case $(limited ufw status 2>/dev/null || echo failed) in
    'Status: active'*) firewall=ufw ;;
    *failed) firewall='no answer' ;;
  esac
fi
fact firewall "$firewall"

fact login "${LOGIN-root}"
case " $(id -nG "${LOGIN-root}" 2>/dev/null) " in
  *' docker '*) fact login_in_group yes ;;
  *) fact login_in_group no ;;
esac

root=/var/lib/docker
# An installation that apt has not finished is none.
installed() {
  have docker || return 1
  case $(readlink -f "$(command -v docker)") in */snap/*) return 0 ;; esac
  have dockerd && [ -z "$(limited dpkg --audit docker.io 2>/dev/null)" ]
}
if installed; then
  status=0
  # It fails, with half of the answer empty, if no engine answers.
  engine=$(limited docker info --format '{{.DockerRootDir}}
docker_info={{json .}}' 2>/dev/null) || status=$?
  case $status in
    0)
      root=${engine%%
*}
      printf '%s\n' "${engine#*
}"
      ;;
    124 | 137) fact docker_silent timeout ;;
    *)
      reason=$(limited docker version 2>&1 >/dev/null | tail -n 1)
      fact docker_silent "${reason:-exit code $status}"
      ;;
  esac
  case $(readlink -f "$(command -v docker)") in
    */snap/*) fact docker_snap yes ;;
  esac
  certificate=$root/swarm/certificates/swarm-node.crt
  [ ! -e "$certificate" ] || fact certificate "$(awk '/BEGIN/ { n++; next } /END/ { next } n == 1 { printf "%s", $0 }' "$certificate")"
else
  fact docker_candidate "$(limited apt-cache policy docker.io 2>/dev/null | awk '$1 == "Candidate:" && $2 != "(none)" { print $2 }')"
fi
[ -d "$root" ] || root=/var
fact disk_free_mib "$(limited df --block-size=1M --output=avail "$root" 2>/dev/null | tail -n 1 | tr -d ' ')"
yes_if daemon_json test -e /etc/docker/daemon.json
yes_if docker_logs_set grep -q '"log-driver": *"local"' /etc/docker/daemon.json
yes_if docker_nftables grep -q '"firewall-backend": *"nftables"' /etc/docker/daemon.json

# Ports that Swarm needs and that other programs use.
if have ss; then
  fact ports_taken "$(ss -Hlntup 2>/dev/null | awk '
    $5 ~ /:(2377|7946)$/ && $1 == "tcp" || $5 ~ /:(7946|4789)$/ && $1 == "udp" {
      port = $5; sub(/.*:/, "", port)
      # The end of an overlay belongs to the kernel, and to no program.
      if ($0 ~ /dockerd/ || port == 4789 && $0 !~ /users:/) next
      list = list port "/" $1 " "
    } END { sub(/ $/, "", list); print list }')"
fi

if have vcgencmd; then
  fact throttled "$(limited vcgencmd get_throttled 2>/dev/null | cut -d = -f 2)"
fi
temperature=$(first_line /sys/class/thermal/thermal_zone0/temp)
[ -z "$temperature" ] || fact temperature "$((temperature / 1000))"
fact end yes
