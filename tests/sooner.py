"""What lets a lesson run to its end sooner, where other tests look at what is left out.

Each is code for a cell before a lesson's first.
"""

# How small the file of a picture may be is tried for longer than it is drawn. tests/test_pictures.py
# looks at that, and nobody at the pictures of these runs: their words are compared.
COARSE = """
from helpers.pictures import picture
picture.DRAWING_LADDER = picture.PHOTOGRAPH_LADDER = ((1, 17),)
"""
# The same pictures twice need not be painted twice. They are laid out, with all that is in them.
UNPAINTED = """
from helpers.pictures import picture
picture._encode = lambda drawing: b""
"""
# What a student has not attempted, a lesson trains all the same, to go on with it, and most of what a
# solved notebook trains is only looked at: two steps of an epoch are enough to run to the end. Where nobody
# looks, none is: then a training only says that it has been one. The training that a check asks about is
# named by a line behind this, with how it is trained.
_INSTEAD = """
FIT, TRAIN, IN_EARNEST = keras.Model.fit, training.train, {}
def train(*what, name="", **how):
    keras.Model.fit = FIT if name in IN_EARNEST else fit
    try:
        return TRAIN(*what, name=name, **how | IN_EARNEST.get(name, {}))
    finally:
        keras.Model.fit = fit
keras.Model.fit, training.train = fit, train
"""
FEW_STEPS = f"""
import keras
from helpers import training
def few(*arrays):
    return tuple(part[:128] for part in arrays)
def fit(model, images, labels, *, epochs, validation_data, callbacks=(), **how):
    '''Without callbacks nobody sees that each epoch is the first.'''
    how |= {{"epochs": epochs if callbacks else 1, "callbacks": callbacks}}
    run = FIT(model, *few(images, labels), validation_data=few(*validation_data), **how)
    run.history = {{name: (epochs * seen)[:epochs] for name, seen in run.history.items()}}
    return run
{_INSTEAD}"""
NO_STEPS = f"""
import types
import keras
from helpers import training
def fit(model, *data, epochs, callbacks=(), **how):
    logs = dict.fromkeys(("accuracy", "loss", "val_accuracy", "val_loss"), 0.5)
    for epoch in range(epochs):
        for one in callbacks:
            one.set_model(model)
            one.on_epoch_begin(epoch)
            one.on_epoch_end(epoch, logs)
    return types.SimpleNamespace(history={{name: [seen] * epochs for name, seen in logs.items()}})
keras.Model.train_on_batch = lambda *batch: 0.5
{_INSTEAD}"""
# Lesson 4's exam asks what one network has learned, and lesson 5 opens one that has no name. It passes, and
# can be opened, after one epoch.
CNN_IN_FULL = "IN_EARNEST = {'CNN': {}}\n"
CNN_FOR_AN_EPOCH = "IN_EARNEST = dict.fromkeys(('CNN', ''), {'epochs': 1})\n"
