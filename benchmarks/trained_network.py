"""Train the network that the lessons ship, and say how often it is right.

python benchmarks/trained_network.py           measure what is shipped, in NumPy: seconds
python benchmarks/trained_network.py --train   train it again, with Keras, and store it: a minute

It is lesson 4's network with 16 filters, trained by lesson 4's recipe on the 20,000 shipped
training images. What it is measured on, the 5,000 shipped test images, it never learned from; nor
did they decide when to stop. Half the digits of each weight are stored (float16).
"""

import argparse
import time

import numpy as np
from printing import console, table

from helpers import CLASS_NAMES, datasets, trained, training

SEED, FILTERS, EPOCHS = 577, 16, 8
BATCHES = 50


def train() -> None:
    """Train the network and store its weights."""
    from course.exercises.keras_cnn.build_cnn import build_cnn
    from course.exercises.keras_cnn.prepare import prepare

    training.load_keras().utils.set_random_seed(SEED)
    clothes = datasets.fashion_mnist(full=False)
    held_out = prepare(clothes.test_images), clothes.test_labels
    model = build_cnn(FILTERS)
    training.train(
        model, prepare(clothes.train_images), clothes.train_labels, held_out, epochs=EPOCHS
    )
    weights = (part.astype(np.float16) for part in model.get_weights())
    np.savez_compressed(
        datasets.DATA / trained.STORED, **dict(zip(trained.FIELDS, weights, strict=True))
    )


def measure() -> None:
    """Print how large the stored network is, how often it is right and how long it takes."""
    clothes = datasets.fashion_mnist(full=False)
    start = time.perf_counter()
    shipped = trained.trained_network()
    shipped.predict(clothes.test_images[:1])
    first = time.perf_counter() - start
    answers = np.concatenate(
        [shipped.predict(some) for some in np.split(clothes.test_images, BATCHES)]
    ).argmax(axis=1)
    right = answers == clothes.test_labels
    shown = table("The network that the lessons ship", "what", "measured")
    count = sum(part.size for part in shipped.get_weights())
    shown.add_row("numbers in it", f"{count:,}")
    shown.add_row("bytes on disk", f"{(datasets.DATA / trained.STORED).stat().st_size:,}")
    shown.add_row("milliseconds to load it and ask it once", f"{1000 * first:.0f}")
    shown.add_row(f"right on {len(right):,} images", f"{right.mean():.1%}")
    for number, name in enumerate(CLASS_NAMES):
        shown.add_row(f"right on {name}", f"{right[clothes.test_labels == number].mean():.1%}")
    console.print(shown)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train", action="store_true", help="train it again and store it")
    if parser.parse_args().train:
        train()
    measure()
