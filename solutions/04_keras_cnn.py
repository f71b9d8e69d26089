# %% [markdown]
# So far you chose the kernels. Now a network chooses them: it looks at 20,000 pictures of clothes, and ends
# with kernels that tell a sneaker from a sandal. At the end of this lesson you can
#
# - build that network, and the plain one that it has to beat,
# - say the size of every map and the number of every layer's weights *before* you run anything,
# - train it with Keras, and say what each line of that does,
# - tell accuracy from the accuracy that only looks like it,
# - find out what a network confuses, and where it stops working.

# %%
import numpy as np

import helpers
from course import check, predict, progress, yours
from helpers import pictures, training

keras = training.load_keras()

# %% [markdown]
# ## Clothes
#
# [Fashion-MNIST](https://github.com/zalandoresearch/fashion-mnist) is 70,000 small photographs from a
# shop: 28 × 28 grey pixels each, of ten classes. The course brings 25,000 of them along.
#
# `FULL = True` takes all 70,000 and twice the kernels. Without a GPU, training then takes minutes instead of
# seconds (`course data` fetches the images).

# %%
FULL = False

data = helpers.fashion_mnist(full=FULL)
FILTERS = 64 if FULL else 32
print(data.source)

# %%
first_of_each = [int(np.argmax(data.train_labels == number)) for number in range(10)]
titles = [f"{number}: {name}" for number, name in enumerate(helpers.CLASS_NAMES)]
pictures.examples(data.train_images[first_of_each], titles)

# %% [markdown]
# There are two piles: *training* images, from which the network learns, and *test* images, which it
# never learns from. We call those **held-out**. They decide whether a number means anything.

# %% predict="the_last_1"
predict.the_last_1(...)

# %% [markdown]
# ### Build: `prepare`
#
# A network wants small numbers, and it wants to know how many **channels** a pixel has. A colour
# photograph has three, these have one.
#
# Write a function that takes `(N, 28, 28)` bytes and returns `(N, 28, 28, 1)` values of type `float32`,
# from 0 to 1.


# %% exercise="prepare"
def prepare(images):
    """Return bytes (N, 28, 28) as float32 (N, 28, 28, 1) in 0..1."""
    ### BEGIN SOLUTION
    return (images / 255).astype(np.float32)[..., np.newaxis]
    ### END SOLUTION


# %% check="prepare"
# Stuck? check.prepare.hint()
check.prepare(prepare)

# %%
train_images, test_images = yours.prepare(data.train_images), yours.prepare(data.test_images)
for name, batch in {"before": data.train_images, "after": train_images}.items():
    print(f"{name}: {batch.shape[1:]} {batch.dtype}, {batch.min()} to {batch.max()}")

# %% [markdown]
# (`yours.prepare` is your function once it has passed its check, and the course's until then.)

# %% [markdown]
# ## The one to beat
#
# A number is good or bad only beside another one. So first a network without any convolution:
#
# 1. the input, `(28, 28, 1)`,
# 2. `Flatten`: the 784 pixels in one row,
# 3. `Dense(128)` with ReLU: 128 units, each with one weight for each pixel,
# 4. `Dense(10)` with softmax: ten numbers, one for each class. We read them as probabilities.
#
# ReLU you built in lesson 3. **Softmax** raises $e$ to each number and divides by the sum. So all become positive,
# they add up to 1, and the largest stays the largest.
#
# In Keras a list of layers is a `keras.Sequential([...])`. It begins with one `keras.Input(shape=...)`; each
# layer learns from the one before it what comes in.

# %% predict="keras_model"
predict.keras_model(...)

# %%
print("is there a keras.model?  ", hasattr(keras, "model"))
print("is there a keras.models? ", hasattr(keras, "models"))
print("keras.models.Sequential is keras.Sequential:", keras.models.Sequential is keras.Sequential)

# %% [markdown]
# ### Build: `build_dense`


