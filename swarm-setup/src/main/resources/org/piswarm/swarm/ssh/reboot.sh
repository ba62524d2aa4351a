#!/bin/sh
# reboot: reboots this Pi, a moment after the answer.
nohup sh -c 'sleep 1; systemctl reboot' >/dev/null 2>&1 &
