# %% [markdown]
# In lesson 4 you trained a network, and it was right about nine times in ten. In this lesson you open
# it. At the end you can
#
# - put a kernel of your own into a Keras layer, and get 577 out of it again,
# - see what every layer makes of one image, from one call,
# - say where a network's kernels come from: not from a textbook,
# - find channels that never answer,
# - compute a prediction yourself, in NumPy, to the last digit that matters.
#
# Nothing in a network is magic. By the end of this lesson you will have computed all of it by hand.

# %%
import numpy as np

import helpers
from course import check, predict, progress, yours
from helpers import pictures, stepper, training

keras = training.load_keras()

# %% [markdown]
# ## 577 again
#
# Do you remember the first window of this course, and the first kernel? Nine products, one sum: 577.
#
# A `Conv2D` layer of Keras does the same: slide, multiply, add, no flip. So it must give the same number.
# Lesson 1 claimed that. Now you check it.
#
# Two things stand in the way, and both are shapes:
#
# - A layer takes a **batch** of images with **channels**: `(images, height, width, channels)`. One grey
#   3×3 window is a batch of shape `(1, 3, 3, 1)`.
# - A layer keeps all its kernels in **one array**: `(height, width, in_channels, filters)`. The last
#   1 that you see so often in these shapes is a number of channels or of filters.

# %% [markdown]
# ### Build: `to_keras_kernel`
#
# Turn a kernel of shape `(height, width)` into one of shape `(height, width, 1, 1)`: one channel goes
# in, one filter comes out. The values stay where they are.


# %% exercise="to_keras_kernel"
def to_keras_kernel(kernel):
    """Return the kernel, (h, w), with two more axes: (h, w, 1, 1)."""
    ### BEGIN SOLUTION
    return kernel[:, :, np.newaxis, np.newaxis]
    ### END SOLUTION


# %% check="to_keras_kernel"
# Stuck? check.to_keras_kernel.hint()
check.to_keras_kernel(to_keras_kernel)

# %% [markdown]
# ### Build: `keras_convolve`
#
# Make a `keras.layers.Conv2D` with **one filter**, the kernel's size and **no bias**, give it your
# kernel, and let it look at the image. What comes back is a plain array of shape `(H-kh+1, W-kw+1)`.
#
# Three things to know about Keras layers:
#
# - `layer.build((None, None, None, 1))` makes the layer's weights, for images of any size with 1
#   channel. Before that it has none.
# - `layer.set_weights([...])` puts arrays in their place, here one.
# - `np.asarray(layer(batch))` is the output as an array, still with batch and channel.

# %% predict="out_of_3x3"
predict.out_of_3x3(...)


# %% exercise="keras_convolve"
def keras_convolve(image, kernel):
    """Convolve an image, (H, W), with a kernel, (kh, kw), in a Conv2D layer: (H-kh+1, W-kw+1)."""
    ### BEGIN SOLUTION
    layer = keras.layers.Conv2D(1, kernel.shape, use_bias=False)
    layer.build((None, None, None, 1))
    layer.set_weights([to_keras_kernel(kernel)])
    batch = image[np.newaxis, :, :, np.newaxis].astype("float32")
    return np.asarray(layer(batch))[0, :, :, 0]
    ### END SOLUTION


# %% check="keras_convolve"
# Stuck? check.keras_convolve.hint()
check.keras_convolve(keras_convolve)

# %%
window = np.array([[0, 64, 128], [48, 192, 144], [142, 226, 168]])
kernel = np.array([[-1, 0, -2], [0.5, 4.5, -1.5], [1.5, 2, -3]])

print("In Keras:           ", np.asarray(yours.keras_convolve(window, kernel))[0, 0])
print("By hand, in lesson 1:", yours.convolve_pixel(window, kernel))
print("True convolution:   ", helpers.true_convolution(window, kernel)[0, 0])

# %% [markdown]
# One number came out, and it is the right one. (`yours.keras_convolve` is your function once it has
# passed its check, the course's until then.)
#
# What works for one window works for a photograph. Here the vertical edge kernel of lesson 2 looks at
# the staircase, through a real `Conv2D`:

