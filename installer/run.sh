#!/usr/bin/env bash
# Sets up what Likeness needs, builds it and opens the studio. The second time it only opens the studio.
#
#   usage: installer/run.sh [--headless] [--cuda] [--build-only] [-- ARGUMENTS...]
#
#   --headless    make the sample ladder with the command line, as where there is no display
#   --cuda        libtorch with CUDA, as where there is an NVIDIA driver
#   --build-only  set up and build, open nothing
#   ARGUMENTS     go to the program: likeness-studio, or `likeness` with --headless or without a display
#
# Debian packages come with apt-get (sudo where you are not root); libtorch and CLIP's vocabulary go to
# ~/.cache/likeness, or where LIKENESS_CACHE says. LIKENESS_TORCH names a libtorch 2.x of your own.
set -euo pipefail

source "${BASH_SOURCE[0]%/*}/steps/cache.sh"
source "$project/installer/steps/packages.sh"
source "$project/installer/steps/downloads.sh"
source "$project/installer/steps/build.sh"

headless=0 build_only=0 kind=cpu
if [[ -z ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]; then headless=1; fi
if has_nvidia_driver; then kind=cuda; fi
while [[ $# -gt 0 ]]; do
  case $1 in
    --headless) headless=1 ;;
    --cuda) kind=cuda ;;
    --build-only) build_only=1 ;;
    -h | --help) usage; exit ;;
    --) shift; break ;;
    *) die "no such option: $1 (arguments of the program come after --)" ;;
  esac
  shift
done

set_up() {
  install_packages "to build and run the studio" "${packages_to_build[@]}"
  fetch_libtorch "$kind"
  fetch_vocabulary
  configure release
  build release likeness likeness-studio
}

set_up >&2 # standard output belongs to the program
if [[ $build_only == 1 ]]; then say "built: $project/build/release/app"; exit; fi

readonly programs=$project/build/release/app
if [[ $headless == 0 ]]; then exec "$programs/likeness-studio" "$@"; fi
if [[ $# -gt 0 ]]; then exec "$programs/likeness" "$@"; fi

pictures=$project/build/ladder
if [[ -d $HOME/Pictures ]]; then pictures=$HOME/Pictures/Likeness; fi
mkdir -p "$pictures"
say "no display: the sample ladder instead of the window"
"$programs/likeness" ladder --prompt "a photo of a lamp in the snow" --seed 7 \
  --reference "$project/resources/starter/samples/lamp/0.png" \
  --out "$pictures/strength-{strength}.png" --sheet "$pictures/ladder.png" --force
say "the pictures lie in $pictures; ladder.png shows them side by side"
