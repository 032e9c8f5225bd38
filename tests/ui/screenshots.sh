#!/usr/bin/env bash
# Writes the README's pictures of the window: the first sitting, made and shown by the program itself.
#
#   usage: tests/ui/screenshots.sh PROGRAM FOLDER
#
#   PROGRAM       a built likeness-studio
#   FOLDER        gets studio-dark.png (the README's resources/screenshot.png) and studio-light.png
set -euo pipefail

program=${1:?PROGRAM is missing}
folder=${2:?FOLDER is missing}
mkdir -p "$folder"
settings=$(mktemp -d)
trap 'rm -rf "$settings"' EXIT
for theme in dark light; do
  XDG_CONFIG_HOME=$settings XDG_DATA_HOME=$settings QT_QPA_PLATFORM=offscreen \
    "$program" --screenshot "$folder/studio-$theme.png" --size 1600x1000 --theme "$theme"
done