# %%
staircase = helpers.photograph()[200:456, 200:456]
through_keras = np.asarray(yours.keras_convolve(staircase, helpers.VERTICAL))
difference = np.abs(through_keras - helpers.conv2d(staircase, helpers.VERTICAL)).max()
print("the same as our own conv2d:", bool(difference < 0.001))

pictures.side_by_side({"in": staircase, "out of Conv2D": through_keras})

# %% [markdown]
# ## A network to open
#
# You need a trained network. This cell trains the one of lesson 4, with 16 filters so that all of them
# fit on your screen. It takes about ten seconds.
#
# First the data, as in lesson 4: 20,000 images to learn from, 5,000 held out.

# %%
clothes = helpers.fashion_mnist()
images = yours.prepare(clothes.train_images[:20_000])
held_out, labels = yours.prepare(clothes.test_images[:5_000]), clothes.test_labels[:5_000]
print(images.shape, held_out.shape)

# %% [markdown]
# Before the next cell trains, it puts the kernels of the first layer aside. You will want to compare.

# %% tags=["nbval-ignore-output"]
keras.utils.set_random_seed(577)
trained = yours.build_cnn(16)
kernels_before = trained.get_weights()[0]

history = training.train(
    trained, images, clothes.train_labels[:20_000], (held_out, labels), epochs=3
)
print(f"Right on held-out images: {history.val_accuracy[-1]:.1%}")

# %% [markdown]
# There is more than one way to write this network: with ReLU inside the convolution or as a layer of its
# own, with dropout or without. What it has learned is the same eight arrays in each of them, and
# `get_weights()` gives them in order. This lesson looks at one layer after another. So that it means the
# same layers as you do, move your eight arrays into the seven layers that lesson 4 lists:


