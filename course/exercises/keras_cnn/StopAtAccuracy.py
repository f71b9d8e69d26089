"""`StopAtAccuracy(target)`: a callback that ends a training when held-out accuracy reaches a target."""

from collections.abc import Callable
from typing import Any

from course.exercises import trials
from course.exercises.exercise import ByObservation, Mistake, mistake

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


# --- Mistakes -------------------------------------------------------------------------------------


def stopped(stops: Stops, later: int = 0) -> dict[str, int]:
    """In which epoch each training ends if it stops at ``stops(logs, target)``."""
    return {
        name: min(
            next((e + 1 for e, one in enumerate(logs) if stops(one, target)), len(logs)) + later,
            len(logs),
        )
        for name, (target, logs) in trials.trainings().items()
    }


def stops_mistake(id: str, message: str, stops: Stops, method: str = "on_epoch_end") -> Mistake:
    counts = stopped(stops)
    return mistake(
        id, message, stopping_when(stops, method), test=lambda seen: seen.epochs == counts
    )


@callback()
def sets_itself(self: Any, logs: dict[str, float]) -> None:
    self.stop_training = logs["val_accuracy"] >= self.target


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


RIGHT_EPOCHS = stopped(lambda logs, target: logs["val_accuracy"] >= target)
NEVER = stopped(lambda logs, target: False)


LOGS = {"accuracy", "loss", "val_accuracy", "val_loss"}


def fixed(accuracy: float) -> dict[str, int]:
    """What comes of one target for all."""
    return stopped(lambda logs, target: logs["val_accuracy"] >= accuracy)


# 0.8 is the target of the one made last: with that, all may share its target.
ONE_FOR_ALL = [epochs for n in range(51, 100) if (epochs := fixed(n / 100)) != fixed(0.8)]


def some(seen: Any, order: Callable[[int, int], bool]) -> bool:
    return any(order(seen.epochs[name], epoch) for name, epoch in RIGHT_EPOCHS.items())


def wrongly_asked(seen: Any) -> set[str]:
    """What a callback that stops in the wrong epochs asked the logs for."""
    return set() if seen.epochs == RIGHT_EPOCHS else set(seen.asked)


MISTAKES = (
    mistake("no_callback",
        "Keras can't use it: let the class inherit, class "
        "StopAtAccuracy(keras.callbacks.Callback).",
        NoCallback,
        test=lambda seen: isinstance(seen, str)),
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
        test=lambda seen: seen.epochs == NEVER),
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
        test=lambda seen: seen.epochs in ONE_FOR_ALL and seen.epochs != NEVER),
    stops_mistake("target_shared",
        "Two of them share one target: the last one made decides. Keep it in self.target, not in "
        "the class or outside.",
        lambda logs, target: logs["val_accuracy"] >= 0.8),
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
        test=lambda seen: set(seen.epochs.values()) == {1}),
    mistake("one_epoch_late",
        "It stops one epoch too late. Look at the logs of the epoch that ends, in on_epoch_end.",
        one_late,
        test=lambda seen: seen.epochs == stopped(lambda logs, target: logs["val_accuracy"] >= target, 1)),
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
    kind="class",
    reference=StopAtAccuracy,
    observe=trials.watched,
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
