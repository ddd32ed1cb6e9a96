"""Outputs of imaginary detectors and what they mean, by numpy and OpenCV: python make-reference.py > reference.json"""

import json

import cv2
import numpy as np

CLASSES = 3
CONFIDENCE = 0.3
IOU = 0.45
random = np.random.default_rng(20261121)


def places(count):
    """cx, cy, w, h in a 64x48 input, in clumps, so that suppression has something to do."""
    clumps = random.uniform([16, 12], [48, 36], (4, 2))
    centres = clumps[np.arange(count) % 4] + random.normal(0, 1.5, (count, 2))
    return np.hstack([centres, random.uniform([10, 8], [18, 14], (count, 2))]).astype(np.float32)


def suppressed(boxes, scores):
    """Best class of each row, then OpenCV's suppression in each class; [x1, y1, x2, y2, score, class], best first."""
    best, classes = scores.max(1), scores.argmax(1)
    corners = np.hstack([boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2])
    rects = np.hstack([corners[:, :2], boxes[:, 2:]]).astype(float)
    kept = cv2.dnn.NMSBoxesBatched(rects.tolist(), best.tolist(), classes.tolist(), CONFIDENCE, IOU)
    rows = [[*corners[i].tolist(), float(best[i]), int(classes[i])] for i in kept]
    return sorted(rows, key=lambda row: -row[4])


def softmax(logits):
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def detr(boxes, scores, queries, classes):
    rows = []
    for score, query, index in zip(scores, queries, classes):
        if score < CONFIDENCE:
            continue
        (cx, cy, w, h) = boxes[query] * [64, 48, 64, 48]
        rows.append([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2, float(score), int(index)])
    return sorted(rows, key=lambda row: -row[4])


def tensor(values):
    return {"shape": list(values.shape), "data": [round(float(v), 4) for v in values.ravel()]}


def rounded(values):
    return np.round(values.astype(float), 4)


boxes, scores = rounded(places(24)), rounded(random.uniform(0, 1, (24, CLASSES)))
objectness = rounded(random.uniform(0.4, 1, (24, 1)))
logits = rounded(random.normal(0, 2, (10, CLASSES)))
no_object = rounded(random.normal(1, 2, (10, 1)))
fractions = rounded(places(10) / [64, 48, 64, 48])

with_none = np.hstack([logits, no_object])
probabilities = softmax(with_none)[:, :-1]
pairs = 1 / (1 + np.exp(-logits))
top = np.argsort(-pairs.ravel(), kind="stable")[:10]

reference = {
    "yolo-v5": {
        "tensors": {"output": tensor(np.hstack([boxes, objectness, scores])[None])},
        "expected": suppressed(boxes, scores * objectness),
    },
    "yolo-v8": {
        "tensors": {"output": tensor(np.hstack([boxes, scores]).T[None])},
        "expected": suppressed(boxes, scores),
    },
    "detr softmax": {
        "tensors": {"logits": tensor(with_none[None]), "pred_boxes": tensor(fractions[None])},
        "expected": detr(fractions, probabilities.max(1), range(10), probabilities.argmax(1)),
    },
    "detr sigmoid": {
        "tensors": {"logits": tensor(logits[None]), "pred_boxes": tensor(fractions[None])},
        "expected": detr(fractions, pairs.ravel()[top], top // CLASSES, top % CLASSES),
    },
}
print("{")
for at, (name, case) in enumerate(reference.items()):
    case["expected"] = [[round(float(v), 4) for v in row] for row in case["expected"]]
    print(f'{json.dumps(name)}: {json.dumps(case)}{"," if at < len(reference) - 1 else ""}')
print("}")