# %%
def in_seven_layers(network):
    """Return the network as lesson 4 lists it, with the weights of this one."""
    weights = network.get_weights()
    filters = weights[0].shape[-1]
    listed = keras.Sequential(
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
    listed.set_weights(weights)
    return listed


model = in_seven_layers(trained)
both = [network.predict(held_out[:500], verbose=0) for network in (trained, model)]
print("the same probabilities:", np.allclose(*both, atol=1e-4))

# %%
pictures.feature_flow(
    [("image", (28, 28, 1))]
    + [(type(layer).__name__, layer.output.shape[1:]) for layer in model.layers]
)

# %% [markdown]
# ## What every layer sees
#
# `model.predict` gives the last ten numbers. All that came before them is computed too, and thrown
# away. You want it.
#
# A Keras model is made of an input and outputs, and **any** tensor on the way can be an output. So you can
# make a second model of the same layers, which gives all of it. The layers are shared: nothing is
# trained again, and nothing is copied.

# %% [markdown]
# ### Build: `activation_model`
#
# Given a model, return a `keras.Model` with the same inputs and **a list of outputs: one for each layer**,
# in order. `model.inputs`, `model.layers` and `layer.output` are all you need.


# %% exercise="activation_model"
def activation_model(model):
    """Return a model of the same layers that gives every layer's output, in order."""
    ### BEGIN SOLUTION
    return keras.Model(inputs=model.inputs, outputs=[layer.output for layer in model.layers])
    ### END SOLUTION


# %% check="activation_model"
# Stuck? check.activation_model.hint()
check.activation_model(activation_model)

# %% [markdown]
# Now take one image from the held-out ones and look through the network with it: **one call**, seven
# outputs.


# %%
def look_through(network, batch):
    """Return what each layer makes of a batch, in order."""
    outputs = yours.activation_model(network).predict(batch, verbose=0)
    outputs = outputs.values() if isinstance(outputs, dict) else outputs  # a dict has names, too
    return [np.asarray(output) for output in outputs]


choice = 0
image = held_out[choice : choice + 1]
outputs = look_through(model, image)
for layer, output in zip(model.layers, outputs):
    print(f"{type(layer).__name__:<13}{output.shape}")

# %% [markdown]
# **Predict before you look.** The first layer has 16 kernels of 3×3. Lesson 2 had names for such
# kernels. Which kinds do you expect to find?

# %% tags=["nbval-ignore-output"]
pictures.channels(
    image[0, :, :, 0], outputs[0][0], title="After the first Conv2D and its ReLU: 26 x 26"
)

# %% [markdown]
# Each small picture is one channel: the answer of one kernel, everywhere in the image. Black is 0. Some
# answer to edges of one direction, some to the inside, some to the background, and some may be black
# altogether.
#
# Pooling makes the maps smaller and keeps the strong answers, as in lesson 3:

# %% tags=["nbval-ignore-output"]
pictures.channels(image[0, :, :, 0], outputs[1][0], title="After the first MaxPooling2D: 13 x 13")

# %% [markdown]
# The second convolution does not see the image. It sees the 16 maps above, **all of them at once**: its
# kernels have shape 3×3×16. So a channel here answers to a combination, such as "this edge above,
# and that one to the left".

# %% tags=["nbval-ignore-output"]
pictures.channels(
    image[0, :, :, 0], outputs[2][0], title="After the second Conv2D and its ReLU: 11 x 11"
)

# %% tags=["nbval-ignore-output"]
pictures.channels(image[0, :, :, 0], outputs[3][0], title="After the second MaxPooling2D: 5 x 5")

# %% [markdown]
# Not much of a shoe is left to see. The network does not need to see one: 400 numbers say what was where,
# and two dense layers decide.

# %% tags=["nbval-ignore-output"]
pictures.bars(
    {name: float(p) for name, p in zip(helpers.CLASS_NAMES, outputs[-1][0])},
    x_label="probability",
    title=f"The last layer. It is really: {helpers.CLASS_NAMES[labels[choice]]}",
)

# %% [markdown]
# Go back and set `choice` to another number, then run the cells from there. Which images make the network
# hesitate?

# %% [markdown]
# ## Where kernels come from
#
# **A network starts from random numbers**, not from edge detectors that somebody chose. Here is what the kernels of the first layer were before
# training, and what they are now:

# %% tags=["nbval-ignore-output"]
kernels_after = model.layers[0].get_weights()[0]
pictures.kernels(kernels_before)

# %% tags=["nbval-ignore-output"]
pictures.kernels(kernels_after)

# %% [markdown]
# The first set is noise. In the second, many kernels have a red and a blue side: they learned to find
# edges, and nobody told them to. Lesson 6 shows how.
#
# Here are these very kernels at work, each with its bias, on the image from above. Choose one, and look
# where it is red and where it is blue. **Predict** which edges of the image turn red: only those get
# through the ReLU. What comes out at the end is the channel of the same number that you saw above,
# after the first MaxPooling2D.

# %% tags=["nbval-ignore-output"]
biases = model.layers[0].get_weights()[1]
learned = {
    f"kernel {n}": helpers.Filter(kernels_after[:, :, 0, n], bias=biases[n])
    for n in range(len(biases))
}
stepper.network(image[0, :, :, 0], learned)

# %% [markdown]
# Random does not mean any size. If the numbers were large, the sums would grow from layer to layer; if
# they were tiny, the signal would die out. Xavier Glorot and Yoshua Bengio worked out a good size in
# [2010](https://proceedings.mlr.press/v9/glorot10a.html), and Keras uses it: every value is drawn evenly
# from $-\text{limit}$ to $+\text{limit}$, with
#
# $$\text{limit} = \sqrt{\frac{6}{\text{fan}_\text{in} + \text{fan}_\text{out}}}
#   = \sqrt{\frac{6}{k \cdot k \cdot \text{channels} + k \cdot k \cdot \text{filters}}}$$
#
# $\text{fan}_\text{in}$ counts the values that flow into one output, $\text{fan}_\text{out}$ the outputs
# that one value flows into.

# %% predict="how_large_at_first"
predict.how_large_at_first(...)

# %% [markdown]
# ### Build: `initial_limit`


# %% exercise="initial_limit"
def initial_limit(kernel_size, channels, filters):
    """Return how large the values of a new k x k kernel are at most, a float."""
    ### BEGIN SOLUTION
    fan_in = kernel_size * kernel_size * channels
    fan_out = kernel_size * kernel_size * filters
    return (6 / (fan_in + fan_out)) ** 0.5
    ### END SOLUTION


# %% check="initial_limit"
# Stuck? check.initial_limit.hint()
check.initial_limit(initial_limit)

# %%
fresh = keras.layers.Conv2D(64, 3)
fresh.build((None, 28, 28, 1))
drawn = fresh.get_weights()[0]
limit = yours.initial_limit(3, 1, 64)
print(f"limit for 3, 1, 64: {limit:.4f}")
print("all 576 new values within it:", bool(np.abs(drawn).max() <= limit))
print("and they come close to it:   ", bool(np.abs(drawn).max() > 0.95 * limit))

# %% [markdown]
# ## Channels that never answer
#
# ReLU replaces negative values by 0. A kernel whose sums are negative *everywhere, for every image* gives a
# channel of zeros. Nothing flows through it, so nothing can teach it to change: it is **dead**.
#
# One image can't tell. A channel may be silent for a shoe and loud for a shirt. You need a batch.

# %% [markdown]
# ### Build: `dead_channels`
#
# Given activations of shape `(N, H, W, C)`, count the channels that are 0 at every place of every image.
# Return an int.


# %% exercise="dead_channels"
def dead_channels(activations):
    """Count the channels of (N, H, W, C) that are 0 everywhere, over the whole batch."""
    ### BEGIN SOLUTION
    answers = activations.any(axis=(0, 1, 2))
    return int(np.sum(~answers))
    ### END SOLUTION


# %% check="dead_channels"
# Stuck? check.dead_channels.hint()
check.dead_channels(dead_channels)

# %% [markdown]
# **Predict before you run.** How many of the 16 channels of your network are dead?
#
# And what if the same network learns with a rate of 0.02, twenty times Adam's usual 0.001? Take 80 such
# steps with 64 images each, and count after every step:

# %% tags=["nbval-ignore-output"]
keras.utils.set_random_seed(577)
hasty = in_seven_layers(yours.build_cnn(16))
hasty.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.02), loss="sparse_categorical_crossentropy"
)
both_maps = keras.Model(hasty.inputs, [hasty.layers[0].output, hasty.layers[2].output])