# %% exercise="build_dense"
def build_dense():
    """Return the dense network, not compiled: 101,770 weights."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input(shape=(28, 28, 1)),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    ### END SOLUTION


# %% check="build_dense"
# Stuck? check.build_dense.hint()
check.build_dense(build_dense)

# %% [markdown]
# It has 784 × 128 weights and 128 biases, then 128 × 10 and 10: together 101,770. For this network a shirt that
# sits one pixel further right is a different picture: every pixel has weights of its own.

# %% [markdown]
# ## The convolutional one
#
# Put the block of lesson 3, convolution, ReLU and pool, in front, twice:
#
# `Conv2D(64, 3, relu)` → `MaxPooling2D(2)` → `Conv2D(64, 3, relu)` → `MaxPooling2D(2)` → `Flatten` →
# `Dense(128, relu)` → `Dense(10, softmax)`
#
# `Conv2D(64, 3)` has 64 filters of 3×3. Each makes one map, which books call a **feature map**.

# %% predict="first_kernels"
predict.first_kernels(...)

# %% [markdown]
# ### Build: `build_cnn`


# %% exercise="build_cnn"
def build_cnn(filters=64):
    """Return the convolutional network, not compiled: 243,786 weights at 64 filters."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input(shape=(28, 28, 1)),
            keras.layers.Conv2D(filters, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Conv2D(filters, 3, activation="relu"),
            keras.layers.MaxPooling2D(2),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    ### END SOLUTION


# %% check="build_cnn"
# Stuck? check.build_cnn.hint()
check.build_cnn(build_cnn)

# %% [markdown]
# ## One image's journey
#
# ### Predict: `predicted_shapes`
#
# Take the network with 64 filters. What shape comes out of each of its seven layers, for one image?
# You have all you need: lesson 1 for the kernels, lesson 3 for the pools. Write the three numbers of a
# map as `(rows, columns, maps)`. From Flatten on, it is one number.

# %% exercise="predicted_shapes"
predicted_shapes = ...  # your list of seven shapes; the first is (26, 26, 64)
### BEGIN SOLUTION
predicted_shapes = [(26, 26, 64), (13, 13, 64), (11, 11, 64), (5, 5, 64), 1600, 128, 10]
### END SOLUTION

# %% check="predicted_shapes"
# Stuck? check.predicted_shapes.hint()
check.predicted_shapes(predicted_shapes)

# %% predict="into_the_second"
predict.into_the_second(...)

# %% [markdown]
# Now let Keras say it. Read its table from top to bottom, as the journey of one image. `None` stands
# for the number of images in a batch: any. Keras names a layer after its kind and counts: `conv2d_6` is the
# seventh Conv2D that this notebook has made, your check's included.

# %% tags=["nbval-ignore-output"]
yours.build_cnn().summary()

# %%
names = ["Conv2D", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Flatten", "Dense", "Dense"]
journey = [("image", (28, 28, 1)), *zip(names, yours.predicted_shapes, strict=True)]
pictures.feature_flow(journey)

# %% [markdown]
# - **28 becomes 26** because the kernel is 3×3: one row is lost on *each* side.
# - **The second Conv2D's input is 13 × 13 × 64.** Each of its filters looks at all 64 maps at once, as your
#   `conv_channels` of lesson 3 does.
# - Each map shrinks, to a quarter with every pool. But there are 64 of them: 784 pixels go in, and
#   5 × 5 × 64 = 1,600 numbers arrive at Flatten.

# %% [markdown]
# ## Where the weights are
#
# A filter that looks at one channel has 3 × 3 = 9 weights and one bias, a number that is added at the
# end. What if it looks at 64 channels?
#
# ### Build: `conv_parameters`


# %% exercise="conv_parameters"
def conv_parameters(kernel_size, channels, filters):
    """Return how many numbers a Conv2D layer learns, biases too."""
    ### BEGIN SOLUTION
    return (kernel_size * kernel_size * channels + 1) * filters
    ### END SOLUTION


# %% check="conv_parameters"
# Stuck? check.conv_parameters.hint()
check.conv_parameters(conv_parameters)

# %% [markdown]
# ### Predict: `predicted_parameters`
#
# How many numbers does each of the seven layers learn, with 64 filters?

# %% exercise="predicted_parameters"
predicted_parameters = ...  # your list of seven numbers; the first is 640
### BEGIN SOLUTION
predicted_parameters = [640, 0, 36_928, 0, 0, 204_928, 1_290]
### END SOLUTION

# %% check="predicted_parameters"
# Stuck? check.predicted_parameters.hint()
check.predicted_parameters(predicted_parameters)

# %%
numbered = [f"{place}. {name}" for place, name in enumerate(names, start=1)]
pictures.bars(
    dict(zip(numbered, yours.predicted_parameters, strict=True)),
    "numbers that are learned",
    title=f"Together {sum(yours.predicted_parameters):,}",
)

# %% [markdown]
# The two convolutions, which do the seeing, have 15% of the weights. One Dense layer has 84%.
#
# ### Predict: `predicted_without_second_block`
#
# Take the second Conv2D and the second MaxPooling2D away. The network becomes shorter. Does it become
# smaller? Work out how many numbers it learns then, **before** you build it.

# %% exercise="predicted_without_second_block"
predicted_without_second_block = ...  # your number
### BEGIN SOLUTION
predicted_without_second_block = 640 + (13 * 13 * 64 + 1) * 128 + 1_290
### END SOLUTION

# %% check="predicted_without_second_block"
# Stuck? check.predicted_without_second_block.hint()
check.predicted_without_second_block(predicted_without_second_block)


# %%
def build_with_convolutions(count, filters=64):
    """Return the network with so many convolutions, each with its pool."""
    network = keras.Sequential([keras.Input(shape=(28, 28, 1))])
    for _ in range(count):
        network.add(keras.layers.Conv2D(filters, 3, activation="relu"))
        network.add(keras.layers.MaxPooling2D(2))
    network.add(keras.layers.Flatten())
    network.add(keras.layers.Dense(128, activation="relu"))
    network.add(keras.layers.Dense(10, activation="softmax"))
    return network


for count in (1, 2, 3, 4):
    try:
        print(count, "convolutions:", f"{build_with_convolutions(count).count_params():9,} numbers")
    except ValueError:
        print(count, "convolutions: there is nothing left to convolve")

# %% [markdown]
# One pair less, and there is **5.7 times** as much to learn. The second convolution's own 36,928 are gone, but
# Flatten now hands 10,816 numbers to the Dense layer, and each of them has 128 weights.
#
# A third pair makes it smaller still: the maps go from 5 to 3, and the pool makes 1 of 3. For a fourth, nothing
# is left: a 3×3 kernel does not fit on a 1×1 map.

# %% [markdown]
# ## Train it
#
# To train is to repeat one step: show the network 64 images, a **batch**, look at how wrong its ten
# probabilities are, and move each weight a little in the direction that makes it less wrong. (In lesson 6
# you build how a step finds it.) Once every training image has had its turn, one **epoch** is over.
#
# How wrong it is, is one number, the **loss**. For classes it is the **cross-entropy**: minus the natural
# logarithm of the probability that the right class got. Being sure and right costs nothing.

# %% predict="knows_nothing"
predict.knows_nothing(...)

# %%
for probability in (0.99, 0.9, 0.5, 0.1, 0.01):
    print(f"{probability:4.0%} for the right class costs {-np.log(probability):.2f}")

# %% [markdown]
# In Keras, training takes two calls, and measuring one:
#
# - `compile` says how to learn: which **optimizer** moves the weights (Adam, in steps of about 0.001), which
#   loss is to become small, and what else to report. *Sparse* means that a label is a class number.
# - `fit` does the epochs. After each, it measures on the `validation_data` too: `val_loss`, `val_accuracy`.
# - `evaluate` measures once more, whenever you like.

# %% tags=["nbval-ignore-output"]
held_out = (test_images, data.test_labels)

keras.utils.set_random_seed(0)
plain = yours.build_cnn(FILTERS)
plain.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
plain_history = plain.fit(
    train_images, data.train_labels, batch_size=64, epochs=4, validation_data=held_out, verbose=2
)
loss, accuracy = plain.evaluate(*held_out, verbose=0)
print(f"held-out: cross-entropy {loss:.2f}, {accuracy:.1%} right")

# %% [markdown]
# ## Only 1,000 images
#
# `accuracy` is of the images that it learns from. Why measure on others? Let the dense network learn only
# 1,000 images, forty times each.

# %% predict="a_thousand_images"
predict.a_thousand_images(...)

# %% tags=["nbval-ignore-output"]
keras.utils.set_random_seed(0)
by_heart = yours.build_dense()
by_heart.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
heart = by_heart.fit(
    train_images[:1000],
    data.train_labels[:1000],
    epochs=40,
    validation_data=held_out,
    validation_batch_size=500,
    verbose=0,
).history
pictures.lines(
    {"training images": heart["accuracy"], "held-out images": heart["val_accuracy"]},
    "epoch",
    "share of images that are right",
)

# %% tags=["nbval-ignore-output"]
for epoch in (10, 20, 40):
    at = {name: values[epoch - 1] for name, values in heart.items()}
    print(
        f"epoch {epoch}: training {at['accuracy']:.0%}, cross-entropy {at['loss']:.2f};"
        f" held-out {at['val_accuracy']:.0%}, cross-entropy {at['val_loss']:.2f}"
    )

# %% [markdown]
# The two part. It knows the 1,000 nearly by heart. On held-out images it stops getting better, and its
# cross-entropy even rises: it grows surer of what it gets wrong. This is **overfitting**. More images help, and so
# does stopping in time.
#
# Other courses show a network like ours that reaches 99.8% on handwritten digits. What do you ask about such a
# number?

# %% predict="new_digits"
predict.new_digits(...)

# %% [markdown]
# (These numbers are another course's, not ours.)
#
# ## Another recipe
#
# Plain Adam takes steps of one size. `training.train` makes the three calls from above, and adds one thing: a
# learning rate that starts small, rises to four times that much, and then falls to nothing along a cosine. (It also
# shows one bar for all epochs, and when you stop it, it loses none: run the cell again, and it goes on.)

# %%
steps = 4 * int(np.ceil(20_000 / 64))
schedule = training.warm_up_and_cosine(steps)
at = np.arange(0, steps + 1, 25)
pictures.lines(
    {
        "warm-up and cosine": (at / steps * 4, [float(schedule(step)) for step in at]),
        "plain Adam": (at / steps * 4, np.full(len(at), 0.001)),
    },
    "epoch",
    "learning rate",
)

# %% [markdown]
# The same four epochs for a dense network of 101,770 weights, and for a convolutional one of 113,386 (32
# filters, to save your time).

# %% predict="after_the_recipe"
predict.after_the_recipe(...)

# %% predict="dense_or_cnn"
predict.dense_or_cnn(...)

# %%
keras.utils.set_random_seed(0)
dense = yours.build_dense()
keras.utils.set_random_seed(0)
cnn = yours.build_cnn(FILTERS)
print(f"dense: {dense.count_params():,} numbers, CNN: {cnn.count_params():,} numbers")

# %% tags=["nbval-ignore-output"]
dense_history = training.train(dense, train_images, data.train_labels, held_out, name="dense")

# %% tags=["nbval-ignore-output"]
cnn_history = training.train(cnn, train_images, data.train_labels, held_out, name="CNN")

# %% tags=["nbval-ignore-output"]
pictures.lines(
    {
        "CNN": cnn_history.val_accuracy,
        "CNN, plain Adam": plain_history.history["val_accuracy"],
        "dense": dense_history.val_accuracy,
    },
    "epoch",
    "share of held-out images that are right",
)

# %% tags=["nbval-ignore-output"]
for name, history in {"dense": dense_history, "CNN": cnn_history}.items():
    print(
        f"{name:5}  training {history.accuracy[-1]:.1%}  held-out {history.val_accuracy[-1]:.1%}"
        f"  {np.median(history.seconds):.1f} s for an epoch"
    )

# %% [markdown]
# With large steps a network gets far quickly, but each batch pushes it somewhere else. With small steps it
# settles, but gets nowhere in time. So large ones come first and small ones last: look at the second
# half of the lines.
#
# **These numbers are of one seed.** With other random numbers at the start, each of them moves by about half a
# percent. So we trained both networks with 25 seeds:
#
# | held-out accuracy, 25 seeds | mean | lowest |
# |---|--:|--:|
# | CNN, 32 filters | 88.5% | 88.1% |
# | dense | 86.4% | |
# | CNN minus dense, same seed | **2.1 points** | **1.3 points** |
#
# `.venv/bin/python benchmarks/training.py --seeds 25` makes the table again.
#
# ## Move the clothes
#
# Two points are not much. But all these clothes sit neatly in the middle. Move the
# held-out ones to the right by a few pixels, and train nothing again.

# %% predict="moved_by_four"
predict.moved_by_four(...)


# %%
def share_right(network, images):
    """Return the share of held-out images that a network has right."""
    return np.mean(
        network.predict(images, batch_size=500, verbose=0).argmax(axis=1) == data.test_labels
    )


# %% tags=["nbval-ignore-output"]
print("moved by   CNN    dense")
for pixels in (0, 1, 2, 4):
    moved = np.roll(test_images, pixels, axis=2)  # what leaves on the right comes in on the left
    print(f"{pixels} pixels  {share_right(cnn, moved):6.1%} {share_right(dense, moved):6.1%}")

# %% [markdown]
# A convolution finds the same edge one pixel further on, and the pool forgives a pixel or two. At 1 pixel the
# CNN is ahead by 6 points or more, at 2 by 18 or more, for each of three seeds (`python
# benchmarks/training.py --seeds 3`). That is why convolution wins.
#
# And that is where it ends. Behind Flatten every place has weights of its own, here too, and four pixels are more
# than two pools can forgive. If you need more, train with moved images.
#
# ## Does it need the ReLU?
#
# What is it worth that negatives become 0? Train four small networks, with and without ReLU behind the
# convolutions, with a max pool and with an average pool.

# %% predict="without_relu"
predict.without_relu(...)


# %% tags=["nbval-ignore-output"]
def build_with(activation, pool):
    """Return a small network with this behind its convolutions, and this pool."""
    network = keras.Sequential([keras.Input(shape=(28, 28, 1))])
    for _ in range(2):
        network.add(keras.layers.Conv2D(16, 3, activation=activation))
        network.add(pool(2))
    network.add(keras.layers.Flatten())
    network.add(keras.layers.Dense(128, activation="relu"))
    network.add(keras.layers.Dense(10, activation="softmax"))
    return network


reached = {}
for activation in ("relu", "linear"):
    for pool in (keras.layers.MaxPooling2D, keras.layers.AveragePooling2D):
        keras.utils.set_random_seed(0)
        name = f"{activation}, {pool.__name__}"
        reached[name] = training.train(
            build_with(activation, pool),
            train_images[:20_000],
            data.train_labels[:20_000],
            held_out,
            epochs=2,
            name=name,
        ).val_accuracy[-1]
pictures.bars({name: 100 * right for name, right in reached.items()}, "percent of held-out images")

# %% [markdown]
# With the max pool nothing is lost. The largest of four is not a sum of weights, so something that is not
# linear is left without the ReLU. A mean *is* such a sum: with the average pool and no ReLU, two
# convolutions and two pools do no more than one layer of larger kernels could.
#
# (With 32 filters and four epochs: 88.5% with ReLU and 88.5% without it behind a max pool, 87.7% and 85.1%
# behind an average pool; means of three seeds, `.venv/bin/python benchmarks/training.py --relu 3`.)

# %% [markdown]
# ## Stop when it is good enough
#
# You need not know beforehand how many epochs it takes. Keras calls a **callback** after each epoch and
# tells it what was measured: `logs` is a dictionary with `accuracy`, `loss`, `val_accuracy` and
# `val_loss`. A callback ends the training by setting `self.model.stop_training = True`.
#
# ### Build: `StopAtAccuracy`
#
# `StopAtAccuracy(0.85)` should stop once the accuracy on **held-out** images reaches 85%.


# %% exercise="StopAtAccuracy"
class StopAtAccuracy(keras.callbacks.Callback):
    """Stop the training once the accuracy on held-out images reaches `target`."""

    def __init__(self, target):
        super().__init__()
        self.target = target

    def on_epoch_end(self, epoch, logs=None):
        ### BEGIN SOLUTION
        if logs["val_accuracy"] >= self.target:
            self.model.stop_training = True
        ### END SOLUTION


# %% check="StopAtAccuracy"
# Stuck? check.StopAtAccuracy.hint()
check.StopAtAccuracy(StopAtAccuracy)

# %% tags=["nbval-ignore-output"]
keras.utils.set_random_seed(1)
stopped = training.train(
    yours.build_dense(),
    train_images,
    data.train_labels,
    held_out,
    epochs=10,
    callbacks=[yours.StopAtAccuracy(0.86)],
    name="until 86%",
)
print(f"Stopped after epoch {len(stopped)} of 10, with {stopped.val_accuracy[-1]:.1%} held-out.")
too_early = stopped.val_accuracy[: 1 + sum(accuracy < 0.86 for accuracy in stopped.accuracy)]
print(f"By training accuracy: after epoch {len(too_early)}, with {too_early[-1]:.1%} held-out.")

# %% [markdown]
# If it looked at `accuracy` instead, it would stop earlier: the last line says when.
#
# Mind what has happened here. The network did not learn from the held-out images, but *you* chose the moment by
# them. So they are a little flattering now. Images by which one chooses are called a **validation set**. To say how
# good a network is, you need others, which nobody has looked at: the exam further down.

# %% [markdown]
# ## What it takes for what
#
# 88% is one number for ten classes. Which ones are hard?
#
# ### Build: `confusion_matrix`
#
# Two arrays of class numbers come in: the true ones and the predicted ones. A 10 × 10 array of counts
# goes out. **Rows are true classes**, columns are predicted ones: one image of class 3 that was taken
# for 5 adds 1 in row 3, column 5.


# %% exercise="confusion_matrix"
def confusion_matrix(labels, predictions):
    """Return 10x10 counts; rows are true classes, columns predicted ones."""
    ### BEGIN SOLUTION
    matrix = np.zeros((10, 10), dtype=int)
    for true, predicted in zip(labels, predictions):
        matrix[true, predicted] += 1
    return matrix
    ### END SOLUTION


# %% check="confusion_matrix"
# Stuck? check.confusion_matrix.hint()
check.confusion_matrix(confusion_matrix)

# %% tags=["nbval-ignore-output"]
probabilities = cnn.predict(test_images, batch_size=500, verbose=0)
taken_for = probabilities.argmax(axis=1)
matrix = yours.confusion_matrix(data.test_labels, taken_for)
pictures.confusion(matrix, helpers.CLASS_NAMES)

# %% predict="hardest_class"
predict.hardest_class(...)

# %% tags=["nbval-ignore-output"]
right = matrix.diagonal() / matrix.sum(axis=1)
pictures.bars(
    {helpers.CLASS_NAMES[number]: 100 * right[number] for number in np.argsort(right)},
    "percent of held-out images of this class that are right",
)

# %% [markdown]
# At 28 × 28 pixels a shirt is a T-shirt with sleeves, or a coat without a zip. Now look at the held-out images for
# which the network was **most sure, and wrong**. Would you have known?

# %% tags=["nbval-ignore-output"]
wrong = np.flatnonzero(taken_for != data.test_labels)
surest = wrong[np.argsort(probabilities[wrong].max(axis=1))[::-1][:10]]
name = helpers.CLASS_NAMES
pictures.examples(
    data.test_images[surest],
    [
        f"{name[data.test_labels[i]]}, taken for {name[taken_for[i]]} ({probabilities[i].max():.0%})"
        for i in surest
    ],
)

# %% [markdown]
# ## The exam
#
# Here are 2,000 more images. Your network has not seen them, their labels are not in this notebook, and
# nothing was chosen by them.

# %%
exam_images = helpers.datasets.exam_images()
pictures.examples(exam_images[:10], [f"exam image {number}" for number in range(10)])

# %% [markdown]
# ### Build: `predictions`
#
# Let your trained `cnn` say, for each of `exam_images`, how probable each class is: an array of shape
# `(2000, 10)`. It passes with 75% right. (One epoch of plain Adam gives 80.8% on average, and 77.5% with the
# poorest of 36 seeds. So nobody who trained a network and prepared the images fails by bad luck.)

# %% exercise="predictions"
predictions = ...  # your (2000, 10) probabilities
### BEGIN SOLUTION
predictions = cnn.predict(yours.prepare(exam_images), batch_size=500, verbose=0)
### END SOLUTION

# %% check="predictions"
# Stuck? check.predictions.hint()
check.predictions(predictions)

# %% [markdown]
# ## Break it
#
# Send the exam's images to the network as bytes, without `prepare`.

# %% predict="as_bytes"
predict.as_bytes(...)

# %% tags=["nbval-ignore-output"]
careless = cnn.predict(exam_images[..., np.newaxis].astype("float32"), batch_size=500, verbose=0)
careful = cnn.predict(yours.prepare(exam_images), batch_size=500, verbose=0)
for name, answers in {"prepared": careful, "as bytes": careless}.items():
    sure = (answers.max(axis=1) > 0.999).mean()
    print(f"{name}: more than 99.9% sure of {sure:.0%} of the images")
print(f"The two agree on {(careless.argmax(axis=1) == careful.argmax(axis=1)).mean():.0%} of them.")

# %% [markdown]
# This is the worst kind of bug. No error appears, and most answers are still right. But the network is now
# certain of everything, even of what it gets wrong.

# %% [markdown]
# ## Questions that usually stay open
#
# Each network trained with the recipe above, four epochs on the 20,000 images; means of three seeds. Time is
# processor time, beside the network that you trained.
#
# | network | weights | training | held-out | time |
# |---|--:|--:|--:|--:|
# | two convolutions, 16 filters | 55,098 | 89.2% | 87.5% | 0.6 × |
# | **two convolutions, 32 filters** | 113,386 | 90.6% | **88.5%** | **1 ×** |
# | two convolutions, 64 filters | 243,786 | 91.9% | 89.0% | 2.6 × |
# | one convolution, 64 filters | 1,386,506 | 94.2% | 89.5% | 2.1 × |
# | three convolutions, 64 filters | 84,106 | 88.2% | 86.7% | 2.6 × |
#
# - **16, 32 or 64 filters?** The first doubling buys a point, the second half a point for more than
#   twice the time.
# - **One convolution?** It does *not* get worse on clothes. But it is 5.7 times as large as two, and learns more by
#   heart: training and held-out are 4.7 points apart instead of 2.9.
# - **Three?** Worse. Its last map is 1×1: the network knows *what* it saw, and no longer *where*.
#
# To run them yourself, set `MEASURE = True`. It takes several minutes on two cores.

# %% tags=["nbval-ignore-output"]
MEASURE = False

if MEASURE:
    for count, filters in [(2, 16), (2, 32), (2, 64), (1, 64), (3, 64)]:
        keras.utils.set_random_seed(0)
        network = build_with_convolutions(count, filters)
        name = f"{count} convolutions, {filters} filters"
        training.train(network, train_images, data.train_labels, held_out, name=name)

# %% [markdown]
# **And digits instead of clothes?** Handwritten digits (MNIST) have the same size, and there are ten of them.
# Keras fetches them, 11 MB. Without the internet the cell says so.

# %% tags=["nbval-ignore-output"]
DIGITS = False

if DIGITS:
    try:
        training_digits, test_digits = keras.datasets.mnist.load_data()
    except Exception as error:
        print(f"No digits today: {error}")
    else:
        keras.utils.set_random_seed(0)
        (digits, labels), (more_digits, more_labels) = training_digits, test_digits
        held_out_digits = (yours.prepare(more_digits), more_labels)
        digit_network = yours.build_cnn(32)
        training.train(digit_network, yours.prepare(digits), labels, held_out_digits, name="digits")

# %% [markdown]
# ## What you learned
#
# - A convolutional network is a stack of what you built by hand: convolve, ReLU, pool, twice. Then two
#   dense layers.
# - 28, 26, 13, 11, 5: you can say every shape beforehand, and 640, 36,928, 204,928 and 1,290 weights.
# - `compile` says how to learn, `fit` learns, `evaluate` measures. The loss is cross-entropy.
# - Accuracy on training images says how well it remembers. Held-out images say how well it sees, as long as
#   nothing was chosen by them.
# - On clothes in the middle it beats a dense network of the same size by 2.1 points; on clothes moved by two
#   pixels, by 18 or more.
#
# **Next:** `05_inside_the_network`. You will open this network, look at what all its channels see, and
# find the 577 of lesson 1 inside it.

# %% tags=["nbval-ignore-output"]
progress()
