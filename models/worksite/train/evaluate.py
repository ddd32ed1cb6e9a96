"""Measures an ONNX file with ONNX Runtime and pycocotools: python evaluate.py MODEL.onnx DATA/held-out

Shares no code with Stepreel's own inference, so that one can catch the other's mistakes.
"""

import argparse
import contextlib
import io
import json
import time
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from stills import letterbox

LOWEST_SCORE = 0.001
MOST_CANDIDATES = 300
NMS_IOU = 0.6
MOST_DETECTIONS = 100


def measure(model: Path, folder: Path, threads: int = 1) -> dict:
    """COCO figures for all classes together and for each class, and the model's own milliseconds an image."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(str(folder / "annotations.coco.json"))
    found, seconds = [], 0.0
    for image in truth.dataset["images"]:
        rgb = cv2.imread(str(folder / "images" / image["file_name"]))[..., ::-1]
        picture, scale, left, top = letterbox(rgb, cv2.INTER_LINEAR)
        tensor = picture.transpose(2, 0, 1)[None].astype(np.float32) / 255
        started = time.perf_counter()
        (output,) = session.run(None, {"images": tensor})
        seconds += time.perf_counter() - started
        found += detections(output[0], image, scale, left, top)
    figures = {"all": summarize(truth, found, None)}
    for category in truth.dataset["categories"]:
        figures[category["name"]] = summarize(truth, found, category["id"])
    figures["images"] = len(truth.dataset["images"])
    figures["boxes"] = len(truth.dataset["annotations"])
    figures["milliseconds"] = round(1000 * seconds / figures["images"], 1)
    return figures


def detections(output: np.ndarray, image: dict, scale: float, left: int, top: int) -> list[dict]:
    boxes, scores = output[:4].T, output[4:].T
    found = []
    for category in range(scores.shape[1]):
        likely = scores[:, category] > LOWEST_SCORE
        for index in survivors(boxes[likely], scores[likely, category]):
            cx, cy, w, h = boxes[likely][index]
            x1, y1 = max(0, (cx - w / 2 - left) / scale), max(0, (cy - h / 2 - top) / scale)
            x2, y2 = min(image["width"], (cx + w / 2 - left) / scale), min(image["height"], (cy + h / 2 - top) / scale)
            found.append(
                {
                    "image_id": image["id"],
                    "category_id": category + 1,
                    "bbox": [float(x1), float(y1), float(x2 - x1), float(y2 - y1)],
                    "score": float(scores[likely][index, category]),
                }
            )
    return sorted(found, key=lambda box: -box["score"])[:MOST_DETECTIONS]


def survivors(boxes: np.ndarray, scores: np.ndarray) -> list[int]:
    """Greedy non-maximum suppression of boxes cx cy w h."""
    near, far = boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2
    areas = boxes[:, 2:].prod(1)
    waiting = np.argsort(-scores, kind="stable")[:MOST_CANDIDATES]
    kept = []
    while len(waiting) and len(kept) < MOST_DETECTIONS:
        first, waiting = waiting[0], waiting[1:]
        kept.append(int(first))
        shared = (np.minimum(far[first], far[waiting]) - np.maximum(near[first], near[waiting])).clip(0).prod(1)
        waiting = waiting[shared / (areas[first] + areas[waiting] - shared + 1e-9) <= NMS_IOU]
    return kept


def summarize(truth: COCO, found: list[dict], category: int | None) -> dict:
    if not found:
        return {"mAP50": 0.0, "mAP": 0.0}
    with contextlib.redirect_stdout(io.StringIO()):
        evaluation = COCOeval(truth, truth.loadRes(found), "bbox")
        if category is not None:
            evaluation.params.catIds = [category]
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    names = ("mAP", "mAP50", "mAP75", "AP_small", "AP_medium", "AP_large")
    return {name: round(float(value), 4) for name, value in zip(names, evaluation.stats[:6], strict=True)}


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("model", type=Path)
    arguments.add_argument("data", type=Path)
    arguments.add_argument("--threads", type=int, default=1)
    options = arguments.parse_args()
    print(json.dumps(measure(options.model, options.data, options.threads), indent=2))
