"""Numbers of numpy, scikit-image, OpenCV and RapidFuzz that the features of clip-qc are checked against.

    python -m pip install numpy==2.4.6 scikit-image==0.26.0 opencv-python-headless rapidfuzz
    python test/workloads/clip-qc/testdata/reference.py > test/workloads/clip-qc/testdata/reference.json

The pictures are drawn by the same integer formula in test/workloads/clip-qc/pictures.ts.
"""

import json

import cv2
import numpy as np
from rapidfuzz.distance import Levenshtein
from skimage.metrics import structural_similarity


def rgb(index, width, height, change=0):
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    planes = []
    for channel in range(3):
        slope = x * (3 + index % 5) + y * (5 + channel) + index * 29
        texture = (x * 31 + y * 17 + channel * 7 + index * 11) * 40503 % 65536 // 2048
        value = (slope // 3 + texture) % 256
        moved = (x * 13 + y * 7 + channel + change * 3) * 30011 % 65536 // 256
        planes.append((value * (16 - change) + moved * change) // 16)
    return np.stack(planes, axis=-1).astype(np.uint8)


def grey(picture):
    r, g, b = (picture[..., channel].astype(np.int64) for channel in range(3))
    return ((r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16).astype(np.uint8)


def similarity(a, b):
    return structural_similarity(a, b, data_range=255)


def patches(a, b, columns, rows):
    height, width = a.shape
    values = []
    for row in range(rows):
        for column in range(columns):
            part = (
                slice(row * height // rows, (row + 1) * height // rows),
                slice(column * width // columns, (column + 1) * width // columns),
            )
            values.append(similarity(a[part], b[part]))
    return values


def pair(index, width, height, change):
    first, second = rgb(index, width, height), rgb(index, width, height, change)
    a, b = grey(first), grey(second)
    histograms = [np.bincount(each.ravel(), minlength=256).astype(float) for each in (a, b)]
    return {
        "index": index,
        "width": width,
        "height": height,
        "change": change,
        "ssim": similarity(a, b),
        "patches": patches(a, b, 4, 4),
        "mae": float(np.abs(first.astype(float) - second.astype(float)).mean()),
        "histogramCorrelation": float(np.corrcoef(*histograms)[0, 1]),
    }


def small(index, width, height, change):
    """By the definition, with a window of the picture's own size where that is below 7."""
    a = grey(rgb(index, width, height)).astype(float)
    b = grey(rgb(index, width, height, change)).astype(float)
    wide, high = min(7, width), min(7, height)
    windows = [np.lib.stride_tricks.sliding_window_view(each, (high, wide)).reshape(-1, high * wide) for each in (a, b)]
    ma, mb = (each.mean(axis=1) for each in windows)
    va, vb = (each.var(axis=1, ddof=1) for each in windows)
    cov = ((windows[0] - ma[:, None]) * (windows[1] - mb[:, None])).sum(axis=1) / (high * wide - 1)
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    values = ((2 * ma * mb + c1) * (2 * cov + c2)) / ((ma**2 + mb**2 + c1) * (va + vb + c2))
    return {"index": index, "width": width, "height": height, "change": change, "ssim": float(values.mean())}


def resized(index, width, height, to):
    picture = grey(rgb(index, width, height))
    result = cv2.resize(picture, to, interpolation=cv2.INTER_LINEAR)
    return {"index": index, "width": width, "height": height, "to": list(to), "pixels": result.ravel().tolist()}


def edits(a, b):
    return {"from": a, "to": b, "distance": Levenshtein.distance(a, b)}


def statistics(values):
    return {
        "values": values,
        "mean": float(np.mean(values)),
        "max": float(np.max(values)),
        "variance": float(np.var(values)),
        "std": float(np.std(values)),
    }


print(
    json.dumps(
        {
            "pairs": [
                pair(0, 64, 48, 1),
                pair(1, 97, 131, 2),
                pair(2, 160, 90, 4),
                pair(3, 63, 65, 8),
                pair(4, 128, 72, 16),
                pair(5, 160, 90, 0),
            ],
            "smallPictures": [small(0, 6, 5, 2), small(1, 40, 4, 3), small(2, 3, 50, 1), small(3, 2, 1, 4), small(4, 7, 7, 2)],
            "resized": [resized(0, 24, 10, (24, 7)), resized(1, 31, 9, (20, 9)), resized(2, 12, 12, (5, 7))],
            "edits": [
                edits(a, b)
                for a, b in [
                    ("OPEN DAILY", "OPEN DAILY"),
                    ("OPEN DAILY", "0PEN DA1LY"),
                    ("OPEN DAILY", "PEN DAILYS"),
                    ("kitten", "sitting"),
                    ("", "abc"),
                    ("abc", ""),
                    ("SALE 50", "5ALE 05"),
                    ("flaw", "lawn"),
                    ("Zürich", "Zurich"),
                ]
            ],
            "statistics": [statistics(values) for values in ([3.0], [1.0, 2.0, 4.0, 8.0], [0.25, -1.5, 0.25, 3.75, 2.0])],
        },
        indent=1,
    )
)
