# Configuring and building a preset of CMakePresets.json.
# shellcheck shell=bash disable=SC2034,SC2154

# As many compilers as there are cores, but no more than memory holds (1.5 GB each over ATen's headers).
jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable/ { printf "%d", $2 / 1500000 }' /proc/meminfo)
  if ((memory < 1)); then memory=1; fi
  echo $((cores < memory ? cores : memory))
}

# configure PRESET [OPTION...]: when it was not yet, or for another libtorch. Ninja sees to changed lists by itself.
configure() {
  local preset=$1 torch
  shift
  local folder=$project/build/$preset
  if [[ -e $folder/build.ninja && $# == 0 ]]; then
    torch=$(sed -n 's/^LIKENESS_TORCH:PATH=//p' "$folder/CMakeCache.txt")
    if [[ $torch == "${LIKENESS_TORCH:-}" ]]; then return; fi
  fi
  if [[ ${CI:-} == true ]]; then set -- -DLIKENESS_WERROR=ON "$@"; fi
  say "configuring $preset"
  (cd "$project" && cmake --preset "$preset" "-DLIKENESS_TORCH=${LIKENESS_TORCH:-}" "$@" >"$(configure_log "$preset")" 2>&1) ||
    { tail -n 30 "$(configure_log "$preset")" >&2; die "CMake failed; all it said is in $(configure_log "$preset")"; }
}

configure_log() {
  mkdir -p "$project/build/$1"
  echo "$project/build/$1/configure.log"
}

# build PRESET [TARGET...]
build() {
  local preset=$1
  shift
  CCACHE_DIR=${CCACHE_DIR:-$cache/ccache} CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-2G} \
    ninja -C "$project/build/$preset" -j "$(jobs)" "$@"
}
