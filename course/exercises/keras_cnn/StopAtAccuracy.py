"""`StopAtAccuracy(target)`: a callback that ends a training when held-out accuracy reaches a target."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from course.exercises.exercise import ByObservation, Mistake, Talk, mistake
from course.exercises.trials.callback import LOGS, Watched, watched

Stops = Callable[[dict[str, float], float], bool]


def callback(method: str = "on_epoch_end", **more: Any) -> Callable[[Callable[..., Any]], type]:
    """Make a class of what stops it, a function of the callback itself and of the logs.

    The class is made when it is first used: only then is Keras needed.
    """

    def make(end: Callable[..., Any]) -> type:
        class StopAtAccuracy:
            def __new__(cls, *args: Any, **kwargs: Any) -> Any:
                import keras

                base = keras.callbacks.Callback

                def start(self: Any, target: float) -> None:
                    base.__init__(self)
                    self.target = target

                def on_end(self: Any, number: int, logs: Any = None) -> None:
                    end(self, logs or {})

                def on_test_end(self: Any, logs: Any = None) -> None:
                    end(self, logs or {})

                methods = {"__init__": start, method: on_end} | more
                if method == "on_test_end":
                    methods[method] = on_test_end
                return type("StopAtAccuracy", (base,), methods)(*args, **kwargs)

        return StopAtAccuracy

    return make


def stopping_when(stops: Stops, method: str = "on_epoch_end") -> type:
    """Make a callback that stops when ``stops(logs, target)``."""

    @callback(method)
    def answer(self: Any, logs: dict[str, float]) -> None:
        if stops(logs, self.target):
            self.model.stop_training = True

    return answer


StopAtAccuracy = stopping_when(lambda logs, target: logs.get("val_accuracy", 0) >= target)


# --- Other right answers --------------------------------------------------------------------------


@callback()
def always_assigned(self: Any, logs: dict[str, float]) -> None:
    self.model.stop_training = bool(logs["val_accuracy"] >= self.target)


# --- What it is tried with ------------------------------------------------------------------------


class Training(NamedTuple):
    """A training that it watches: its target, and what its epochs report."""

    name: str
    target: float
    logs: list[dict[str, float]]

    def ends(self, stops: Stops, later: int = 0) -> int:
        """In which epoch it ends if it is stopped at ``stops(logs, target)``."""
        reached = (epoch for epoch, one in enumerate(self.logs, 1) if stops(one, self.target))
        return min(next(reached, len(self.logs)) + later, len(self.logs))


CURVES: dict[str, tuple[float, list[float], list[float]]] = {
    "reached in the third epoch": (0.9, [0.4, 0.6, 0.7, 0.8, 0.85], [0.5, 0.8, 0.92, 0.95, 0.97]),
    "met exactly": (0.9, [0.5, 0.6, 0.7], [0.85, 0.9, 0.95]),
    "reached in training alone": (0.9, [0.95, 0.97, 0.99], [0.6, 0.7, 0.8]),
    "a low target": (0.6, [0.3, 0.4, 0.5], [0.5, 0.65, 0.7]),
    "reached at once": (0.9, [0.5, 0.6], [0.93, 0.95]),
    "falling first": (0.9, [0.5, 0.6, 0.7, 0.8], [0.7, 0.6, 0.95, 0.96]),
    "a high target": (0.995, [0.5, 0.6, 0.7, 0.8], [0.5, 0.99, 0.996, 0.999]),
    "training follows": (0.7, [0.5, 0.6, 0.72, 0.8], [0.6, 0.75, 0.8, 0.85]),
    "around another's target": (0.95, [0.3, 0.4, 0.5, 0.6], [0.5, 0.7995, 0.8005, 0.96]),
    "never reached": (0.8, [0.2, 0.3, 0.4], [0.3, 0.5, 0.7]),
}
"""By what happens: the target, the accuracies in training, and those on held-out images."""

NAMED = "never reached"  # made once more, last of all, with its target by name


def trainings(rng: np.random.Generator) -> list[Training]:
    """Draw trainings: the curves in any order, a little lower, some with a longer beginning."""
    drawn = []
    lower = round(rng.uniform(0.002, 0.008), 4)  # so that no target is a whole number of percent
    for name in rng.permutation([*CURVES]).tolist():
        target, training, validation = CURVES[name]
        longer = 0 if name == "reached at once" else int(rng.integers(0, 4))
        before = np.sort(rng.uniform(0.1, 0.28, (2, longer)).round(4), axis=1).tolist()
        pairs = zip(before[0] + training, before[1] + validation, strict=True)
        logs = [
            {
                "accuracy": a - lower,
                "loss": 2 - a / 2,
                "val_accuracy": v - lower,
                "val_loss": 3 - v,
            }
            for a, v in pairs
        ]
        drawn.append(Training(name, target - lower, logs))
    return drawn


class SeenTrainings(NamedTuple):
    """What a callback does in some trainings."""

    trainings: list[Training]
    watched: Watched
    epochs: list[int]
    """In which epoch each of them ended."""

    def as_if(self, stops: Stops, later: int = 0) -> list[int]:
        """In which epochs they end if each is stopped at ``stops(logs, target)``."""
        return [one.ends(stops, later) for one in self.trainings]

    @property
    def right(self) -> list[int]:
        return self.as_if(lambda logs, target: logs["val_accuracy"] >= target)

    @property
    def never(self) -> list[int]:
        return [len(one.logs) for one in self.trainings]


def talk(rng: np.random.Generator) -> Talk:
    """Tell what each epoch reports once it was said whether the training goes on after the last."""
    plan, epochs = trainings(rng), list[int]()
    yield
    named = [one.name for one in plan].index(NAMED)
    said = yield [(one.target, len(one.logs)) for one in plan], named
    for training in plan:
        if type(said) is Watched:  # it is no callback
            return SeenTrainings(plan, said, [])
        epochs.append(0)
        for logs in training.logs:
            epochs[-1] += 1
            said = yield logs
            if type(said) is Watched:  # it has failed
                return SeenTrainings(plan, said, [])
            if said is True:
                break
        said = yield None
    return SeenTrainings(plan, said, epochs)


# --- Mistakes -------------------------------------------------------------------------------------


def stops_mistake(id: str, message: str, stops: Stops) -> Mistake:
    return mistake(
        id, message, stopping_when(stops), test=lambda seen: seen.epochs == seen.as_if(stops)
    )


@callback()
def sets_itself(self: Any, logs: dict[str, float]) -> None:
    self.stop_training = logs["val_accuracy"] >= self.target


latest = [0.0]


def kept_outside(self: Any, target: float) -> None:
    import keras

    keras.callbacks.Callback.__init__(self)
    latest[0] = target


@callback(__init__=kept_outside)
def shared_target(self: Any, logs: dict[str, float]) -> None:
    self.model.stop_training = logs["val_accuracy"] >= latest[0]


class NoCallback:
    def __init__(self, target: float) -> None:
        self.target = target

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        pass


def remembered(self: Any, epoch: int, logs: Any = None) -> None:
    self.reached = logs["val_accuracy"] >= self.target


@callback("on_epoch_begin", on_epoch_end=remembered)
def one_late(self: Any, logs: dict[str, float]) -> None:
    if getattr(self, "reached", False):
        self.model.stop_training = True


def fixed_accuracies(seen: SeenTrainings) -> list[list[int]]:
    """What comes of one target for all; of the one made last, they may share that one's."""
    fixed = [reached_at(seen, number / 100) for number in range(51, 100)]
    return [epochs for epochs in fixed if epochs not in (last_target(seen), seen.never)]


