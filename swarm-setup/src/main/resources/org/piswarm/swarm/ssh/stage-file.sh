#!/bin/sh
# stage-file: writes a file. $1 is a directory, $2 the path below it, $3 the content in Base64.
set -eu
cd "$1"
case $2 in */*) mkdir -p -- "${2%/*}" ;; esac
base64 -d >"$2" <<END
$3
END
