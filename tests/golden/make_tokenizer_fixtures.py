"""Writes tokenizer/ and tokenizer_cases.txt: what transformers' CLIPTokenizer makes of thousands of texts.

The vocabulary is learned here, in CLIP's format and small, from the words below. tokenizer/ pads with the end token as
SD 1.5 does, tokenizer/padded/ with "!" as SDXL's second tokenizer does (its vocabulary is the same and lies above).
Each line of the cases is a JSON list: the text, its ids up to the end token, and those of the second kind where they differ.

    python tests/golden/make_tokenizer_fixtures.py
"""

import collections
import json
import pathlib
import random
import shutil
import tempfile
import unicodedata

import regex
from transformers import CLIPTokenizer

FOLDER = pathlib.Path(__file__).parent
VOCAB_SIZE = 1200
MAX_LENGTH = 77
START, END = "<|startoftext|>", "<|endoftext|>"
TEXTS = """a photo of a cat sitting on a red chair in the morning light, highly detailed, 8k
a watercolour painting of a mug with a yellow star on the beach at sunset
an astronaut riding a horse on mars, cinematic lighting, masterpiece, best quality
monochrome, lowres, bad anatomy, worst quality, low quality, blurry, text, watermark
it's what we've seen: they're here, i'm told you'll go, she'd stay, don't
portrait of an old fisherman, oil on canvas, by a window, soft shadows, 35mm film
the quick brown fox jumps over the lazy dog 1234567890 times
ein schönes haus am fluß, größer als früher; café über naïve façade, déjà vu
красная чашка на столе у окна, белый снег, русский лес
赤い 猫 と 青い 犬, 日本語 の 文章, 中文 的 句子, 한국어 문장
مرحبا بالعالم قطة حمراء على الكرسي
a robot, a teapot, a lamp, a shoe, a car, a boat, a tree, a house, a bottle, a bag, a clock, a rocket
striped, dotted, checkered, plain, with a heart, with a moon, with a leaf, orange, green, blue, purple, pink, white, black
in the forest, in the desert, on a table, on the street, in a garden, in space, under water, at night, at noon, in the fog
""".splitlines()
TRICKY = [
    "", " ", "\t\n", "a", "A", "é", "e\u0301", "!", "!!", "! !! !!!", "wow!! nice!", "x!y", "'s", "''s", "!'s", "'S'T don’t", "'re're",
    "'street", "it's", "IT'S", "it 's", "2024", "½²③Ⅷ", "C++20", "<|endoftext|>", "<|startoftext|>", "hello<|endoftext|>world",
    "hello<|ENDOFTEXT|>world", "<|StartOfText|> a", "<|endoftext|>'s", "a <|endoftext|> b <|startoftext|> c", "<|endoftext|",
    "<|endoftext|>\u0338", "!!<|endoftext|>!!", "<|ENDOFTEXT|>!", "<<|startoftext|>>", "|>endoftext<|", "<| startoftext |>",
    "İstanbul", "ΑΣ ΣΑΣ", "ẞ ß ﬀ ŉ ǰ", "ǅ ǈ ᾈ ᾼ", "K Å Ω", "ﷺ", "가각힣", "ᄀ\u1161\u11a8", "\u0344", "क़ \u0958", "שׁ \ufb2a",
    "🙂", "👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🇩🇪", "1️⃣", "a\u0085b", "a\u00a0b", "a\u200bb", "a\u2028b", "a\u1680b", "a\u180eb", "a\ufeffb",
    "a\x00b", "a\x1cb\x1d\x1e\x1f", "a\x7fb", "\u0301a", "a" + "\u0301" * 40, "\ud7ff\ue000\ufffd\uffff\U0010ffff", "\u0130" * 5,
    "a" * 500, "ab" * 300, "!" * 300, "9" * 100, "word " * 300, "cat, " * 300, "a photo of a cat " * 20, "  spaced   out  ",
    "tab\tand\nnewline\r\nand\x0b\x0c", "(masterpiece:1.2), [bad]", "http://example.com/a_b?c=d&e", "semi;colon:dash-under_score",
    "日本語", "Ångström ½", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "𝟘𝟙𝟚", "ℌ ℵ", "a\u0323\u0307 a\u0307\u0323", "\u1e9b\u0323", "ᾷ",
]


def byte_symbols():
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    symbols = {byte: chr(byte) for byte in printable}
    for i, byte in enumerate(b for b in range(256) if b not in symbols):
        symbols[byte] = chr(256 + i)
    return symbols, printable + [b for b in range(256) if b not in printable]


