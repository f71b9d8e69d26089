"""Training: quick, in sight, and nothing lost when it is interrupted or goes wrong."""

import subprocess
import sys

import numpy as np
import pytest

from helpers import training
from helpers.progress_bar import ProgressBar

EPOCHS = 3


@pytest.fixture(scope="module")
def keras():
    return training.load_keras()


@pytest.fixture
def model(keras):
    keras.utils.set_random_seed(0)
    image = keras.Input((28, 28, 1))
    hidden = keras.layers.Dense(32, activation="tanh")(keras.layers.Flatten()(image))
    return keras.Model(image, keras.layers.Dense(10, activation="softmax")(hidden))


@pytest.fixture(scope="module")
def images():
    """Ten kinds of images that are easy to tell apart, and their labels."""
    rng = np.random.default_rng(0)
    labels = np.arange(400) % 10
    patterns = rng.random((10, 28, 28, 1)) > 0.9
    return (0.8 * patterns[labels] + 0.2 * rng.random((400, 28, 28, 1))).astype("float32"), labels


def train(model, images, **how):
    return training.train(
        model, *images, (images[0][:50], images[1][:50]), **{"epochs": EPOCHS} | how
    )


def interrupter(keras, epoch, error=KeyboardInterrupt):
    """Press stop in the middle of an epoch; remember the weights at the end of each."""

    class Interrupter(keras.callbacks.Callback):
        epochs, weights = 0, None

        def on_epoch_begin(self, number, logs=None):
            self.number = number

        def on_train_batch_end(self, batch, logs=None):
            if self.number == epoch:
                raise error

        def on_epoch_end(self, number, logs=None):
            self.epochs += 1
            self.weights = self.model.get_weights()

    return Interrupter()


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.tensorflow
def test_it_learns_and_reports_one_number_for_each_epoch(model, images):
    history = train(model, images, epochs=8)
    assert history.val_accuracy[-1] > 0.9
    assert {len(numbers) for numbers in vars(history).values()} == {8}
    assert all(seconds > 0 for seconds in history.seconds)


@pytest.mark.tensorflow
def test_interrupted_and_run_again_it_goes_on_from_the_last_whole_epoch(
    keras, model, images, capsys
):
    stop = interrupter(keras, epoch=1)
    with pytest.raises(KeyboardInterrupt):
        train(model, images, callbacks=[stop])
    assert same(model.get_weights(), stop.weights)
    assert "stopped in epoch 2" in capsys.readouterr().out
    assert int(model.optimizer.iterations) == 7  # 400 images in batches of 64: one epoch
    counter = interrupter(keras, epoch=None)
    history = train(model, images, callbacks=[counter])
    assert (counter.epochs, len(history)) == (EPOCHS - 1, EPOCHS)
    assert int(model.optimizer.iterations) == 7 * EPOCHS
    assert "Going on after epoch 1" in capsys.readouterr().out


@pytest.mark.tensorflow
def test_interrupted_in_the_first_epoch_it_begins_again_as_it_was(keras, model, images):
    before = model.get_weights()
    with pytest.raises(KeyboardInterrupt):
        train(model, images, callbacks=[interrupter(keras, epoch=0)])
    assert same(model.get_weights(), before)
    assert len(train(model, images)) == EPOCHS


@pytest.mark.tensorflow
def test_a_callback_that_fails_loses_no_epoch_either(keras, model, images):
    stop = interrupter(keras, epoch=1, error=KeyError("val_acuracy"))
    with pytest.raises(KeyError, match="val_acuracy"):
        train(model, images, callbacks=[stop])
    assert same(model.get_weights(), stop.weights)


@pytest.mark.tensorflow
def test_run_again_when_it_has_finished_it_trains_nothing_twice(model, images, capsys):
    history = train(model, images)
    trained = model.get_weights()
    assert train(model, images) is history
    assert same(model.get_weights(), trained)
    assert "Trained already" in capsys.readouterr().out


@pytest.mark.tensorflow
def test_another_recipe_wants_another_network(model, images):
    train(model, images)
    with pytest.raises(ValueError, match=r"trained before, with \{'epochs': 3\}.*build a new one"):
        train(model, images, epochs=5)


