#!/bin/sh
# train: makes a class cache for each image of the kit that an argument names, in the volume pi-swarm-kit-classes of this machine.
# /app/train of the image does it, in a container without a network; one at a time. It goes on while lines arrive on standard
# input, at least one every 15 s; after that, it removes the container and ends. Says for each image "present IMAGE", "made IMAGE
# PERCENT SECONDS" or "none IMAGE REASON". make up runs it too, as any user of Docker.
# shellcheck disable=SC2016 # the variables are those of the inner shell
exec bash -c '
# Ctrl-C ends the lines; then there is still a container to remove.
trap "" HUP INT TERM PIPE
name=pi-swarm-kit-training

# ask COMMAND...: what Docker says is in $answer, and its last line, or why it failed, in $last. macOS has no timeout.
ask() {
  local status=0
  if command -v timeout >/dev/null; then set -- timeout -k 1 60 docker "$@"; else set -- docker "$@"; fi
  answer=$("$@" 2>&1 </dev/null) || status=$?
  last=${answer##*
}
  [ "$status" != 0 ] || return 0
  # Advice may follow.
  case $answer in *"Error response from daemon: "*) last=${answer#*Error response from daemon: } ;; esac
  last=${last%%
*}
  last=${last:-Docker did not answer within 60 s}
  return "$status"
}

# Waits up to a second for a line. Bash 3 of macOS does not say whether the time ran out, so make up sends more lines.
alive() {
  local status=0
  read -r -t 1 _ || status=$?
  if [ "$status" = 0 ]; then seen=$SECONDS; else [ "$status" -gt 128 ] && [ $((SECONDS - seen)) -lt 15 ]; fi
}

# launch IMAGE: the volume belongs to root, whose JVM makes files that only a capability can empty. The services go first.
launch() {
  ask run --detach --pull never --name "$name" --volume pi-swarm-kit-classes:/app/cache --user 0:0 --cap-drop ALL \
    --cap-add DAC_OVERRIDE --security-opt no-new-privileges --read-only --network none --memory 256m --oom-score-adj 500 \
    --cpus 1 --cpu-shares 128 --log-driver local --env LOGGING_STRUCTURED_FORMAT_CONSOLE=ecs --env CLASS_CACHE=train \
    --env "CLASS_CACHE_BUILDS=$builds" --env "CLASS_CACHE_FREE=$free" "$1"
}

# train IMAGE: what came of it is in $outcome.
train() {
  # Longer than /app/train takes at most.
  local end=$((SECONDS + 480))
  seen=$SECONDS
  ask image inspect --format "{{with .Config.Entrypoint}}{{index . 0}}{{end}}" "$1" || { outcome="none $last" && return; }
  [ "$last" = /app/start ] || { outcome="none it does not start with /app/start, as the images of this kit do" && return; }
  if ask inspect --format "{{.State.Running}}" "$name"; then
    [ "$last" != true ] || { outcome="none another training is in progress on this machine" && return; }
    # A script that was killed has left it.
    ask rm --force "$name"
  fi
  if launch "$1"; then
    while ask inspect --format "{{.State.Running}}" "$name" && [ "$last" = true ] && [ "$SECONDS" -lt "$end" ]; do
      alive || { ask rm --force "$name"; exit 1; }
    done
    if [ "$last" = false ]; then
      ask logs --tail 1 "$name"
      case $last in
        present | "made "* | "none "*) outcome=$last ;;
        *) outcome="none the training ended early: $last" ;;
      esac
    elif [ "$last" = true ]; then
      outcome="none the training did not end"
    else
      outcome="none $last"
    fi
  else
    outcome="none $last"
  fi
  ask rm --force "$name"
}

# The builds whose caches are kept. Without an answer, all are.
builds=
if ask image ls --quiet --no-trunc --filter label=org.piswarm.build && [ "$answer" ] &&
  ask image inspect --format "{{index .Config.Labels \"org.piswarm.build\"}}" $answer; then
  builds=$(echo $answer)
fi
# The disk of Docker Desktop is not one of this machine.
free=unknown
if ask info --format "{{.DockerRootDir}}"; then
  free=
  if [ -d "$last" ]; then
    free=$(df -P -k "$last" | awk "NR == 2 { print int(\$4 / 1024) }")
    free=${free:-unknown}
  fi
fi
for image; do
  started=$SECONDS
  train "$image"
  case $outcome in
    "made "*) echo "made $image ${outcome#made } $((SECONDS - started))" ;;
    "none "*) echo "none $image ${outcome#none }" ;;
    *) echo "$outcome $image" ;;
  esac
done' train "$@"
