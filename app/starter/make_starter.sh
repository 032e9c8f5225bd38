#!/usr/bin/env bash
# Makes the starter model from nothing: renders, trains, exports, measures.
#
#   usage: app/starter/make_starter.sh BUILD RUN MODEL [DEVICE] [PROFILE]
#
#   BUILD     folder of a build that has likeness-starter
#   RUN       checkpoints, rendered pictures (19 GB with the profile v2) and logs; the same command goes on there
#   MODEL     the finished folder, in Stable Diffusion's layout; the judging networks go to RUN/export
#   DEVICE    cuda or cpu (default cuda, nine minutes on an H200; cpu: days)
#   PROFILE   sizes, rates and minutes of each stage (default app/starter/profiles/v2.json beside this script)
set -euo pipefail
[[ $# -ge 3 ]] || { sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 2; }
starter=$1/app/starter/likeness-starter run=$2 model=$3 device=${4:-cuda}
profile=${5:-$(dirname "$0")/profiles/v2.json}
threads=$(nproc)
mkdir -p "$run"

# What the judging networks learn from shares nothing with what the model learns from. Both are rendered while the
# first stages train: these take in what is there.
judged=60000
(
  nice -n 15 "$starter" render --data "$run/judged" --out "$run/render_judged" --profile "$profile" --seed 9 \
    --threads "$threads" --count $judged
  nice -n 15 "$starter" render --data "$run/pictures" --out "$run/render" --profile "$profile" --seed 1 \
    --threads "$threads"
) >"$run/render.log" &
rendering=$!
trap 'kill $rendering 2>/dev/null || true' EXIT
for set in judged pictures; do
  until [[ -s $run/$set/set.json ]]; do
    kill -0 $rendering 2>/dev/null || { echo "rendering failed: $run/render.log" >&2; exit 1; }
    sleep 1
  done
  if [[ $set == judged ]]; then stages=tokenizer,vae,attributes,identity; else stages=encoders,latents,unet,ip,plus; fi
  "$starter" $stages --data "$run/$set" --out "$run" --profile "$profile" --device "$device" --threads "$threads" |
    tee -a "$run/train.log"
done

"$starter" export --out "$run" --folder "$model"
"$starter" samples --out "$run" --folder "$model"
"$starter" bench --suite full --out "$run" --folder "$model" --evaluators "$run/export" --device cpu --threads "$threads"
