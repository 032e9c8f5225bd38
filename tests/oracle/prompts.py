"""Prompts with weights, and what they mean, written down apart from the program's reading of them.

`draw(rng)` makes a marked text together with its (words, weight) list, so that no parser is needed here; `embeds(pipe, ...)`
encodes such a list: pieces of 75 tokens, each token's embedding times its weight, each piece scaled to its mean before.
"""
import torch

BREAK = ("BREAK", None)
WORDS = ["a red mug", "glass", "on the table", "blue bottle", "at night, in the snow", "stone", "small lamp", "star, round"]


def draw(rng, depth=0):
    """(text with marks, [(words, weight) or BREAK])."""
    text, segments = [], []
    for _ in range(rng.randrange(2, 6) if depth == 0 else rng.randrange(1, 3)):
        kind = rng.choice(["plain", "plain", "round", "square", "number", "escape"] + ["break", "long"] * (depth == 0))
        if kind == "plain" or depth == 3:
            words = rng.choice(WORDS)
            text.append(words)
            segments.append((words, 1.0))
        elif kind == "escape":
            text.append(r"\(so\) \[on\]")
            segments.append(("(so) [on]", 1.0))
        elif kind == "break":
            text.append("BREAK")
            segments.append(BREAK)
        elif kind == "long":
            words = ", ".join(rng.choice(WORDS) for _ in range(rng.choice([12, 25, 60])))
            text.append(words)
            segments.append((words, 1.0))
        else:
            inner, parts = draw(rng, depth + 1)
            weight = rng.choice([0.5, 0.8, 1.3, 1.25])
            mark, factor = dict(round=("({})", 1.1), square=("[{}]", 1 / 1.1), number=("({}:%g)" % weight, weight))[kind]
            text.append(mark.format(inner))
            segments += [(words, w * factor) for words, w in parts]
    return " ".join(text), segments


def merged(segments):
    """Neighbours of one weight are one text: a comma or a quote at the seam is tokenised with what stands beside it."""
    out = []
    for words, weight in segments:
        if out and weight is not None and out[-1][1] is not None and abs(out[-1][1] - weight) < 1e-9:
            out[-1] = (out[-1][0] + " " + words, weight)
        else:
            out.append((words, weight))
    return out


def pieces(tokenizer, segments, room=75, carried=20):
    """[(ids, weights)] of 77 each."""
    comma = tokenizer(",", add_special_tokens=False).input_ids[0]
    found, now = [], []

    def close(tokens):
        ids = [tokenizer.bos_token_id, *(t for t, _ in tokens), tokenizer.eos_token_id]
        weights = [1.0, *(w for _, w in tokens), 1.0]
        missing = room + 2 - len(ids)
        found.append((ids + [tokenizer.pad_token_id] * missing, weights + [1.0] * missing))

    for words, weight in merged(segments):
        if weight is None:
            close(now)
            now = []
            continue
        for token in tokenizer(words, add_special_tokens=False, truncation=False).input_ids:
            if len(now) == room:
                commas = [i for i, (t, _) in enumerate(now) if t == comma]
                cut = room
                if token != comma and commas and room - commas[-1] <= carried:
                    cut = commas[-1] + 1
                close(now[:cut])
                now = now[cut:]
            now.append((token, weight))
    if now or not found:
        close(now)
    return found


def run_tower(encoder, tokenizer, found, count, sdxl, clip_skip):
    found = found + [pieces(tokenizer, [])[0]] * (count - len(found))
    embeds, pooled = [], None
    for ids, weights in found:
        out = encoder(torch.tensor([ids]), output_hidden_states=True)
        if sdxl:
            state = out.hidden_states[-(clip_skip + 2)]
        elif clip_skip:
            state = encoder.text_model.final_layer_norm(out.hidden_states[-(clip_skip + 1)])
        else:
            state = out.last_hidden_state
        pooled = out[0] if pooled is None else pooled
        scaled = state * torch.tensor(weights)[None, :, None]
        ratio = (state.double().mean() / scaled.double().mean()).item()
        embeds.append(scaled * (ratio if 0.25 <= ratio <= 4 else 1.0))
    return torch.cat(embeds, 1), pooled, torch.tensor([i for ids, _ in found for i in ids])


def embeds(pipe, family, positive, negative, positive_2=None, negative_2=None, clip_skip=0, zero_negative=False):
    """`prompt_embeds`, `negative_prompt_embeds`, pooled ones and ids. positive, negative: lists of segments."""
    towers = [(pipe.text_encoder, pipe.tokenizer, positive, negative)]
    if family == "refiner":
        towers = [(pipe.text_encoder_2, pipe.tokenizer_2, positive, negative)]
    if family == "sdxl":
        towers.append((pipe.text_encoder_2, pipe.tokenizer_2, positive_2 or positive, negative_2 or negative))
    cut = [(encoder, tokenizer, pieces(tokenizer, p), pieces(tokenizer, n)) for encoder, tokenizer, p, n in towers]
    count = max(len(x) for _, _, p, n in cut for x in (p, n))
    out, sdxl = {}, family in ("sdxl", "refiner")
    for name, which, skip in (("", 2, clip_skip), ("negative_", 3, 0)):
        runs = [run_tower(tower[0], tower[1], tower[which], count, sdxl, skip) for tower in cut]
        out[f"{name}prompt_embeds"] = torch.cat([r[0] for r in runs], -1)
        out[f"{name}input_ids"] = runs[0][2]
        if sdxl:
            out[f"{name}pooled_prompt_embeds"] = runs[-1][1]
    if zero_negative:
        for name in ("negative_prompt_embeds", "negative_pooled_prompt_embeds"):
            out[name] = torch.zeros_like(out[name])
    return out
