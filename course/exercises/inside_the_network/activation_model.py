"""`activation_model(model)`: a model that gives what every layer gives."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from course.exercises.exercise import ByObservation, Talk, mistake
from course.exercises.trials.leaving import IMAGE, seen_activations
from course.exercises.trials.rebuilding import Refused, Trial
from course.exercises.trials.small_network import SmallNetwork
from helpers.network import layer_outputs


def activation_model(model: Any) -> Any:
    import keras

    return keras.Model(model.inputs, [layer.output for layer in model.layers])


# --- Other right answers --------------------------------------------------------------------------


def activation_model_by_calls(model: Any) -> Any:
    import keras

    image = keras.Input((28, 28, 1))
    outputs = []
    values = image
    for layer in model.layers:
        values = layer(values)
        outputs.append(values)
    return keras.Model(inputs=image, outputs=outputs)


def activation_model_by_name(model: Any) -> Any:
    import keras

    return keras.Model(
        inputs=model.layers[0].input, outputs={layer.name: layer.output for layer in model.layers}
    )


# --- Mistakes -------------------------------------------------------------------------------------


def outputs_of(*chosen: int) -> Callable[[Any], Any]:
    """Make a model that gives the outputs of some layers only, in some order."""

    def make(model: Any) -> Any:
        import keras

        return keras.Model(model.inputs, [model.layers[i].output for i in chosen])

    return make


def retrained(model: Any) -> Any:
    """Copy the model's layers, but not its weights."""
    import keras

    return activation_model(keras.models.clone_model(model))


def agree(given: list[np.ndarray], right: list[np.ndarray]) -> bool:
    return len(given) == len(right) and all(
        g.shape == r.shape and np.allclose(g, r, atol=1e-4)
        for g, r in zip(given, right, strict=True)
    )


class SeenOutputs(NamedTuple):
    """What a model gives for a batch, and what each layer of the network gives."""

    batch: np.ndarray
    given: list[np.ndarray] | None
    """None if it is no model."""
    right: list[np.ndarray]


def talk(rng: np.random.Generator) -> Talk:
    """Tell a small network, and try what is made of it with images that are not told.

    It has nine layers: an answer that counts on the lesson's seven is none.
    """
    network = SmallNetwork((3, 4), 16, seed=int(rng.integers(2**62)), scale=0.3, hidden=3)
    batch = rng.random((2, *IMAGE)).astype(np.float32)
    right = [values for _, values in layer_outputs(network, batch)]
    yield
    plan = yield network
    if not plan.built:
        return SeenOutputs(batch, None, right)
    ran = yield Trial(plan, batch)
    return Refused(ran.error) if ran.error else SeenOutputs(batch, list(ran.outputs), right)


def found(test: Callable[[list[np.ndarray], list[np.ndarray]], bool]) -> Callable[[Any], bool]:
    return lambda seen: test(seen.given, seen.right)


MISTAKES = (
    mistake("no_model",
        "That is no model: it has no predict. Give keras.Model the model's inputs and a list of "
        "outputs, and return what it makes.",
        lambda model: [layer.output for layer in model.layers],
        test=lambda seen: seen.given is None),
    mistake("last_only",
        "Only the last layer's output came back. `outputs` is a list with one entry for each "
        "layer.",
        lambda model: model,
        test=found(lambda g, r: len(g) == 1 and agree(g, r[-1:]))),
    mistake("first_only",
        "Only the first layer's output came back. Does the list stop too early?",
        outputs_of(0),
        test=found(lambda g, r: len(g) == 1 and agree(g, r[:1]))),
    mistake("maps_only",
        "The last layers are missing: Flatten and Dense have outputs too.",
        outputs_of(0, 1, 2, 3),
        test=found(lambda g, r: agree(g, r[:4]))),
    mistake("convolutions_only",
        "Only the convolutions are there. Pooling, Flatten and Dense layers have outputs too.",
        outputs_of(0, 2),
        test=found(lambda g, r: agree(g, [r[0], r[2]]))),
    mistake("first_missing",
        "The first layer's output is missing.",
        outputs_of(*range(1, 9)),
        test=found(lambda g, r: agree(g, r[1:]))),
    mistake("last_missing",
        "The last layer's output is missing.",
        outputs_of(*range(8)),
        test=found(lambda g, r: agree(g, r[:-1]))),
    mistake("seven_layers",
        "Seven outputs came back, and the model of this check has nine layers. Take as many as there "
        "are: for layer in model.layers.",
        outputs_of(*range(7)),
        test=found(lambda g, r: agree(g, r[:7]))),
    mistake("reversed",
        "The outputs come in the wrong order: the last layer's first.",
        outputs_of(*range(9)[::-1]),
        test=found(lambda g, r: agree(g, r[::-1]))),
    mistake("inputs_returned",
        "These are the layers' inputs, not their outputs: the first is the image.",
        lambda model: __import__("keras").Model(model.inputs, [la.input for la in model.layers]),
        test=lambda seen: agree(seen.given, [seen.batch, *seen.right[:-1]])),
    mistake("input_included",
        "The image itself is the first entry. Only the layers' outputs are asked.",
        lambda model: __import__("keras").Model(
            model.inputs, [model.inputs[0], *(la.output for la in model.layers)]),
        test=lambda seen: agree(seen.given, [seen.batch, *seen.right])),
    mistake("other_weights",
        "The shapes are right and the values are not: the layers are new ones with random "
        "weights. Use the layers of the model that you are given.",
        retrained,
        test=found(lambda g, r: [a.shape for a in g] == [a.shape for a in r] and not agree(g, r))),
    mistake("layers_missing",
        "There should be one output for each layer of the model, in their order.",
        outputs_of(0, 1, 4),
        test=found(lambda g, r: not agree(g, r))),
)  # fmt: skip


EXERCISE = ByObservation(
    key="activation_model",
    title="Make a model that returns every layer's output",
    points=3,
    minutes=6,
    keras=True,
    kind="function",
    reference=activation_model,
    observe=seen_activations,
    talk=talk,
    helpers=("network.forward", "network.layer_outputs"),
    seconds=60,
    alternatives=(activation_model_by_calls, activation_model_by_name),
    mistakes=MISTAKES,
    hints=(
        (
            "keras.Model takes inputs and outputs. The inputs are those of the model that you are "
            "given. What are the outputs?"
        ),
        "Each layer in model.layers knows its own `output`.",
        "keras.Model(inputs=model.inputs, outputs=[... for layer in model.layers])",
    ),
)