@pytest.mark.tensorflow
def test_a_loss_that_is_nan_stops_it_and_leaves_the_network_whole(model, images):
    with pytest.raises(FloatingPointError, match=r"NaN in epoch 1.*smaller"):
        train(model, images, learning_rate=1e38)
    assert all(np.isfinite(weights).all() for weights in model.get_weights())


@pytest.mark.tensorflow
def test_a_callback_may_stop_it_early(keras, model, images):
    from course.exercises.keras_cnn.StopAtAccuracy import StopAtAccuracy

    history = train(model, images, epochs=20, callbacks=[StopAtAccuracy(0.5)])
    assert len(history) < 20
    assert history.val_accuracy[-1] >= 0.5 > max(history.val_accuracy[:-1], default=0)


def shaped(*shape, value=0.5):
    return np.full(shape, value, np.float32)


@pytest.mark.parametrize(
    ("images", "words"),
    [
        (shaped(5, 28, 28), r"shape \(5, 28, 28\), and \(N, 28, 28, 1\) is wanted"),
        (shaped(5, 784), "prepare"),
        (shaped(5, 28, 28, 3), "28, 28, 1"),
        (shaped(0, 28, 28, 1), "there is none"),
        (shaped(5, 28, 28, 1, value=200), "values from 200 to 200.*bytes through `prepare`"),
        (shaped(5, 28, 28, 1, value=-0.5), "0 to 1 is wanted"),
        (shaped(5, 28, 28, 1, value=1 / 255), "0.0039.*255 twice"),
        (shaped(5, 28, 28, 1, value=np.nan), "NaN"),
    ],
)
def test_images_on_which_nothing_is_learned_are_refused(images, words):
    with pytest.raises(ValueError, match=words):
        training.check_images(images)


@pytest.mark.parametrize("labels", [np.zeros(4, int), np.zeros((5, 10), int), np.zeros(5)])
def test_labels_are_one_class_number_for_each_image(labels):
    with pytest.raises(ValueError, match="5 class numbers are wanted"):
        training.check_labels(labels, 5)


@pytest.mark.tensorflow
def test_the_learning_rate_rises_to_its_peak_and_falls_to_nothing():
    rates = [float(training.warm_up_and_cosine(1000, peak=0.01)(step)) for step in range(1001)]
    assert rates[0] == pytest.approx(0.0005)
    assert int(np.argmax(rates)) == pytest.approx(150, abs=1)
    assert max(rates) == pytest.approx(0.01)
    assert rates[-1] == pytest.approx(0, abs=1e-6)


def test_without_keras_one_line_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", None)
    with pytest.raises(ImportError, match=r'pip install "tensorflow>=2.20"') as caught:
        training.load_keras()
    assert len(caught.value._render_traceback_()) == 1
    assert "\n" not in str(caught.value)


def test_importing_the_room_imports_no_keras():
    code = "import sys, helpers.training; sys.exit('keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
@pytest.mark.tensorflow
def test_loading_keras_writes_no_log_lines():
    code = "from helpers.training import load_keras; load_keras().ops.ones(2)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("", "")


def test_a_bar_in_a_file_is_one_line_at_the_end(capsys):
    bar = ProgressBar(4, "CNN")
    for step in range(4):
        bar.drawn = 0.0  # as if time had passed
        bar.show(step + 1, f"epoch {step + 1}")
    assert capsys.readouterr().out == ""
    bar.finish()
    line = capsys.readouterr().out
    assert line.count("\n") == 1
    assert line.startswith("CNN  " + "█" * 24)
    assert line.endswith("epoch 4\n")


def test_the_exam_is_none_of_the_images_that_a_learner_has():
    from helpers.datasets import exam_images, fashion_mnist

    shipped = fashion_mnist(full=False)
    known = {image.tobytes() for image in (*shipped.train_images, *shipped.test_images)}
    exam = exam_images()
    assert exam.shape == (2000, 28, 28)
    assert sum(image.tobytes() in known for image in exam) == 0


def test_the_course_itself_passes_its_exam_with_room_to_spare():
    from course.exercises.keras_cnn.predictions import PASSING, PREDICTIONS, accuracy, exam_labels

    assert np.bincount(exam_labels()).min() > 150
    assert accuracy(PREDICTIONS) > PASSING + 0.1


@pytest.mark.tensorflow
def test_what_lesson_4_says_of_old_names_holds():
    keras = training.load_keras()
    assert not hasattr(keras, "model")
    assert keras.models.Sequential is keras.Sequential
