#!/bin/sh
# talosctl @VERSION@ for @SYSTEM@ in one file: this script, and behind it a gzip-compressed tar archive of the runtime
# and the program. It is unpacked once, into a folder of this user's cache that may be removed at any time, and run there.

key='@KEY@' system='@SYSTEM@' files='@FILES@' size='@SIZE@'

# Whether the program is unpacked in a cache folder. One that is another user's, or that a link leads to, does not count:
# what is in it would run with this user's rights.
unpacked() {
  [ -x "$1/$key/deno" ] && [ -O "$1/$key" ] && [ ! -h "$1/$key" ] && [ -O "$1" ] && [ ! -h "$1" ]
}

# Whether nothing of it is missing: folders for temporary files are swept now and then, file by file.
whole() {
  unpacked "$1" && [ "$(find "$1/$key/program" -type f | wc -l)" -eq "$files" ]
}

# Runs the program from a cache folder where it is unpacked; comes back where it is not.
start() {
  unpacked "$1" || return 0
  place=$1/$key
  shift
  # The runtime keeps compiled code in DENO_DIR; the program gives the variable back to whatever it starts.
  [ "${DENO_DIR+set}" ] && export TALOSCTL_USER_DENO_DIR="$DENO_DIR"
  export DENO_DIR="$place/cache" DENO_NO_UPDATE_CHECK=1
  # All rights, as an executable has them: nothing less can read /dev/stdin.
  exec "$place/deno" run -A --no-prompt --no-config --unstable-worker-options --unstable-lazy-dynamic-imports "$place/program/cli/main.js" "$@"
}

# Unpacks beside the place and moves it there whole, so that nobody meets half of it. Its failure is told by its status.
unpack() (
  umask 077
  mkdir -p "$1" && [ -O "$1" ] && [ ! -h "$1" ] && chmod 700 "$1" || exit 1
  find "$1" ! -path "$1" -prune -name '.new.*' -mtime +0 -exec rm -rf {} + # what killed starts have left
  [ -e "$1/$key" ] && ! whole "$1" && rm -rf "${1:?}/$key"
  new=
  trap '[ -z "$new" ] || rm -rf "$new" "$new.whole"' EXIT
  trap '' PIPE # whoever reads the reason may be gone by then
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  new=$(mktemp -d "$1/.new.XXXXXX") || exit 1
  # A broken archive shows in gzip's status alone, which a pipe drops.
  tail -c "+$((size + 1))" "$0" | { gzip -dc && : >"$new.whole"; } | tar -xf - -C "$new"
  [ "$?" -eq 0 ] && [ -e "$new.whole" ] && "$new/deno" --version >/dev/null || exit 1
  # Another first start may have been quicker: then this copy is refused, or lands inside of the other, and goes.
  mv "$new" "$1/$key" || whole "$1" || exit 1
  rm -rf "${1:?}/$key/${new##*/}"
)

cache=
case ${HOME:-} in /*) [ -O "$HOME" ] && cache=$HOME/.cache/talosctl ;; esac
case ${XDG_CACHE_HOME:-} in /*) cache=$XDG_CACHE_HOME/talosctl ;; esac
[ "$cache" ] && start "$cache" "$@"

temporary=${TMPDIR:-/tmp}/talosctl-$(id -u)
whole "$temporary" && start "$temporary" "$@"

reasons=
for folder in ${cache:+"$cache"} "$temporary"; do
  reason=$(unpack "$folder" 2>&1) && start "$folder" "$@"
  status=$?
  [ "$status" -gt 128 ] && exit "$status"
  reasons="$reasons
  $folder: ${reason:-it belongs to another user, or is a link}"
done
cat >&2 <<END
talosctl: cannot unpack itself (for $system, on $(uname -sm)):$reasons
hint: name a folder that can be written to and run from in XDG_CACHE_HOME; it takes 120 MB
END
exit 1