def learn():
    """Byte-pair encoding as CLIP's vocabulary was made: the most frequent pair first."""
    symbols, order = byte_symbols()
    pattern = regex.compile(r"'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+")
    words = collections.Counter()
    for text in TEXTS:
        for word in pattern.findall(unicodedata.normalize("NFC", text).lower()):
            units = [symbols[byte] for byte in word.encode()]
            words[(*units[:-1], units[-1] + "</w>")] += 1
    tokens = [symbols[b] for b in order] + [symbols[b] + "</w>" for b in order]
    merges = []
    while len(tokens) + 2 < VOCAB_SIZE:
        pairs = collections.Counter()
        for word, count in words.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += count
        pairs = {pair: count for pair, count in pairs.items() if "".join(pair) not in tokens}
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        tokens.append("".join(best))
        merged = collections.Counter()
        for word, count in words.items():
            units, i = [], 0
            while i < len(word):
                here = word[i : i + 2] == best
                units.append("".join(best) if here else word[i])
                i += 2 if here else 1
            merged[tuple(units)] += count
        words = merged
    return tokens + [START, END], merges


def write_configs(folder, pad):
    def special(content):
        return {"content": content, "lstrip": False, "normalized": True, "rstrip": False, "single_word": False}

    specials = {"bos_token": special(START), "eos_token": special(END), "pad_token": pad, "unk_token": special(END)}
    (folder / "special_tokens_map.json").write_text(json.dumps(specials, indent=1) + "\n")
    config = {k: {"__type": "AddedToken", **v} if isinstance(v, dict) else v for k, v in specials.items()}
    config |= {"model_max_length": MAX_LENGTH, "tokenizer_class": "CLIPTokenizer", "do_lower_case": True}
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=1) + "\n")


def random_texts(count):
    draw = random.Random(7)
    words = sorted({word for text in TEXTS for word in text.split()})
    # Assigned characters only: what is assigned differs between versions of Unicode.
    ranges = [(0x20, 0x7f), (0xa0, 0x250), (0x300, 0x370), (0x370, 0x530), (0x590, 0x700), (0x900, 0xa00), (0x1e00, 0x2000), (0x2000, 0x2070), (0x2100, 0x2190),
              (0x3040, 0x3100), (0x4e00, 0x4f00), (0xac00, 0xad00), (0xfb00, 0xfb50), (0x1f300, 0x1f650), (0x1d400, 0x1d500), (0, 0x20)]
    pools = [[chr(c) for c in range(*r) if unicodedata.category(chr(c)) != "Cn"] for r in ranges]
    specials = [START, END, END.upper(), "'s", "'LL", "!", "  ", "\n", "é", "1", "\u200d", "\u0301"]
    for _ in range(count):
        parts = []
        for _ in range(draw.randint(1, 12)):
            kind = draw.random()
            if kind < 0.35:
                parts.append(draw.choice(words) + draw.choice(["", " "]))
            elif kind < 0.5:
                parts.append(draw.choice(specials))
            else:
                pool = draw.choice(pools)
                parts.append("".join(draw.choice(pool) for _ in range(draw.randint(1, 4))))
        yield "".join(parts)


def ids_of(tokenizer, text):
    ids = tokenizer(text, truncation=True, max_length=MAX_LENGTH).input_ids
    whole = tokenizer(text).input_ids
    return ids, len(whole) - 2


def main():
    tokens, merges = learn()
    folder = FOLDER / "tokenizer"
    (folder / "padded").mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps({t: i for i, t in enumerate(tokens)}, ensure_ascii=False), "utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges), "utf-8")
    write_configs(folder, END)
    write_configs(folder / "padded", "!")

    plain = CLIPTokenizer.from_pretrained(folder)
    with tempfile.TemporaryDirectory() as whole:
        for name in ("vocab.json", "merges.txt"):
            shutil.copy(folder / name, whole)
        for name in ("tokenizer_config.json", "special_tokens_map.json"):
            shutil.copy(folder / "padded" / name, whole)
        padded = CLIPTokenizer.from_pretrained(whole)
    assert (plain.pad_token_id, padded.pad_token_id) == (len(tokens) - 1, 0)

    with open(FOLDER / "tokenizer_cases.txt", "w", encoding="utf-8") as cases:
        for text in [*TEXTS, *TRICKY, *random_texts(2200)]:
            text = text.encode("utf-8", "replace").decode()
            ids, count = ids_of(plain, text)
            other, other_count = ids_of(padded, text)
            row = [text, ids, count]
            if (other, other_count) != (ids, count):
                row += [other, other_count]
            cases.write(json.dumps(row, separators=(",", ":")) + "\n")


main()