counts = []
for step in range(80):
    batch = slice(64 * step, 64 * (step + 1))
    hasty.train_on_batch(images[batch], clothes.train_labels[batch])
    first, second = both_maps.predict(held_out[:500], verbose=0)
    counts.append((yours.dead_channels(first), yours.dead_channels(second)))

steps, (in_first, in_second) = np.arange(1, 81), zip(*counts)
pictures.lines(
    {"first convolution": (steps, in_first), "second": (steps, in_second)},
    x_label="step",
    y_label="dead channels, of 16",
)

# %% predict="badly_hurt"
predict.badly_hurt(...)

# %% tags=["nbval-ignore-output"]
for name, network in (("yours", model), ("hasty", hasty)):
    first, _, second, *_ = look_through(network, held_out[:500])
    right = np.mean(network.predict(held_out, verbose=0).argmax(axis=1) == labels)
    print(
        f"{name}: dead in the first layer {yours.dead_channels(first):>2} of 16,"
        f" in the second {yours.dead_channels(second):>2} of 16; {right:.0%} right"
    )

# %% [markdown]
# When this was written, yours had none and the hasty one ended with 13 and 13. No single step did it. In the
# second layer 14 of 16 were dead after eight steps; in the first it went on for thirty steps and more. Large
# steps had pushed those kernels so far that their sums are negative for every piece of clothing. Their
# gradient is 0 from then on, so nothing teaches them to come back.
#
# It is no law: in the second layer the line falls from 14 to 10 before it ends at 13. What such a channel
# sees are the maps of the first layer, and those go on changing.
#
# And the strange part: with three channels left in each layer, the hasty network was still right seven times in
# ten. **A network can be badly hurt and not look it.** Now you know where to look.

# %% [markdown]
# ## All of it by hand
#
# You have built every part: `conv_layer` is your convolution with channels (you will write it yourself in
# lesson 6; `helpers.conv_layer` is there already), then ReLU, then pooling. Two things are new.
#
# **Dense.** Every value times a weight to every unit, plus a bias. That is a matrix product:
#
# ```python
# values @ weights + bias
# ```
#
# **Softmax** turns ten scores into ten probabilities. $e^x$ makes each positive, and dividing by the
# sum makes them add up to 1:
#
# $$p_i = \frac{e^{s_i}}{e^{s_1} + e^{s_2} + \dots + e^{s_{10}}}$$
#
# Scores 2, 1 and 0 become 0.67, 0.24 and 0.09. The order stays.

# %%
for place, array in enumerate(model.get_weights()):
    print(place, array.shape)
