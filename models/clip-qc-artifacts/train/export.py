"""Writes a boosted forest of xgboost as an ONNX graph: one TreeEnsembleClassifier with softmax."""

import json

from onnx import TensorProto, checker, helper


def forest_of(booster):
    """The trees as xgboost saves them, and what every class starts from."""
    model = json.loads(booster.save_raw("json"))["learner"]
    trees = model["gradient_booster"]["model"]["trees"]
    classes = model["gradient_booster"]["model"]["tree_info"]
    start = json.loads(model["learner_model_param"]["base_score"])
    return trees, classes, start if isinstance(start, list) else [start]


def to_onnx(booster, feature_count, class_count):
    trees, tree_classes, start = forest_of(booster)
    nodes = {name: [] for name in ("treeids", "nodeids", "featureids", "values", "modes", "truenodeids", "falsenodeids", "missing")}
    leaves = {name: [] for name in ("treeids", "nodeids", "ids", "weights")}
    for tree_id, (tree, class_id) in enumerate(zip(trees, tree_classes)):
        for node, left in enumerate(tree["left_children"]):
            is_leaf = left < 0
            nodes["treeids"].append(tree_id)
            nodes["nodeids"].append(node)
            nodes["featureids"].append(0 if is_leaf else tree["split_indices"][node])
            nodes["values"].append(0.0 if is_leaf else tree["split_conditions"][node])
            # xgboost goes left where the number is below the limit.
            nodes["modes"].append("LEAF" if is_leaf else "BRANCH_LT")
            nodes["truenodeids"].append(0 if is_leaf else left)
            nodes["falsenodeids"].append(0 if is_leaf else tree["right_children"][node])
            nodes["missing"].append(0 if is_leaf else tree["default_left"][node])
            if is_leaf:
                leaves["treeids"].append(tree_id)
                leaves["nodeids"].append(node)
                leaves["ids"].append(class_id)
                leaves["weights"].append(tree["split_conditions"][node])
    base = start if len(start) == class_count else start * class_count
    node = helper.make_node(
        "TreeEnsembleClassifier",
        ["features"],
        ["label", "probabilities"],
        domain="ai.onnx.ml",
        post_transform="SOFTMAX",
        base_values=[float(value) for value in base],
        classlabels_int64s=list(range(class_count)),
        nodes_treeids=nodes["treeids"],
        nodes_nodeids=nodes["nodeids"],
        nodes_featureids=nodes["featureids"],
        nodes_values=nodes["values"],
        nodes_modes=nodes["modes"],
        nodes_truenodeids=nodes["truenodeids"],
        nodes_falsenodeids=nodes["falsenodeids"],
        nodes_missing_value_tracks_true=nodes["missing"],
        class_treeids=leaves["treeids"],
        class_nodeids=leaves["nodeids"],
        class_ids=leaves["ids"],
        class_weights=leaves["weights"],
    )
    graph = helper.make_graph(
        [node],
        "clip-qc-artifacts",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["N", feature_count])],
        [
            helper.make_tensor_value_info("label", TensorProto.INT64, ["N"]),
            helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["N", class_count]),
        ],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", 3)], ir_version=8, producer_name="stepreel"
    )
    checker.check_model(model)
    return model
