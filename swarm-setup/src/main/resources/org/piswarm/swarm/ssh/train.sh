#!/bin/sh
# train: makes a class cache for each image of the kit that an argument names, in the volume pi-swarm-kit-classes of this machine.
# /app/train of the image does it, in a container without a network; one at a time. It goes on while lines arrive on standard
# input, at least one every 15 s; after that, it stops the container and ends. Says for each image "present IMAGE", "made IMAGE
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

# Waits up to a second for a line. Bash 3 of macOS does not say whether the time ran out or the lines have ended; at their
# end, it does not wait.
ends=0
alive() {
  local status=0 begin=$SECONDS
  read -r -t 1 _ || status=$?
  if [ "$status" = 0 ]; then
    seen=$SECONDS ends=0
  elif [ "$status" -gt 128 ] || [ "$SECONDS" != "$begin" ]; then
    [ $((SECONDS - seen)) -lt 15 ]
  else
    ends=$((ends + 1))
    [ "$ends" -lt 2 ]
  fi
}

# remove: first with TERM, so that it deletes what is not complete. No other command removes the container: without --rm,
# its last line can be read when it has ended.
remove() {
  ask stop -t 5 "$1"
  ask rm --force "$1"
}

# launch IMAGE: $container is what it has started. The volume belongs to root, whose JVM makes files that only a capability can
# empty. The services go first.
launch() {
  ask create --pull never --name "$name" --volume pi-swarm-kit-classes:/app/cache --user 0:0 --cap-drop ALL \
    --cap-add DAC_OVERRIDE --security-opt no-new-privileges --read-only --network none --memory 400m --pids-limit 200 \
    --oom-score-adj 500 --cpus 1 --cpu-shares 128 --log-driver local --log-opt max-size=1m \
    --env CLASS_CACHE=make --env "CLASS_CACHE_KEPT=$kept" --env "CLASS_CACHE_FREE=$(free)" "$1" || return
  # Known before it runs: Ctrl-C also reaches a docker that waits for a start.
  container=$last
  ask start "$container" || {
    local reason=$last
    remove "$container"
    last=$reason
    return 1
  }
}

# free: the MiB that are free on the disk of the images; nothing if that disk is not one of this machine, as with Docker
# Desktop; "unknown" if Docker does not say where it is.
free() {
  ask info --format "{{.DockerRootDir}}" || { echo unknown && return; }
  [ ! -d "$last" ] || df -P -k "$last" | awk "NR == 2 { print int(\$4 / 1024); known = 1 } END { if (!known) print \"unknown\" }"
}

# absent: no training has left its container, and none is in progress; if not, $outcome says why.
absent() {
  if ask inspect --format "{{.State.Running}} {{.Id}}" "$name"; then
    case $last in
      "true "*) outcome="none another training is in progress on this machine" && return 1 ;;
      *) remove "${last#* }" ;; # a script that was killed has left it
    esac
  else
    case $answer in *"No such "* | *"no such "*) ;; *) outcome="none $last" && return 1 ;; esac
  fi
}

# train IMAGE: what came of it is in $outcome.
train() {
  # /app/train ends before: 300 s to check a cache, to start, to write it and to start again, and twice 30 s to end.
  local end=$((SECONDS + ${TRAINING_LIMIT:-1260})) container
  seen=$SECONDS
  ask image inspect --format "{{with .Config.Entrypoint}}{{index . 0}}{{end}}" "$1" || { outcome="none $last" && return; }
  [ "$last" = /app/start ] || { outcome="none it does not start with /app/start, as the images of this kit do" && return; }
  absent || return 0
  launch "$1" || { outcome="none $last" && return; }
  while ask inspect --format "{{.State.Running}}" "$container" && [ "$last" = true ] && [ "$SECONDS" -lt "$end" ]; do
    # About every 5 s: each question takes time of the processor from the training, which has to wait for it.
    for _ in 1 2 3 4 5; do
      alive || { remove "$container"; exit 1; }
    done
  done
  if [ "$last" = false ]; then
    ask logs --tail 1 "$container"
    case $last in
      present | "made "* | "none "*) outcome=$last ;;
      *) outcome="none the training ended early: $last" ;;
    esac
  elif [ "$last" = true ]; then
    outcome="none the training did not end"
  else
    outcome="none $last"
  fi
  remove "$container"
}

# The libraries whose caches are kept: those of all images and containers, also of releases before. Without an answer, all are.
kept=
of="{{index .Config.Labels \"org.piswarm.libraries\"}}"
if ask image ls --all --quiet --no-trunc && images=$answer && ask container ls --all --quiet --no-trunc &&
  [ "$images$answer" ] && ask inspect --format "$of" $images $answer; then
  kept=$(echo $answer)
  kept=${kept//sha256:/}
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
