"""Writes image_resize.txt, image_clip.txt, image_view.txt and image_convert.txt: what PIL and transformers make of noise pictures.

Each line names a case and ends with the SHA-256 of the resulting bytes; the pictures themselves are made again by the
test from the same generator, so nothing but the truth is stored. The `raw` lines also hold the bytes, for the eye.

    python tests/golden/make_image_fixtures.py
"""

import hashlib
import pathlib

import numpy
import PIL
import transformers
from PIL import Image, ImageOps
from transformers.image_transforms import convert_to_rgb
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

FOLDER = pathlib.Path(__file__).parent
FILTERS = {
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}
MODES = {1: "L", 3: "RGB", 4: "RGBA"}
SIZES = [  # width, height, new width, new height
    (17, 13, 8, 5), (17, 13, 40, 31), (64, 48, 24, 24), (5, 7, 224, 3), (31, 1, 7, 9), (1, 1, 5, 4),
    (100, 30, 99, 30), (30, 100, 30, 51), (16, 16, 16, 16), (200, 3, 2, 1), (9, 9, 300, 9), (61, 47, 7, 90),
    (60, 60, 50, 39), (60, 60, 50, 40), (60, 60, 50, 41), (300, 500, 224, 373), (30, 200, 20, 170),
]
CLIP_SIZES = [  # width, height, shortest edge, crop
    (224, 224, 224, 224), (300, 200, 224, 224), (200, 301, 224, 224), (17, 250, 224, 224), (640, 480, 224, 224),
    (33, 33, 224, 224), (500, 333, 64, 64), (3, 700, 32, 32), (45, 67, 30, 41), (90, 40, 31, 224), (64, 64, 31, 30),
    (1, 1, 8, 8), (1000, 1, 8, 8), (113, 97, 32, 33), (240, 500, 224, 224), (120, 400, 64, 64), (400, 120, 64, 64),
]


def noise(width, height, channels):
    """The picture of the tests: the top bytes of a linear congruential generator seeded by the size."""
    count = width * height * channels
    state = (width * 73856093 + height * 19349663 + channels * 83492791) % 2**32
    values = numpy.empty(count, dtype=numpy.uint8)
    for i in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        # Half of the values at the ends of the range, so that the filters overshoot.
        values[i] = (state >> 24) if state & 0x10000 else (255 if state & 0x800000 else 0)
    pixels = values.reshape(height, width, channels)
    return Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels, MODES[channels])


def digest(data):
    return hashlib.sha256(data).hexdigest()


def header():
    return f"# Pillow {PIL.__version__}, transformers {transformers.__version__}, make_image_fixtures.py"


def resize_lines():
    for name, resampling in FILTERS.items():
        for channels in MODES:
            for width, height, new_width, new_height in SIZES:
                data = noise(width, height, channels).resize((new_width, new_height), resampling).tobytes()
                yield f"{name} {channels} {width} {height} {new_width} {new_height} {digest(data)}"
    data = noise(6, 5, 3).resize((3, 4), Image.Resampling.BICUBIC).tobytes()
    yield f"raw bicubic 3 6 5 3 4 {data.hex()}"


def clip_lines():
    for channels in MODES:
        for width, height, edge, crop in CLIP_SIZES:
            processor = CLIPImageProcessorPil(
                size={"shortest_edge": edge}, crop_size={"height": crop, "width": crop})
            picture = noise(width, height, channels)  # transparency: transformers 5 lays it onto white
            raw = processor(picture, do_rescale=False, do_normalize=False, return_tensors="np")["pixel_values"][0]
            values = processor(picture, return_tensors="np")["pixel_values"][0]
            assert raw.dtype == numpy.uint8 and values.dtype == numpy.float32
            pixels = numpy.ascontiguousarray(raw.transpose(1, 2, 0)).tobytes()
            planar = numpy.ascontiguousarray(values).astype("<f4").tobytes()
            yield f"{channels} {width} {height} {edge} {crop} {digest(pixels)} {digest(planar)}"


def view_lines():
    """What the encoder sees of a part of a picture, squashed, padded or cropped, with and without a mask."""
    mean = tuple(round(255 * value) for value in CLIPImageProcessorPil().image_mean)
    views = [  # width, height, side, crop in pixels
        (64, 64, 64, None), (90, 40, 32, None), (40, 90, 32, None), (33, 21, 64, None), (12, 200, 24, None),
        (90, 40, 32, (10, 4, 40, 36)), (120, 80, 48, (30, 20, 60, 60)), (50, 50, 20, (0, 0, 1, 1)), (17, 90, 40, (2, 10, 15, 41)),
    ]
    for channels in MODES:
        for width, height, side, box in views:
            picture = noise(width, height, channels)
            white = Image.fromarray(convert_to_rgb(picture, return_numpy=True))
            left, top, wide, high = box or (0, 0, width, height)
            part = white.crop((left, top, left + wide, top + high))
            mask = noise(width, height, 1).crop((left, top, left + wide, top + high))
            cropped = CLIPImageProcessorPil(size={"shortest_edge": side}, crop_size={"height": side, "width": side})
            fits = {
                "crop": lambda image, fill: Image.fromarray(cropped(
                    image.convert("RGB"), do_rescale=False, do_normalize=False, return_tensors="np"
                )["pixel_values"][0].transpose(1, 2, 0)).convert(image.mode),
                "squash": lambda image, fill: image.resize((side, side), Image.Resampling.BICUBIC),
                "pad": lambda image, fill: ImageOps.pad(image, (side, side), Image.Resampling.BICUBIC, color=fill),
            }
            for fit, make in fits.items():
                seen = make(part, mean)
                covered = Image.composite(seen, Image.new("RGB", seen.size, mean), make(mask, 255))
                yield (f"{fit} {channels} {width} {height} {side} {left} {top} {wide} {high} "
                       f"{digest(seen.tobytes())} {digest(covered.tobytes())}")


def convert_lines():
    for channels in MODES:
        picture = noise(53, 31, channels)
        yield f"rgb {channels} {digest(picture.convert('RGB').tobytes())}"
        yield f"grey {channels} {digest(picture.convert('L').tobytes())}"
        yield f"white {channels} {digest(convert_to_rgb(picture, return_numpy=True).tobytes())}"
        red = numpy.asarray(picture.convert("RGB"), dtype=numpy.float32)[:, :, 0] / numpy.float32(255)
        yield f"unit {channels} {digest(numpy.ascontiguousarray(red).astype('<f4').tobytes())}"
    # diffusers' numpy_to_pil: (images * 255).round() of float32, here every 1/1020 from -0.25 on, ties included.
    values = (numpy.arange(1600, dtype=numpy.float32) - 255) / numpy.float32(1020)
    values = numpy.clip(values, 0, 1)
    yield f"round 1600 {digest((values * 255).round().astype(numpy.uint8).tobytes())}"


def write(name, lines):
    (FOLDER / name).write_text("\n".join([header(), *lines]) + "\n")


write("image_resize.txt", resize_lines())
write("image_clip.txt", clip_lines())
write("image_view.txt", view_lines())
write("image_convert.txt", convert_lines())
