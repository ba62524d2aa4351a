#!/bin/sh
# firewall: opens ports of this Pi to other Pis. $1 is "missing", which prints the rules that are missing and changes
# nothing, or "open"; $2 is ufw or firewalld. Rules follow, each PORT/PROTOCOL,ADDRESS.
set -eu
action=$1 kind=$2
shift 2
limited() { timeout -k 1 25 "$@"; }
if [ "$kind" = ufw ]; then
  rules=$(limited ufw status)
  rules=$(echo "$rules" | awk '/ALLOW/ { printf "%s,%s;", $1, $NF }')
fi
for rule; do
  port=${rule%%/*} protocol=${rule%,*} address=${rule#*,}
  protocol=${protocol#*/}
  rich="rule family=ipv4 source address=$address port port=$port protocol=$protocol accept"
  case $kind in
    ufw) case ";$rules" in *";$rule;"*) continue ;; esac ;;
    firewalld)
      status=0
      limited firewall-cmd --quiet --query-rich-rule="$rich" || status=$?
      case $status in
        0) continue ;;
        1) ;;
        *) echo "firewall-cmd did not say whether $rule is open" >&2 && exit 1 ;;
      esac
      ;;
  esac
  case $action,$kind in
    missing,*) echo "$rule" ;;
    open,ufw) limited ufw allow proto "$protocol" from "$address" to any port "$port" >/dev/null ;;
    open,firewalld)
      limited firewall-cmd --quiet --permanent --add-rich-rule="$rich"
      limited firewall-cmd --quiet --add-rich-rule="$rich"
      ;;
  esac
done
