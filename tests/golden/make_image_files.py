"""Writes tests/data/images: small pictures of every kind, and truth.txt with what PIL makes of each.

A line of truth.txt: file, width, height, channels, bits a value, ICC profile kept (0 or 1), tolerance (levels), and the
upright pixels as hex, 8 bits a value. Files that must be refused are made by the test itself.

    python tests/golden/make_image_files.py
"""

import pathlib

import numpy
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

FOLDER = pathlib.Path(__file__).parent.parent / "data" / "images"
WIDTH, HEIGHT = 11, 7


def ramp(channels):
    """A smooth picture whose corners all differ."""
    y, x = numpy.mgrid[0:HEIGHT, 0:WIDTH]
    planes = [20 + x * 21, 240 - y * 30, 10 + x * 10 + y * 18, 255 - x * 20 - y * 5]
    pixels = numpy.stack(planes[:channels], axis=-1).astype(numpy.uint8)
    return Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels, {1: "L", 3: "RGB", 4: "RGBA"}[channels])


lines = []


def keep(name, picture, bits=8, icc=0, tolerance=0, expected=None, **options):
    picture.save(FOLDER / name, **options)
    truth(name, bits, icc, tolerance, expected)


def truth(name, bits=8, icc=0, tolerance=0, expected=None):
    if expected is None:
        shown = ImageOps.exif_transpose(Image.open(FOLDER / name))
        has_alpha = shown.mode in ("RGBA", "LA", "PA") or "transparency" in shown.info
        grey = shown.mode in ("L", "1")
        expected = shown.convert("RGBA" if has_alpha else "L" if grey else "RGB")
    pixels = numpy.asarray(expected)
    channels = pixels.shape[2] if pixels.ndim == 3 else 1
    lines.append(f"{name} {pixels.shape[1]} {pixels.shape[0]} {channels} {bits} {icc} {tolerance} {pixels.tobytes().hex()}")


FOLDER.mkdir(parents=True, exist_ok=True)
srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
srgb = srgb[:24] + bytes(12) + srgb[36:]  # without the time of day
rgb, rgba, grey = ramp(3), ramp(4), ramp(1)

keep("rgb.png", rgb)
keep("rgba.png", rgba)
keep("grey.png", grey)
keep("grey_alpha.png", rgba.convert("LA"))
keep("one_bit.png", grey.convert("1"))
keep("palette.png", rgb.quantize(16))
keep("palette_alpha.png", rgba.quantize(16))
keep("profile.png", rgb, icc=1, icc_profile=srgb)
keep("interlaced_like.png", rgb, optimize=True)
wide = numpy.asarray(grey).astype(numpy.uint16) * 257
keep("grey16.png", Image.fromarray(wide), bits=16, expected=grey)
text = PngImagePlugin.PngInfo()
text.add_text("parameters", "a cat\nSteps: 20, Seed: 1")
text.add_itxt("likeness", '{"prompt": "Grüße"}', zip=True)
keep("text_compressed.png", rgb, pnginfo=text)
text = PngImagePlugin.PngInfo()
text.add_text("likeness", '{"prompt": "zipped"}', zip=True)
keep("text_zipped.png", rgb, pnginfo=text)

keep("rgb.jpg", rgb, quality=95, subsampling=0, tolerance=1)
keep("grey.jpg", grey, quality=95, tolerance=1)
keep("progressive.jpg", rgb, quality=95, subsampling=0, progressive=True, icc_profile=srgb, icc=1, tolerance=1)
keep("cmyk.jpg", rgb.convert("CMYK"), quality=100, tolerance=4, expected=rgb)
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    keep(f"orientation_{orientation}.jpg", rgb, quality=95, subsampling=0, exif=exif.tobytes(), tolerance=1)
exif[0x0112] = 77
keep("orientation_wrong.jpg", rgb, quality=95, subsampling=0, exif=exif.tobytes(), tolerance=1)
exif[0x0112] = 6
keep("orientation_6.tif", rgb, exif=exif)

keep("lossless.webp", rgb, lossless=True)
# OpenImageIO multiplies by the alpha (25 and more here) in 8 bits, so up to 255 / 25 / 2 levels are lost.
keep("lossless_alpha.webp", rgba, lossless=True, exact=True, tolerance=6)
keep("lossy.webp", rgb, quality=90, tolerance=4)
keep("profile.webp", rgb, lossless=True, icc_profile=srgb, icc=1)

keep("rgb.bmp", rgb)
keep("palette.bmp", rgb.quantize(16))
keep("animated.gif", rgb.quantize(16), save_all=True, append_images=[grey.quantize(4)], loop=0,
     expected=rgb.quantize(16).convert("RGB"))
keep("rgb.tif", rgb, compression="tiff_lzw")
keep("rgba.tif", rgba, compression="tiff_adobe_deflate")
keep("grey.tif", grey)
keep("cmyk.tif", rgb.convert("CMYK"), tolerance=1, expected=rgb)
keep("float.tif", Image.fromarray(numpy.asarray(grey).astype(numpy.float32) / 255), bits=32, expected=grey)
keep("grey16.tif", Image.fromarray(wide), bits=16, expected=grey)

(FOLDER / "truth.txt").write_text("\n".join(lines) + "\n")
