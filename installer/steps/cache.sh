# The project, the cache, and how the commands speak. Sourced first by both commands; sets `project` and `cache`.
# shellcheck shell=bash disable=SC2034

project=$(realpath "${BASH_SOURCE[0]%/*}/../..")
# One folder per person, shared by every checkout; safe to delete, the next run fills it again.
cache=${LIKENESS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/likeness}

say() { printf '==> %s\n' "$*"; }

die() {
  printf 'likeness: %s\n' "$*" >&2
  exit 1
}

usage() { # the comment at the top of the command is its help
  sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"
}

# into_cache NAME COMMAND...: runs COMMAND with an empty folder as its last argument, which becomes
# $cache/NAME only when COMMAND succeeded. Two checkouts that want the same thing take turns.
into_cache() {
  local target=$cache/$1 part failed=0
  shift
  if [[ -e $target ]]; then return; fi
  mkdir -p "$cache"
  exec 9>"$cache/.lock"
  flock 9
  if [[ ! -e $target ]]; then
    rm -rf "$cache"/.part.* # of a run that was killed: whoever holds the lock is alone here
    part=$(mktemp -d "$cache/.part.XXXXXX")
    set +e # not `if (...)`: bash ignores the inner -e there
    (set -e; "$@" "$part")
    failed=$?
    set -e
    if [[ $failed != 0 ]]; then
      rm -rf "$part"
      die "could not make $target; nothing of it was left behind, so run the command again"
    fi
    chmod 755 "$part"
    mv -T "$part" "$target"
  fi
  exec 9>&-
}