def last_target(seen: SeenTrainings) -> list[int]:
    """What comes of the target of the one made last."""
    return reached_at(seen, next(one.target for one in seen.trainings if one.name == NAMED))


def reached_at(seen: SeenTrainings, accuracy: float) -> list[int]:
    """What comes of one target for all."""
    return seen.as_if(lambda logs, target: logs["val_accuracy"] >= accuracy)


def some(seen: SeenTrainings, order: Callable[[int, int], bool]) -> bool:
    return any(map(order, seen.epochs, seen.right))


def wrongly_asked(seen: SeenTrainings) -> set[str]:
    """What a callback that stops in the wrong epochs asked the logs for."""
    return set() if seen.epochs == seen.right else set(seen.watched.asked)


MISTAKES = (
    mistake("no_callback",
        "Keras can't use it: let the class inherit, class "
        "StopAtAccuracy(keras.callbacks.Callback).",
        NoCallback,
        test=lambda seen: seen.watched.kind != "callback"),
    mistake("no_such_log",
        "It asks the logs for a name that they do not have, and gets None or a KeyError. In Keras "
        "3 there is no 'acc': it is 'accuracy', and on held-out images 'val_accuracy'.",
        stopping_when(lambda logs, target: logs["val_acc"] >= target),
        stopping_when(lambda logs, target: logs.get("acc") >= target),  # type: ignore[operator]
        stopping_when(lambda logs, target: logs.get("acc", 0) >= target),
        test=lambda seen: bool(wrongly_asked(seen) - LOGS)),
    mistake("loss",
        "It watches the loss, which falls while a network gets better. The target is an accuracy, "
        "and it stands in the logs beside the loss.",
        stopping_when(lambda logs, target: logs["loss"] < 0.4),
        stopping_when(lambda logs, target: logs["val_loss"] <= target + 1.15),
        test=lambda seen: bool(wrongly_asked(seen)) and wrongly_asked(seen) <= {"loss", "val_loss"}),
    mistake("never_stops",
        "It never stops a training. To stop one, a callback sets self.model.stop_training = True "
        "in on_epoch_end; `self` alone is the callback, and `self.model` the network.",
        sets_itself,
        test=lambda seen: seen.epochs == seen.never),
    stops_mistake("training_accuracy",
        "It looks at the accuracy on training images, which a network can reach by heart. The "
        "logs have the one on held-out images too, with val_ before its name.",
        lambda logs, target: logs["accuracy"] >= target),
    stops_mistake("either_accuracy",
        "It stops when either accuracy reaches the target. Only the one on held-out images counts.",
        lambda logs, target: max(logs["accuracy"], logs["val_accuracy"]) >= target),
    stops_mistake("both_accuracies",
        "It waits until both accuracies reach the target. The one on held-out images is enough.",
        lambda logs, target: min(logs["accuracy"], logs["val_accuracy"]) >= target),
    stops_mistake("not_when_equal",
        "It goes on when the accuracy is exactly the target. That is reached: >=, not >.",
        lambda logs, target: logs["val_accuracy"] > target),
    stops_mistake("only_when_equal",
        "It stops only when the accuracy is exactly the target. It may jump over it: >=, not ==.",
        lambda logs, target: logs["val_accuracy"] == target),
    mistake("target_ignored",
        "It stops at one fixed accuracy, whatever its target is. Keep what __init__ is given: "
        "self.target = target.",
        stopping_when(lambda logs, target: logs["val_accuracy"] >= 0.9),
        stopping_when(lambda logs, target: logs["val_accuracy"] >= 0.85),
        test=lambda seen: seen.epochs in fixed_accuracies(seen)),
    mistake("target_shared",
        "Two of them share one target: the last one made decides. Keep it in self.target, not in "
        "the class or outside.",
        shared_target,
        test=lambda seen: seen.epochs == last_target(seen)),
    stops_mistake("reversed",
        "It stops while the accuracy is below the target, and goes on above it. Turn the "
        "comparison round.",
        lambda logs, target: logs["val_accuracy"] < target),
    stops_mistake("reversed",
        "It stops while the accuracy is at or below the target. Turn the comparison round.",
        lambda logs, target: logs["val_accuracy"] <= target),
    mistake("always_stops",
        "It stops every training after the first epoch. Stop only if the accuracy on held-out "
        "images has reached the target.",
        stopping_when(lambda logs, target: True),
        test=lambda seen: set(seen.epochs) == {1}),
    mistake("one_epoch_late",
        "It stops one epoch too late. Look at the logs of the epoch that ends, in on_epoch_end.",
        one_late,
        test=lambda seen: seen.epochs == seen.as_if(lambda logs, target: logs["val_accuracy"] >= target, 1)),
    mistake("too_early",
        "It stops a training that has not reached the target on held-out images.",
        stopping_when(lambda logs, target: logs["val_accuracy"] >= target - 0.05),
        test=lambda seen: some(seen, lambda mine, right: mine < right)),
    mistake("too_late",
        "It goes on although the target is reached on held-out images.",
        stopping_when(lambda logs, target: logs["val_accuracy"] >= target + 0.01),
        test=lambda seen: some(seen, lambda mine, right: mine > right)),
)  # fmt: skip


EXERCISE = ByObservation(
    key="StopAtAccuracy",
    title="Stop when it is good enough",
    points=2,
    minutes=6,
    keras=True,
    kind="class",
    reference=StopAtAccuracy,
    observe=watched,
    talk=talk,
    seconds=60,
    alternatives=(
        stopping_when(lambda logs, target: not logs["val_accuracy"] < target),
        always_assigned,
        stopping_when(lambda logs, target: logs.get("accuracy", 0) >= target, "on_test_end"),
    ),
    mistakes=MISTAKES,
    hints=(
        "Who calls on_epoch_end, and what is in `logs` when it is called? print(logs) shows it.",
        (
            'logs["val_accuracy"] is the accuracy on held-out images. Compare it with '
            "self.target, and set self.model.stop_training."
        ),
        (
            'def on_epoch_end(self, epoch, logs=None):\n    if logs["___"] >= ___:\n        '
            "self.model.___ = True"
        ),
    ),
)
