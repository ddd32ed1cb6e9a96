"""Writes the model as ONNX: python export.py OUT/latest.pt MODEL.onnx"""

import argparse
from pathlib import Path

import onnx
import torch

from network import RATE, Letters
from batches import vocabulary


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("weights", type=Path)
    arguments.add_argument("model", type=Path)
    options = arguments.parse_args()
    model = Letters(len(vocabulary())).eval()
    model.load_state_dict(torch.load(options.weights, weights_only=True))
    batch, samples = torch.export.Dim("batch", min=1, max=64), torch.export.Dim("samples", min=RATE // 10, max=RATE * 3600)
    program = torch.onnx.export(
        model,
        (torch.zeros(2, RATE),),
        input_names=["samples"],
        output_names=["logits"],
        dynamic_shapes={"samples": {0: batch, 1: samples}},
        opset_version=18,
        dynamo=True,
    )
    program.optimize()
    program.save(options.model)
    exported = onnx.load(options.model)
    _forget_sources(exported.graph)
    onnx.checker.check_model(exported)
    onnx.save(exported, options.model)
    print(f"{options.model}: {options.model.stat().st_size / 1e6:.2f} MB")


def _forget_sources(graph: onnx.GraphProto) -> None:
    """Takes out where in whose Python files each node came from, which the exporter notes."""
    for part in [graph, *graph.node, *graph.input, *graph.output, *graph.value_info, *graph.initializer]:
        part.doc_string = ""
        del part.metadata_props[:]


if __name__ == "__main__":
    main()
