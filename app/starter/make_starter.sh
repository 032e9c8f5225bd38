#!/usr/bin/env bash
# Makes the starter model: renders, trains, exports, measures. The committed one is two runs on an H200, the second
# going on from the first (its adapters then learned on by themselves: resources/starter/MODEL_CARD.md):
#
#   make_starter.sh build/release run2 first cuda
#   make_starter.sh build/release run3 second cuda app/starter/profiles/v3.json first
#
#   usage: app/starter/make_starter.sh BUILD RUN MODEL [DEVICE] [PROFILE [START]]
#
#   BUILD     folder of a build that has likeness-starter
#   RUN       checkpoints, rendered pictures (19 GB with profile v2, 24 GB with v3) and logs; the same command goes on there
#   MODEL     the finished folder, in Stable Diffusion's layout; the judging networks go to RUN/export
#   DEVICE    cuda or cpu (default cuda, nine minutes on an H200, 14 with v3; cpu: days)
#   PROFILE   sizes, rates and minutes of each stage (default app/starter/profiles/v2.json beside this script)
#   START     a finished model of the same sizes to go on from; its encoding half stays, so its latents do (default: from nothing)
set -euo pipefail
[[ $# -ge 3 ]] || { sed -n '2,18s/^# \{0,1\}//p' "$0"; exit 2; }
starter=$1/app/starter/likeness-starter run=$2 model=$3 device=${4:-cuda}
profile=${5:-$(dirname "$0")/profiles/v2.json}
start=${6:-} threads=$(nproc)
mkdir -p "$run"
first_stages=tokenizer,vae,attributes,identity seed=1
if [[ -n $start ]]; then # with pictures that it has not seen
  first_stages=decoder,attributes,identity seed=3
  "$starter" import --folder "$start" --out "$run" --profile "$profile"
fi

# What the judging networks learn from shares nothing with what the model learns from. Both are rendered while the
# first stages train: these take in what is there.
judged=60000
(
  nice -n 15 "$starter" render --data "$run/judged" --out "$run/render_judged" --profile "$profile" --seed 9 \
    --threads "$threads" --count $judged
  nice -n 15 "$starter" render --data "$run/pictures" --out "$run/render" --profile "$profile" --seed "$seed" \
    --threads "$threads"
) >"$run/render.log" &
rendering=$!
trap 'kill $rendering 2>/dev/null || true' EXIT
for set in judged pictures; do
  until [[ -s $run/$set/set.json ]]; do
    kill -0 $rendering 2>/dev/null || { echo "rendering failed: $run/render.log" >&2; exit 1; }
    sleep 1
  done
  if [[ $set == judged ]]; then stages=$first_stages; else stages=encoders,latents,unet,ip,plus; fi
  "$starter" $stages --data "$run/$set" --out "$run" --profile "$profile" --device "$device" --threads "$threads" |
    tee -a "$run/train.log"
done

"$starter" export --out "$run" --folder "$model"
"$starter" samples --out "$run" --folder "$model"
"$starter" bench --suite full --out "$run" --folder "$model" --evaluators "$run/export" --device cpu --threads "$threads"
