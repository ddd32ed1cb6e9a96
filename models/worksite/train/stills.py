"""Drawn stills in memory, and the ways they are varied while training."""

import json
import queue
import threading
from pathlib import Path

import cv2
import numpy as np

PAD = 114
SIZE = (512, 320)

Picture = tuple[np.ndarray, np.ndarray]


class Stills:
    """All stills of one split, letterboxed to 512x320, with boxes as rows of class, x1, y1, x2, y2."""

    def __init__(self, folder: Path):
        truth = json.loads((folder / "annotations.coco.json").read_text())
        rows: dict[int, list[list[float]]] = {image["id"]: [] for image in truth["images"]}
        for annotation in truth["annotations"]:
            x, y, w, h = annotation["bbox"]
            rows[annotation["image_id"]].append([annotation["category_id"] - 1, x, y, x + w, y + h])
        self.pictures = np.empty((len(truth["images"]), SIZE[1], SIZE[0], 3), np.uint8)
        self.boxes: list[np.ndarray] = []
        for index, image in enumerate(truth["images"]):
            bgr = cv2.imread(str(folder / "images" / image["file_name"]))
            # Users' resizers differ; seeing two of them keeps the model from leaning on one.
            resizer = cv2.INTER_AREA if index % 2 else cv2.INTER_LINEAR
            self.pictures[index], scale, left, top = letterbox(bgr[..., ::-1], resizer)
            boxes = np.array(rows[image["id"]], np.float32).reshape(-1, 5)
            boxes[:, 1:] = boxes[:, 1:] * scale + [left, top, left, top]
            self.boxes.append(boxes)

    def __len__(self) -> int:
        return len(self.boxes)


def letterbox(rgb: np.ndarray, resizer: int) -> tuple[np.ndarray, float, int, int]:
    """The picture scaled to fit 512x320, centred on grey; the scale, and where its top left corner lies."""
    height, width = rgb.shape[:2]
    scale = min(SIZE[0] / width, SIZE[1] / height)
    inner = (round(width * scale), round(height * scale))
    left, top = (SIZE[0] - inner[0]) // 2, (SIZE[1] - inner[1]) // 2
    canvas = np.full((SIZE[1], SIZE[0], 3), PAD, np.uint8)
    canvas[top : top + inner[1], left : left + inner[0]] = cv2.resize(rgb, inner, interpolation=resizer)
    return canvas, scale, left, top


def varied(stills: Stills, size: tuple[int, int], random: np.random.Generator) -> Picture:
    """One still moved, scaled, mirrored and recoloured; one time in three, four of them side by side."""
    picture, boxes = quilted(stills, size, random) if random.random() < 0.33 else moved(stills, size, size, random)
    return recoloured(picture, random), boxes


def moved(stills: Stills, size: tuple[int, int], reference: tuple[int, int], random: np.random.Generator) -> Picture:
    """A still of `reference` size seen through a window of `size`, scaled by 0.7 to 1.5 and mirrored half the time."""
    index = int(random.integers(len(stills)))
    scale = reference[0] / SIZE[0] * float(np.exp(random.uniform(np.log(0.7), np.log(1.5))))
    mirrored = random.random() < 0.5
    room = np.array(size) - np.array(SIZE) * scale
    shift = room * random.uniform(0, 1, 2) + random.uniform(-0.05, 0.05, 2) * size
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]], np.float32)
    if mirrored:
        matrix[0] = [-scale, 0, shift[0] + scale * SIZE[0]]
    picture = cv2.warpAffine(stills.pictures[index], matrix, size, flags=cv2.INTER_LINEAR, borderValue=(PAD, PAD, PAD))
    boxes = stills.boxes[index].copy()
    x = boxes[:, [1, 3]] * matrix[0, 0] + matrix[0, 2]
    boxes[:, [1, 3]] = np.sort(x, axis=1)
    boxes[:, [2, 4]] = boxes[:, [2, 4]] * scale + shift[1]
    return picture, kept_inside(boxes, size)


def quilted(stills: Stills, size: tuple[int, int], random: np.random.Generator) -> Picture:
    split_x, split_y = int(size[0] * random.uniform(0.3, 0.7)), int(size[1] * random.uniform(0.3, 0.7))
    picture = np.empty((size[1], size[0], 3), np.uint8)
    parts = []
    for left, right in ((0, split_x), (split_x, size[0])):
        for top, bottom in ((0, split_y), (split_y, size[1])):
            patch, boxes = moved(stills, (right - left, bottom - top), size, random)
            picture[top:bottom, left:right] = patch
            parts.append(boxes + np.array([0, left, top, left, top], np.float32))
    return picture, np.concatenate(parts)


def kept_inside(boxes: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Boxes cut at the window; those that lost more than 60 % of their area, or are tiny, are dropped."""
    before = (boxes[:, 3] - boxes[:, 1]) * (boxes[:, 4] - boxes[:, 2])
    cut = boxes.copy()
    cut[:, [1, 3]] = cut[:, [1, 3]].clip(0, size[0])
    cut[:, [2, 4]] = cut[:, [2, 4]].clip(0, size[1])
    width, height = cut[:, 3] - cut[:, 1], cut[:, 4] - cut[:, 2]
    return cut[(width * height > 0.4 * before) & (np.maximum(width, height) > 5) & (np.minimum(width, height) > 1.5)]


def recoloured(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    if random.random() < 0.6:
        hsv = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)
        levels = np.arange(256)
        hue = ((levels + random.uniform(-7, 7)) % 180).astype(np.uint8)
        saturation = (levels * random.uniform(0.5, 1.5)).clip(0, 255).astype(np.uint8)
        value = (levels * random.uniform(0.65, 1.35)).clip(0, 255).astype(np.uint8)
        picture = cv2.cvtColor(cv2.LUT(hsv, np.stack([hue, saturation, value], -1)[:, None]), cv2.COLOR_HSV2RGB)
    if random.random() < 0.1:
        picture = cv2.blur(picture, (int(random.integers(1, 5)), int(random.integers(1, 4))))
    return picture


def batches(stills: Stills, count: int, next_size, seed: int):
    """Endless batches of `count`, drawn ahead by one thread; `next_size()` says how large the next one shall be."""
    ready: queue.Queue = queue.Queue(maxsize=4)

    def draw() -> None:
        random = np.random.default_rng(seed)
        while True:
            size = next_size()
            ready.put((size, [varied(stills, size, random) for _ in range(count)]))

    threading.Thread(target=draw, daemon=True).start()
    while True:
        yield ready.get()
