"""Which cell answers for which object (task-aligned assignment, Feng et al. 2021, arXiv 2108.07755), and what a wrong answer costs."""

import torch
from torch.nn import functional

from network import STRIDES, grid_centres

TOP_CELLS = 10
BOX_WEIGHT = 5.0


def detection_loss(
    boxes: torch.Tensor, logits: torch.Tensor, targets: list[torch.Tensor], size: tuple[int, int]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Boxes [B, N, 4] and logits [B, N, C] against one [objects, 5] tensor an image (class, x1, y1, x2, y2)."""
    width, height = size
    centres = torch.cat([grid_centres(height // s, width // s, s) for s in STRIDES])
    strides = torch.cat([torch.full(((height // s) * (width // s),), float(s)) for s in STRIDES])
    wanted = torch.zeros_like(logits)
    box_terms = []
    for image, objects in enumerate(targets):
        if len(objects) == 0:
            continue
        with torch.no_grad():
            cells, owners, quality = assign(boxes[image], logits[image].sigmoid(), objects, centres, strides)
        if len(cells) == 0:
            continue
        wanted[image, cells, objects[owners, 0].long()] = quality
        box_terms.append((1 - complete_iou(boxes[image, cells], objects[owners, 1:])) * quality)
    total = wanted.sum().clamp(min=1)
    scores = functional.binary_cross_entropy_with_logits(logits, wanted, reduction="sum") / total
    regression = torch.cat(box_terms).sum() / total if box_terms else boxes.sum() * 0
    return scores, BOX_WEIGHT * regression


def assign(
    boxes: torch.Tensor, scores: torch.Tensor, objects: torch.Tensor, centres: torch.Tensor, strides: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Cells that answer for an object, whose they are, and how good an answer is wanted from each (0..1)."""
    labels, truth = objects[:, 0].long(), objects[:, 1:]
    middle = (truth[:, :2] + truth[:, 2:]) / 2
    half = (truth[:, 2:] - truth[:, :2]) / 2
    # A small object may hold no cell's centre: cells within one stride of its middle may answer too.
    reach = torch.maximum(half[:, None], strides[None, :, None])
    near = ((centres[None] - middle[:, None]).abs() < reach).all(-1)

    overlap = pairwise_iou(truth, boxes)
    alignment = (scores[:, labels].T.sqrt() * overlap**6 + 1e-9) * near
    best, chosen = alignment.topk(TOP_CELLS, dim=1)
    positive = torch.zeros_like(near).scatter_(1, chosen, best > 0)
    # A cell chosen by several objects answers for the one it overlaps most.
    contested = overlap.masked_fill(~positive, -1)
    owner = contested.argmax(0)
    cells = positive.any(0).nonzero()[:, 0]
    owners = owner[cells]

    mine = torch.zeros_like(positive)
    mine[owners, cells] = True
    aligned = alignment * mine
    highest_alignment = aligned.amax(1, keepdim=True)
    highest_overlap = (overlap * mine).amax(1, keepdim=True)
    quality = aligned / (highest_alignment + 1e-12) * highest_overlap
    return cells, owners, quality[owners, cells]


def pairwise_iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    shared = (torch.minimum(a[:, None, 2:], b[None, :, 2:]) - torch.maximum(a[:, None, :2], b[None, :, :2])).clamp(min=0).prod(-1)
    areas = (a[:, 2:] - a[:, :2]).prod(-1)[:, None] + (b[:, 2:] - b[:, :2]).prod(-1)[None]
    return shared / (areas - shared + 1e-7)


def complete_iou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """CIoU of Zheng et al. 2020 (arXiv 1911.08287): overlap, distance of the middles, difference of the shapes."""
    size_a, size_b = a[:, 2:] - a[:, :2], b[:, 2:] - b[:, :2]
    shared = (torch.minimum(a[:, 2:], b[:, 2:]) - torch.maximum(a[:, :2], b[:, :2])).clamp(min=0).prod(-1)
    iou = shared / (size_a.prod(-1) + size_b.prod(-1) - shared + 1e-7)
    hull = torch.maximum(a[:, 2:], b[:, 2:]) - torch.minimum(a[:, :2], b[:, :2])
    distance = ((a[:, :2] + a[:, 2:] - b[:, :2] - b[:, 2:]) ** 2).sum(-1) / 4
    turn = torch.atan(size_b[:, 0] / (size_b[:, 1] + 1e-7)) - torch.atan(size_a[:, 0] / (size_a[:, 1] + 1e-7))
    shape = 4 / torch.pi**2 * turn**2
    with torch.no_grad():
        weight = shape / (1 - iou + shape + 1e-7)
    return iou - distance / (hull.pow(2).sum(-1) + 1e-7) - weight * shape
