#!/bin/sh
# reboot: reboots this Pi. The connection may end before the answer.
exec systemctl --no-block reboot