print(f"{sum(array.nbytes for array in model.get_weights()) / 1024:.0f} KiB")

# %% [markdown]
# Eight arrays: kernels and biases, twice; weights and biases, twice. That is the whole network: 55,098
# numbers of four bytes.

# %% [markdown]
# ### Build: `forward`
#
# From `model.get_weights()` and one image of shape `(28, 28)`, already in 0..1, compute the ten
# probabilities in NumPy. `helpers.conv_layer(images, kernels, bias)` takes and gives batches,
# `(N, H, W, C)`; so do `helpers.max_pool2d` and `helpers.relu`.
#
# Flatten is `.reshape(-1)`: row by row, and at each place through all channels.
#
# The model of the check gives its weights and refuses to predict. That part is yours.


# %% exercise="forward"
def forward(model, image):
    """Return the 10 probabilities for an image, (28, 28), from the model's weights alone."""
    ### BEGIN SOLUTION
    k1, b1, k2, b2, w3, b3, w4, b4 = model.get_weights()
    maps = image[np.newaxis, :, :, np.newaxis]
    maps = helpers.max_pool2d(helpers.relu(helpers.conv_layer(maps, k1, b1)))
    maps = helpers.max_pool2d(helpers.relu(helpers.conv_layer(maps, k2, b2)))
    values = maps.reshape(-1)
    values = helpers.relu(values @ w3 + b3)
    powers = np.exp(values @ w4 + b4)
    return powers / powers.sum()
    ### END SOLUTION


# %% check="forward"
# Stuck? check.forward.hint()
check.forward(forward)

# %% [markdown]
# Now the test that counts: your function against Keras, on a hundred images that neither has seen.

# %%
hundred = held_out[:100]
theirs = model.predict(hundred, verbose=0)
mine = np.array([yours.forward(model, one[:, :, 0]) for one in hundred])
print("numbers compared:         ", mine.size)
print("equal to 0.0001:          ", bool(np.abs(mine - theirs).max() < 1e-4))
print("same class, of 100 images:", int(np.sum(mine.argmax(axis=1) == theirs.argmax(axis=1))))

# %% [markdown]
# A thousand numbers, no magic. From one window and nine products you have come to a network that tells
# shirts from shoes, and you can compute every number in it.

# %% [markdown]
# ## Break it
#
# What is ReLU good for? Take the network that you trained and leave out **both ReLUs of the
# convolutions**, without training again.
#
# **Predict before you run.** Does it still tell clothes apart? Ten classes, so guessing is right one time
# in ten.


# %% tags=["nbval-ignore-output"]
def share_right():
    """Return the share of the 5,000 held-out images that `model` has right."""
    return np.mean(np.asarray(model(held_out)).argmax(axis=1) == labels)


print(f"with ReLU:    {share_right():.0%} right")
convolutions = [model.layers[0], model.layers[2]]
for layer in convolutions:
    layer.activation = keras.activations.linear  # its sums go on as they are
print(f"without ReLU: {share_right():.0%} right")
for layer in convolutions:
    layer.activation = keras.activations.relu  # whole again

# %% [markdown]
# <details><summary>Why?</summary>
#
# Max pooling hides many of the negative answers, since it keeps the largest value of four. But wherever
# all four are negative, ReLU gave 0, and now a negative number goes on. The next layer has learned weights
# for numbers that are never negative; what it makes of the others was never taught to it. How much
# that costs depends on what your network learned, and you can read it above.
#
# </details>

# %% [markdown]
# ## What you learned
#
# - A `Conv2D` slides, multiplies and adds, with no flip: **577** in Keras too.
# - A batch is `(images, height, width, channels)`, a layer's kernels are
#   `(height, width, in_channels, filters)`.
# - Any layer's output can be a model's output: one call shows all of them.
# - Kernels **start random**, within ±0.1013 for 3×3, 1 channel and 64 filters. They are learned.
# - A dead channel is 0 everywhere, for the whole batch; one image can't tell.
# - The whole forward pass is a few lines of NumPy, and gives what `predict` gives.
#
# ## What comes next
#
# One question is open: *how* are kernels learned? In the last lesson, `06_learning_kernels`, you start
# from nine zeros and find an edge kernel, with a gradient that turns out to be an old acquaintance.

# %% tags=["nbval-ignore-output"]
progress()
