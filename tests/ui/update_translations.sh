#!/usr/bin/env bash
# Brings resources/translations/likeness_de.ts up to what the sources say; new texts come in as "unfinished".
#
#   usage: tests/ui/update_translations.sh [FILE.ts]
#
# The words we use: reference Referenz, strength Stärke, master strength Gesamtstärke, steps Schritte, guidance Führung,
# seed Startwert, scheduler Scheduler, denoising Entrauschen, preset Vorlage, combine Mischung, mask Maske, role Rolle,
# ladder Reihe, rung Stufe, sheet Bogen, wipe Trennlinie, blink Wechsel, branch abzweigen, queue Warteschlange,
# library Bibliothek, trash Papierkorb, sitting Sitzung, set Satz, settings Einstellungen, preferences Voreinstellungen,
# to make erstellen, Generate Generieren. Nobody is addressed; keys are Strg, Umschalt, Entf. The field's own word that
# begins a tooltip ("guidance_scale: ...") stays as it is.
set -euo pipefail

cd "$(dirname "$0")/../.."
file=${1:-resources/translations/likeness_de.ts}
lupdate=$(PATH=/usr/lib/qt6/bin:$PATH command -v lupdate) || { echo "lupdate is missing (Debian: qt6-l10n-tools)" >&2; exit 3; }
# What core says stands in message("...") and words("..."): in a form that lupdate reads, all in the context "core".
messages=$(mktemp --suffix=.cpp)
trap 'rm -f "$messages"' EXIT
find core ui -name '*.cpp' -print0 | LC_ALL=C sort -z |
    xargs -0 grep -hzoP '\b(message|words)\(\s*\K("([^"\\]|\\.)*"\s*)+(?=[,)])' |
    while IFS= read -r -d '' words; do echo "QT_TRANSLATE_NOOP(\"core\", $words);"; done >"$messages"
# Without line numbers, so that two branches merge; the include path is how lupdate finds the classes.
"$lupdate" -locations none -no-obsolete -source-language en_GB -target-language de_DE -I . app ui "$messages" -ts "$file"
