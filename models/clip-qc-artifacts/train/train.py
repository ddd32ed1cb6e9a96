"""Trains the clip classifier on lines of features and writes model.onnx, model.json and training.json into a folder.

    python train.py train.jsonl OUT --feature-set 2 --features features.json
"""

import argparse
import gzip
import hashlib
import json
from collections import Counter
from pathlib import Path

import numpy as np
import xgboost
from export import to_onnx
from sklearn.metrics import f1_score, precision_recall_fscore_support
from sklearn.model_selection import StratifiedKFold

CLASSES = ["NONE", "TEXT_INCONSISTENCY", "TEMPORAL_FLICKER"]
SEED = 42
SETTINGS = {
    "objective": "multi:softprob",
    "n_estimators": 50,
    "max_depth": 3,
    "learning_rate": 0.1,
    "min_child_weight": 3,
    "subsample": 0.8,
    "colsample_bytree": 0.8,
    "reg_alpha": 0.1,
    "reg_lambda": 1.0,
    "random_state": SEED,
    "tree_method": "exact",
    "n_jobs": 1,
}


def read(path, names):
    open_text = gzip.open if str(path).endswith(".gz") else open
    with open_text(path, "rt") as file:
        lines = [json.loads(line) for line in file if line.strip()]
    # In one order whatever the order they were measured in.
    lines.sort(key=lambda line: line["id"])
    rows = np.array([[line["features"][name] for name in names] for line in lines], dtype=np.float32)
    if not np.isfinite(rows).all():
        raise SystemExit("Some features are no finite numbers: measure the clips again.")
    return lines, rows, np.array([CLASSES.index(line["category"]) for line in lines])


def weights_of(labels):
    """Halfway between counting each clip and counting each class the same."""
    counts = Counter(labels.tolist())
    return np.array([(len(labels) / (len(counts) * counts[label])) ** 0.5 for label in labels.tolist()])


def fit(rows, labels):
    model = xgboost.XGBClassifier(**SETTINGS)
    model.fit(rows, labels, sample_weight=weights_of(labels))
    return model


def cross_validate(rows, labels):
    smallest = min(Counter(labels.tolist()).values())
    folds = min(5, smallest)
    if folds < 2:
        return {"folds": folds, "skipped": "a class has fewer than two clips"}
    scores, truth, found = [], [], []
    for train, test in StratifiedKFold(folds, shuffle=True, random_state=SEED).split(rows, labels):
        predicted = fit(rows[train], labels[train]).predict(rows[test])
        scores.append(f1_score(labels[test], predicted, average="macro"))
        truth.extend(labels[test])
        found.extend(predicted)
    precision, recall, f1, count = precision_recall_fscore_support(truth, found, labels=range(len(CLASSES)))
    return {
        "folds": folds,
        "macroF1": {"mean": float(np.mean(scores)), "std": float(np.std(scores)), "each": [float(score) for score in scores]},
        "categories": {
            name: {"precision": float(precision[at]), "recall": float(recall[at]), "f1": float(f1[at]), "clips": int(count[at])}
            for at, name in enumerate(CLASSES)
        },
    }


def main():
    options = argparse.ArgumentParser()
    options.add_argument("data")
    options.add_argument("output")
    options.add_argument("--features", required=True, help="JSON list of the features' names, in order")
    options.add_argument("--feature-set", type=int, required=True)
    options.add_argument("--name", default="clip-qc-artifacts")
    options.add_argument("--version", default="1.0.0")
    arguments = options.parse_args()
    names = json.loads(Path(arguments.features).read_text())
    lines, rows, labels = read(arguments.data, names)
    output = Path(arguments.output)
    output.mkdir(parents=True, exist_ok=True)

    folds = cross_validate(rows, labels)
    model = fit(rows, labels)
    graph = to_onnx(model.get_booster(), len(names), len(CLASSES)).SerializeToString()
    (output / "model.onnx").write_bytes(graph)
    description = {
        "name": arguments.name,
        "version": arguments.version,
        "task": "table-classification",
        "license": "Apache-2.0",
        **({"card": "CARD.md"} if (output / "CARD.md").exists() else {}),
        "weights": {"file": "model.onnx", "sha256": hashlib.sha256(graph).hexdigest()},
        "input": {"name": "features", "featureSet": arguments.feature_set, "features": names},
        "output": {"probabilities": "probabilities"},
        "classes": CLASSES,
    }
    (output / "model.json").write_text(json.dumps(description, indent=2) + "\n")
    gains = model.get_booster().get_score(importance_type="gain")
    importances = {names[int(key[1:])]: gain for key, gain in gains.items()}
    training = {
        "clips": dict(sorted(Counter(line.get("kind", line["category"]) for line in lines).items())),
        "labelsSha256": hashlib.sha256("".join(f"{line['id']} {line['category']}\n" for line in lines).encode()).hexdigest(),
        "settings": SETTINGS,
        "crossValidation": folds,
        "importances": dict(sorted(importances.items(), key=lambda item: -item[1])),
        # What the model answers for the first clips, so that another runtime can be compared.
        "check": [
            {
                "features": {name: float(value) for name, value in zip(names, row)},
                "probabilities": dict(zip(CLASSES, (float(share) for share in shares))),
            }
            for row, shares in zip(rows[:3], model.predict_proba(rows[:3]))
        ],
    }
    (output / "training.json").write_text(json.dumps(training, indent=2) + "\n")
    print(json.dumps(folds, indent=1))


if __name__ == "__main__":
    main()
