#!/bin/sh
# keep-images: an image that runs well is also called latest on this node, for a stack file that is deployed by hand. With
# more arguments, older images of the same repository are removed, so that the disk does not become full. $1 is the
# repository, $2 the tag; the others are the tags that a service uses or can be rolled back to.
set -u
limited() { timeout -k 1 60 "$@"; }
repository=$1 tag=$2
shift 2
limited docker tag "$repository:$tag" "$repository:latest" || exit
[ $# != 0 ] || exit 0
tags=$(limited docker images --format '{{.Tag}}' "$repository") || exit
for old in $tags; do
  case " $tag latest $* " in
    *" $old "*) ;;
    # A container may still use it.
    *) limited docker rmi "$repository:$old" >/dev/null 2>&1 || true ;;
  esac
done
# A pull that broke off leaves its reference, which would keep the image.
for old in $(limited docker images --format '{{.Repository}}@{{.Digest}}' "127.0.0.1:*/${repository##*/}"); do
  limited docker rmi "$old" >/dev/null 2>&1 || true
done
