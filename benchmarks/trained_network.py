"""Train the networks that the lessons ship, and say how often they are right.

.venv/bin/python benchmarks/trained_network.py           measure what is shipped, in NumPy: seconds
.venv/bin/python benchmarks/trained_network.py --train   train them again, with Keras, and store them: a minute

It is lesson 4's network with 16 filters, trained by lesson 4's recipe on the 20,000 shipped
training images. What it is measured on, the 5,000 shipped test images, it never learned from; nor
did they decide when to stop. Half the digits of each weight are stored (float16). The hasty one is
lesson 5's, trained in steps that are too large, with what lesson 5 counts after each.
"""

import argparse
import time
from typing import Any

import numpy as np
from printing import console, table

from helpers import CLASS_NAMES, datasets, network, trained, training

SEED, FILTERS, EPOCHS = 577, 16, 8
BATCHES = 50
LARGE, STEPS, OF_EACH, LOOKED_AT = 0.02, 80, 64, 500  # as lesson 5 has them


def train() -> None:
    """Train both networks and store their weights."""
    from course.exercises.keras_cnn.prepare import prepare

    clothes = datasets.fashion_mnist(full=False)
    images, labels = prepare(clothes.train_images), clothes.train_labels
    held_out = prepare(clothes.test_images), clothes.test_labels
    model = new_network()
    before = model.get_weights()[0]
    training.train(model, images, labels, held_out, epochs=EPOCHS)
    store(trained.STORED, model, before=before)
    hurry(images, labels, held_out[0][:LOOKED_AT])


def hurry(images: np.ndarray, labels: np.ndarray, looked_at: np.ndarray) -> None:
    """Train the hasty network and store its weights, and how many channels were dead at each step."""
    keras = training.load_keras()
    model = new_network()
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=LARGE),
        loss="sparse_categorical_crossentropy",
    )
    maps = keras.Model(model.inputs, [model.layers[0].output, model.layers[2].output])
    dead = []
    for step in range(STEPS):
        batch = slice(OF_EACH * step, OF_EACH * (step + 1))
        model.train_on_batch(images[batch], labels[batch])
        dead.append([network.dead_channels(one) for one in maps.predict(looked_at, verbose=0)])
    store(trained.HASTY, model, dead=np.array(dead, np.uint8))


def new_network() -> Any:
    """Make lesson 4's network, as it is before it learns."""
    from course.exercises.keras_cnn.build_cnn import build_cnn

    training.load_keras().utils.set_random_seed(SEED)
    return build_cnn(FILTERS)


def store(name: str, model: Any, **more: np.ndarray) -> None:
    """Store a network's weights, and what else there is to tell of it."""
    weights = (part.astype(np.float16) for part in model.get_weights())
    fields = dict(zip(trained.FIELDS, weights, strict=True))
    np.savez_compressed(datasets.DATA / name, **fields, **more)


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
    parser.add_argument("--train", action="store_true", help="train them again and store them")
    if parser.parse_args().train:
        train()
    measure()
