"""Writes reference.json: hashes by imagehash and sharpness by OpenCV for a thousand drawn grey pictures.

    python test/media/testdata/reference.py > test/media/testdata/reference.json

Needs numpy, pillow, imagehash and opencv-python-headless. The pictures are drawn again, pixel for pixel, by
test/helpers/media-drawing.ts; both use 32-bit integers only.
"""

import json
import sys

import cv2
import imagehash
import numpy
import PIL
from PIL import Image

COUNT = 1000
SIZES = [(64, 48), (160, 90), (97, 131), (320, 180), (33, 32), (31, 200), (480, 270), (255, 256)]


def numbers(seed):
    """xorshift32"""
    state = (seed * 2654435761 + 1) & 0xFFFFFFFF or 1
    while True:
        state ^= (state << 13) & 0xFFFFFFFF
        state ^= state >> 17
        state ^= (state << 5) & 0xFFFFFFFF
        yield state


def draw(index):
    width, height = SIZES[index % len(SIZES)]
    random = numbers(index + 1)
    below = lambda end: next(random) % end
    y, x = numpy.mgrid[0:height, 0:width].astype(numpy.int64)
    grey = (below(256) + x * (below(512) - 256) // width + y * (below(512) - 256) // height) & 255
    for _ in range(below(8)):
        left, top = below(width), below(height)
        right, bottom = left + 1 + below(width), top + 1 + below(height)
        value = below(256)
        grey[top:bottom, left:right] = value
    for _ in range(below(8)):
        centre_x, centre_y, radius, value = below(width), below(height), 1 + below(width), below(256)
        grey[(x - centre_x) ** 2 + (y - centre_y) ** 2 < (radius * radius >> 3)] = value
    amplitude = below(4) * 16
    if amplitude:
        mixed = ((x * 73856093) ^ (y * 19349663) ^ (index * 83492791)) & 0xFFFFFFFF
        mixed = (mixed * 2654435761) & 0xFFFFFFFF
        grey = numpy.clip(grey + (mixed >> 8) % (2 * amplitude + 1) - amplitude, 0, 255)
    return grey.astype(numpy.uint8)


pictures = [draw(index) for index in range(COUNT)]
json.dump(
    {
        "imagehash": imagehash.__version__,
        "pillow": PIL.__version__,
        "opencv": cv2.__version__,
        "hashes": [str(imagehash.phash(Image.fromarray(grey))) for grey in pictures],
        "sharpness": [float(f"{cv2.Laplacian(grey, cv2.CV_64F).var():.12g}") for grey in pictures],
    },
    sys.stdout,
    indent=1,
)
