"""What a callback does in trainings that happen elsewhere."""

from collections.abc import Callable
from typing import Any, NamedTuple

LOGS = frozenset({"accuracy", "loss", "val_accuracy", "val_loss"})
"""What an epoch reports."""


class Watched(NamedTuple):
    """What is seen of a callback, besides when it stops.

    Attributes
    ----------
    kind : str
        ``"callback"``, or the name of the type that came instead.
    asked : tuple of str
        What it asks the logs for.
    """

    kind: str
    asked: tuple[str, ...] = ()


class Logs(dict[str, float]):
    """What an epoch reports; it remembers what it was asked for."""

    def __init__(self, logs: dict[str, float], asked: set[str]) -> None:
        super().__init__(logs)
        self.asked = asked

    def __getitem__(self, name: str) -> float:
        self.asked.add(str(name))
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)

    def get(self, name: str, *default: Any) -> Any:  # type: ignore[override]
        self.asked.add(str(name))
        return super().get(name, *default)


class TrainedElsewhere:
    """The network of a training that happens elsewhere: there is nothing in it."""

    name = "model"
    metrics_names = ("loss", "accuracy")
    stop_training = False

    def get_weights(self) -> list[Any]:
        return []

    def set_weights(self, weights: list[Any]) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(
            "The check gives your callback logs, and no network that could be asked "
            f"(self.model.{name}): take the accuracy out of `logs`."
        )


def watched(answer: type, ask: Callable[..., Any]) -> Watched:
    """Let callbacks watch trainings, epoch by epoch: what the next reports is told once they said.

    One that fails over a name which the logs do not have has said enough.
    """
    import keras

    plans, named = ask()
    made = [answer(target) for target, _ in plans]  # all before any is used
    made[named] = answer(target=plans[named][0])
    if not all(isinstance(one, keras.callbacks.Callback) for one in made):
        return Watched(type(made[0]).__name__)
    asked: set[str] = set()
    try:
        for callback, (_, epochs) in zip(made, plans, strict=True):
            watch(callback, epochs, ask, asked)
    except Exception:
        if asked <= LOGS:
            raise
    return Watched("callback", tuple(sorted(asked)))


def watch(callback: Any, epochs: int, ask: Callable[..., Any], asked: set[str]) -> None:
    """Let a callback watch one training, and say after each epoch whether it stops it.

    It is told what `fit` tells it, in the same order. What it asks the logs for is added to
    `asked`.
    """
    import keras

    model = TrainedElsewhere()
    early = isinstance(callback, keras.callbacks.EarlyStopping) and callback.mode == "auto"
    if early and callback.monitor in LOGS and callback.monitor.endswith("accuracy"):
        callback.mode = "max"  # Keras would find that out from the network's metrics
    callback.set_params({"epochs": epochs, "steps": 1, "verbose": 0})
    callback.set_model(model)
    callback.on_train_begin({})
    logs, epoch = ask(), 0
    while logs is not None:
        training = {name: value for name, value in logs.items() if not name.startswith("val_")}
        validation = {
            name.removeprefix("val_"): value for name, value in logs.items() if name not in training
        }
        callback.on_epoch_begin(epoch, {})
        callback.on_train_batch_begin(0, {})
        callback.on_train_batch_end(0, dict(training))
        callback.on_test_begin({})
        callback.on_test_end(validation)
        callback.on_epoch_end(epoch, Logs(logs, asked))
        logs, epoch = ask(bool(model.stop_training)), epoch + 1
    if not model.stop_training:
        callback.on_train_end({})
