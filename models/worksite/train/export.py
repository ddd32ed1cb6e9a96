"""Writes the averaged weights as ONNX: python export.py OUT/latest.pt MODEL.onnx"""

import copy
import sys
from pathlib import Path

import onnx
import torch
from torch import nn

from network import Detector
from stills import SIZE


class Exported(nn.Module):
    """images [1, 3, 320, 512] in 0..1 -> [1, 4 + classes, cells]: cx, cy, w, h in pixels, then scores in 0..1."""

    def __init__(self, detector: Detector):
        super().__init__()
        self.detector = detector

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        boxes, logits = self.detector(images)
        near, far = boxes[..., :2], boxes[..., 2:]
        return torch.cat([(near + far) / 2, far - near, logits.sigmoid()], -1).transpose(1, 2)


def export_onnx(detector: Detector, target: Path) -> None:
    model = Exported(copy.deepcopy(detector).to(memory_format=torch.contiguous_format)).eval()
    images = torch.zeros(1, 3, SIZE[1], SIZE[0])
    program = torch.onnx.export(
        model, (images,), dynamo=True, opset_version=18, input_names=["images"], output_names=["output"], verbose=False
    )
    program.optimize()
    proto = program.model_proto
    # Names and notes of the exporter tell about the machine it ran on, and take room.
    proto.doc_string = ""
    del proto.metadata_props[:]
    for node in proto.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    for value in [*proto.graph.value_info, *proto.graph.input, *proto.graph.output]:
        del value.metadata_props[:]
    onnx.checker.check_model(proto)
    onnx.save_model(proto, str(target))


if __name__ == "__main__":
    weights = torch.load(sys.argv[1], weights_only=True)
    detector = Detector()
    detector.load_state_dict(weights)
    export_onnx(detector, Path(sys.argv[2]))
