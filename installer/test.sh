#!/usr/bin/env bash
# Sets up what the tests need, builds every configuration that must build, and runs all tests.
#
#   usage: installer/test.sh [--oracle] [-- CTEST ARGUMENTS...]
#
#   --oracle      also compare with diffusers, live, on random weights (5 GB more in the cache, once)
#   ARGUMENTS     go to ctest, e.g. -- -R scheduler
#
# LIKENESS_TORCH names a libtorch 2.x of your own, LIKENESS_ORACLE_PYTHON a Python that has diffusers.
set -euo pipefail

source "${BASH_SOURCE[0]%/*}/steps/cache.sh"
source "$project/installer/steps/packages.sh"
source "$project/installer/steps/downloads.sh"
source "$project/installer/steps/build.sh"

oracle=0
while [[ $# -gt 0 ]]; do
  case $1 in
    --oracle) oracle=1 ;;
    -h | --help) usage; exit ;;
    --) shift; break ;;
    *) die "no such option: $1 (arguments of ctest come after --)" ;;
  esac
  shift
done

install_packages "to build and test" "${packages_to_build[@]}" "${packages_to_test[@]}"
fetch_libtorch cpu
fetch_vocabulary
with_oracle=()
if [[ $oracle == 1 ]]; then
  fetch_oracle
  with_oracle=("-DLIKENESS_ORACLE_PYTHON=$LIKENESS_ORACLE_PYTHON")
fi

# The first two hold the arrows between the folders: one has no Qt Gui and Widgets, the other no libtorch.
# Their objects serve the third through ccache.
for preset in headless ui-only; do
  configure "$preset"
  build "$preset"
done
configure ci "${with_oracle[@]}"
build ci
cd "$project"
ctest --preset ci --output-junit "$project/build/ci/tests.xml" "$@"
