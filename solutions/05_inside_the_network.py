# %% [markdown]
# In lesson 4 you trained a network, and it was right about nine times in ten. In this lesson you open
# it. At the end you can
#
# - put a kernel of your own into a Keras layer, and get 577 out of it again,
# - see what every layer makes of one image, from one call, and how much of the image it sees,
# - build a whole convolutional layer, with channels in and channels out,
# - find channels that never answer,
# - compute a prediction yourself, all of it, in NumPy.

# %%
import numpy as np

import helpers
from course import check, predict, progress, yours
from helpers import pictures, stepper, training

# %% only="with Keras"
keras = training.load_keras()

# %% [markdown]
# ## 577 again
#
# Do you remember the first window of this course, and its kernel? Nine products, one sum: 577. A `Conv2D`
# layer slides, multiplies and adds, with no flip. So it must give the same number. Lesson 1 claimed
# that. Now you check it.
#
# Two shapes stand in the way:
#
# - A layer takes a **batch** of images with **channels**: `(images, height, width, channels)`. One grey
#   3×3 window is a batch of shape `(1, 3, 3, 1)`.
# - A layer keeps all its kernels in **one array**: `(height, width, in_channels, filters)`.

# %% [markdown]
# ### Build: `to_keras_kernel`
#
# Turn a kernel of shape `(height, width)` into one of shape `(height, width, 1, 1)`: for one channel and
# one filter. The values stay where they are.


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

print("By hand, in lesson 1:", yours.convolve_pixel(window, kernel))
print("True convolution:   ", helpers.true_convolution(window, kernel)[0, 0])

# %% only="with Keras"
print("In Keras:           ", np.asarray(yours.keras_convolve(window, kernel))[0, 0])

# %% [markdown] only="with Keras"
# One number came out, and it is the right one. (`yours.keras_convolve` is your function once it has
# passed its check, the course's until then.)

# %% [markdown]
# ## A network to open
#
# You need a trained network. The next cells train the one of lesson 4, with 16 filters so that all of
# them fit on your screen. The kernels of the first layer are put aside before: you will want to compare.

# %% [markdown] only="without Keras"
# Here a network stands in that was trained like that before you came, and `kernels_before` is what
# it began with. What its layers make of an image, the course computes in NumPy.

# %%
SHOES = ("Sandal", "Sneaker", "Ankle boot")
clothes = helpers.fashion_mnist()
images = yours.prepare(clothes.train_images[:20_000])
held_out, labels = yours.prepare(clothes.test_images[:5_000]), clothes.test_labels[:5_000]
print(images.shape, held_out.shape)

# %% only="with Keras" tags=["nbval-ignore-output"]
keras.utils.set_random_seed(577)
trained = yours.build_cnn(16)
kernels_before = trained.get_weights()[0]

history = training.train(
    trained, images, clothes.train_labels[:20_000], (held_out, labels), epochs=3
)
print(f"Right on held-out images: {history.val_accuracy[-1]:.1%}")

# %% [markdown] only="with Keras"
# A network can be written in more than one way: with ReLU inside the convolution or as a layer of its
# own, with dropout or without. What it has learned is the same eight arrays each time, and
# `get_weights()` gives them in order. Move yours into the seven layers that lesson 4 lists, so that
# this lesson means the same layers as you do:


# %% only="with Keras"
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

# %% only="with Keras"
pictures.feature_flow(
    [("image", (28, 28, 1))]
    + [(type(layer).__name__, layer.output.shape[1:]) for layer in model.layers]
)

# %% only="without Keras"
model, kernels_before = helpers.trained_network(), helpers.trained.kernels_before()
pictures.feature_flow(
    [("image", (28, 28, 1))]
    + [
        (type(one).__name__, made.shape[1:])
        for one, made in zip(model.layers, model.layer_outputs(held_out[:1]))
    ]
)

# %% [markdown]
# ## What every layer sees
#
# `model.predict` gives the last ten numbers. All that came before them is computed too, and thrown
# away. You want it.
#
# A Keras model is made of an input and outputs, and what **any** layer gives can be an output. So you
# can make a second model of the same layers, which gives all of it. The layers are shared: nothing is
# trained again.

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
# Now look through the network with one of the held-out images: **one call**, seven outputs.


# %% only="with Keras"
def look_through(network, batch):
    """Return what each layer makes of a batch, in order."""
    outputs = yours.activation_model(network).predict(batch, verbose=0)
    outputs = outputs.values() if isinstance(outputs, dict) else outputs  # a dict has names, too
    return [np.asarray(output) for output in outputs]


# %% only="without Keras"
def look_through(network, batch):
    """Return what each layer makes of a batch, in order."""
    return network.layer_outputs(batch)


# %%
choice = 0
image = held_out[choice : choice + 1]
outputs = look_through(model, image)
for layer, output in zip(model.layers, outputs):
    print(f"{type(layer).__name__:<13}{output.shape}")

# %% [markdown]
# The first layer has 16 kernels of 3×3. Lesson 2 gave names to such kernels. Do you find one of them
# again in what it made?

# %% tags=["nbval-ignore-output"]
pictures.channels(
    image[0, :, :, 0], outputs[0][0], title="After the first Conv2D and its ReLU: 26 x 26"
)

# %% [markdown]
# Each small picture is one **channel**, or **feature map**: the answer of one kernel, everywhere in the
# image. Black is 0. Some answer to edges of one direction, some to the inside of the shoe, some to the
# background. Pooling makes the maps smaller and keeps the strong answers, as in lesson 3:

# %% tags=["nbval-ignore-output"]
pictures.channels(image[0, :, :, 0], outputs[1][0], title="After the first MaxPooling2D: 13 x 13")

# %% [markdown]
# ## A whole layer
#
# The second convolution does not see the image. It sees the 16 maps above, **all of them at once**. Your
# `conv_channels` of lesson 3 does that for one image and one filter. A layer does more:
#
# - a batch of `N` images, of `C` channels each, comes in: `(N, H, W, C)`,
# - each of its `F` filters has a slice *for every channel*: `(kh, kw, C, F)`,
# - what a filter finds in the `C` channels is **added up**, to one map,
# - and each filter adds a number of its own, its **bias**: `(F,)`.

# %% predict="shape_of_a_layer"
predict.shape_of_a_layer(...)

# %% [markdown]
# ### Build: `conv_layer(images, kernels, bias)`
#
# `(N, H, W, C)` and `(kh, kw, C, F)` and `(F,)` in, `(N, H - kh + 1, W - kw + 1, F)` out. No ReLU. Loops
# over images and filters are fine: `yours.conv_channels` does the inner part.


# %% exercise="conv_layer"
def conv_layer(images, kernels, bias):
    """Return the layer's output, (N, H - kh + 1, W - kw + 1, F), as floats."""
    ### BEGIN SOLUTION
    count, height, width, _ = images.shape
    kh, kw, _, filters = kernels.shape
    out = np.zeros((count, height - kh + 1, width - kw + 1, filters))
    for n in range(count):
        for f in range(filters):
            out[n, :, :, f] = yours.conv_channels(images[n], kernels[:, :, :, f]) + bias[f]
    return out
    ### END SOLUTION


# %% check="conv_layer"
# Stuck? check.conv_layer.hint()
check.conv_layer(conv_layer)

# %% [markdown]
# Now give it the 16 maps, and the weights of the network's second convolution:

# %%
second_kernels, second_biases = model.layers[2].get_weights()
by_hand = helpers.relu(yours.conv_layer(outputs[1], second_kernels, second_biases))
print(f"maps {outputs[1].shape}, kernels {second_kernels.shape}: out {by_hand.shape}")
print("the same as the network's layer:", np.allclose(by_hand, outputs[2], atol=1e-4))

# %% tags=["nbval-ignore-output"]
pictures.channels(
    image[0, :, :, 0], outputs[2][0], title="After the second Conv2D and its ReLU: 11 x 11"
)

# %% [markdown]
# A channel here answers to a combination, such as "this edge above, and that one to the left".

# %% tags=["nbval-ignore-output"]
pictures.channels(image[0, :, :, 0], outputs[3][0], title="After the second MaxPooling2D: 5 x 5")

# %% [markdown]
# Not much of a shoe is left to see. The network does not need to see one: 400 numbers say what was where,
# and two dense layers decide.

# %% tags=["nbval-ignore-output"]
pictures.bars(
    {name: 100 * float(p) for name, p in zip(helpers.CLASS_NAMES, outputs[-1][0])},
    x_label="percent",
    title=f"The last layer. It is really: {helpers.CLASS_NAMES[labels[choice]]}",
)

# %% [markdown]
# Go back and set `choice` to another number, then run the cells from there. Which images make the network
# hesitate?
#
# ### One channel, three shoes
#
# Is a channel a detector of something? Follow one of them through three kinds of shoes: the one that
# answered most to the image above.

# %% tags=["nbval-ignore-output"]
channel = int(outputs[2][0].mean(axis=(0, 1)).argmax())
shoes = {name: held_out[labels == helpers.CLASS_NAMES.index(name)][0] for name in SHOES}
answers = look_through(model, np.array(list(shoes.values())))[2][..., channel]
pictures.side_by_side(
    {name: shoe[:, :, 0] for name, shoe in shoes.items()}
    | {f"{name}, channel {channel}": answer for name, answer in zip(shoes, answers)},
    columns=3,
)

# %% [markdown]
# The lower row is bright where the upper one has whatever this kernel learned to find: the same thing in
# each shoe, in other places. That is all that one channel knows. "Shoe" is nowhere in it. The Dense layers
# put that together from all of them.
#
# ## How much one number sees
#
# A number of the first layer was made of 3 × 3 pixels. A number of the next layers was made of several
# such numbers, whose windows overlap. All the pixels that it depends on are its **receptive field**.

# %% predict="sees_how_far"
predict.sees_how_far(...)

# %% [markdown]
# ### Build: `receptive_field(layers)`
#
# `layers` is a list of pairs, `[(kernel_size, strides), ...]`, from the image on. A pool is a layer like
# the others: a 2×2 pool is `(2, 2)`, a 3×3 convolution `(3, 1)`. Return how many pixels of the image,
# along one side, one number of the last layer sees. The first convolution alone gives 3, and with its pool
# 4: two windows of 3 that begin one pixel apart.


# %% exercise="receptive_field"
def receptive_field(layers):
    """Return how many pixels, along one side, one number of the last layer sees: an int."""
    ### BEGIN SOLUTION
    field = apart = 1  # pixels that are seen; pixels from one number's field to the next
    for kernel_size, strides in layers:
        field += (kernel_size - 1) * apart
        apart *= strides
    return field
    ### END SOLUTION


# %% check="receptive_field"
# Stuck? check.receptive_field.hint()
check.receptive_field(receptive_field)

# %% [markdown]
# Don't believe a formula; measure. Change one pixel of the shoe by a lot, and see whether the number in
# the middle of a layer's maps changes in any channel. Do that for each of the 784 pixels: 785 images, the
# first one as it is.

# %%
pixels = 28 * 28
one_changed = np.repeat(image, 1 + pixels, axis=0)
one_changed.reshape(-1, pixels)[np.arange(1, 1 + pixels), np.arange(pixels)] += 10
LAYERS = [(3, 1), (2, 2), (3, 1), (2, 2)]


def framed(seen):
    """Draw an orange frame around what is seen of the shoe."""
    drawn = np.repeat((255 * image[0]).astype(np.uint8), 3, axis=2)
    (top, *_, bottom), (left, *_, right) = (np.flatnonzero(seen.any(axis)) for axis in (1, 0))
    for edge in (
        np.s_[top, left : right + 1],
        np.s_[bottom, left : right + 1],
        np.s_[top : bottom + 1, left],
        np.s_[top : bottom + 1, right],
    ):
        drawn[edge] = 255, 140, 0
    return drawn


frames = {}
for place, maps in enumerate(look_through(model, one_changed)[:4], start=1):
    middle = maps[:, maps.shape[1] // 2, maps.shape[2] // 2]
    seen = (np.abs(middle[1:] - middle[0]).max(axis=1) > 1e-3).reshape(28, 28)
    measured, computed = seen.any(axis=0).sum(), yours.receptive_field(LAYERS[:place])
    print(f"layer {place}: {measured} pixels measured, {computed} computed")
    frames[f"layer {place}: {measured} x {measured}"] = framed(seen)
pictures.side_by_side(frames, columns=4)

# %% [markdown]
# A number of the last map sees 10 × 10 pixels, an eighth of the image. It can know of a heel or a strap.
# Only the Dense layers, which see all maps at once, can know that the strap is *above* the heel.

# %% [markdown]
# ## Where kernels come from
#
# You have seen what the kernels do. Here are the kernels: of each pair of rows the upper one is before
# training, the lower one after it, all on one scale.

# %% tags=["nbval-ignore-output"]
kernels_after = model.layers[0].get_weights()[0]
pictures.kernels(
    {
        f"{n} {when}": kernels[:, :, 0, n]
        for half in (range(8), range(8, 16))
        for when, kernels in (("before", kernels_before), ("after", kernels_after))
        for n in half
    }
)

# %% [markdown]
# Before, they are noise, and small. After, they are larger, and many have a red and a blue side: they
# learned to find edges, and nobody told them to. Lesson 6 shows how.
#
# Here are these very kernels at work, each with its bias, on the image from above. Choose one, and say
# which edges of the image will turn red before you play it: only those get through the ReLU. What comes
# out at the end is the channel of the same number that you saw after the first MaxPooling2D.

# %% tags=["nbval-ignore-output"]
biases = model.layers[0].get_weights()[1]
learned = {
    f"kernel {n}": helpers.Filter(kernels_after[:, :, 0, n], bias=biases[n])
    for n in range(len(biases))
}
stepper.network(image[0, :, :, 0], learned)

# %% [markdown]
# Random does not mean any size. If the numbers were large, the sums would grow from layer to layer; if
# they were tiny, nothing would be left of the image. Xavier Glorot and Yoshua Bengio worked out a good size
# in [2010](https://proceedings.mlr.press/v9/glorot10a.html), and Keras uses it: every value is drawn evenly
# from $-\text{limit}$ to $+\text{limit}$, with
#
# $$\text{limit} = \sqrt{\frac{6}{k \cdot k \cdot \text{channels} + k \cdot k \cdot \text{filters}}}$$

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

# %% only="with Keras"
fresh = keras.layers.Conv2D(64, 3)
fresh.build((None, 28, 28, 1))
drawn = fresh.get_weights()[0]
limit = yours.initial_limit(3, 1, 64)
print(f"limit for 3, 1, 64: {limit:.4f}")
print("all 576 new values within it:", bool(np.abs(drawn).max() <= limit))
print("and they come close to it:   ", bool(np.abs(drawn).max() > 0.95 * limit))

# %% only="without Keras"
limit = yours.initial_limit(3, 1, 16)
print(f"limit for 3, 1, 16: {limit:.4f}")
print("all 144 values of kernels_before within it:", bool(np.abs(kernels_before).max() <= limit))
print(
    "and they come close to it:                 ", bool(np.abs(kernels_before).max() > 0.95 * limit)
)

# %% [markdown]
# ## Channels that never answer
#
# ReLU replaces negative values by 0. A kernel whose sums are negative *everywhere, for every image* gives a
# channel of zeros. Nothing flows through it, so nothing can teach it to change: it is **dead**.
#
# One image can't tell you. A channel may be silent for a shoe and loud for a shirt. You need a batch.

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
# Your network learned with small steps. What if the same network learns with a rate of 0.02, twenty times
# Adam's usual 0.001, for 80 steps of 64 images each?

# %% predict="after_large_steps"
predict.after_large_steps(...)

# %% only="with Keras" tags=["nbval-ignore-output"]
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
    first, second = both_maps.predict_on_batch(held_out[:500])
    counts.append((yours.dead_channels(first), yours.dead_channels(second)))

# %% [markdown] only="without Keras"
# That network was trained before you came, too, and its dead channels were counted after each step.

# %% only="without Keras"
hasty, counts = helpers.trained.hasty_network()

# %% tags=["nbval-ignore-output"]
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
# second layer 14 of 16 were dead after eight steps; in the first it took thirty steps and more. Large steps
# had pushed those kernels so far that their sums are negative for every piece of clothing. Their gradient,
# which says how to change them, is 0 from then on. (Not for ever: in the second layer the line falls from
# 14 to 10 before it ends at 13, because the maps that come in go on changing.)
#
# And the strange part: with three channels left in each layer, the hasty network was still right seven times in
# ten. **A network can be badly hurt and not look it.** Now you know where to look.

# %% [markdown]
# ## All of it by hand
#
# You have built every part: `conv_layer`, then ReLU, then pooling. Two things are new.
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
# probabilities in NumPy. `yours.conv_layer(images, kernels, bias)` takes and gives batches,
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
    maps = helpers.max_pool2d(helpers.relu(yours.conv_layer(maps, k1, b1)))
    maps = helpers.max_pool2d(helpers.relu(yours.conv_layer(maps, k2, b2)))
    values = maps.reshape(-1)
    values = helpers.relu(values @ w3 + b3)
    powers = np.exp(values @ w4 + b4)
    return powers / powers.sum()
    ### END SOLUTION


# %% check="forward"
# Stuck? check.forward.hint()
check.forward(forward)

# %% [markdown]
# Now the test that counts: your function against `model.predict`, on a hundred images that neither has
# seen.

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
# The scores of your network are small. What if a network is very sure, with scores of 1000, 999 and 0?

# %% predict="large_scores"
predict.large_scores(...)

# %%
scores = np.array([1000.0, 999.0, 0.0])
with np.errstate(over="ignore", invalid="ignore"):  # NumPy would warn, and it would be right
    powers = np.exp(scores)
    print("as above:          ", powers / powers.sum())
powers = np.exp(scores - scores.max())
print("largest subtracted:", (powers / powers.sum()).round(2))

# %% [markdown]
# Softmax as written above has a bug that waits for large scores. $e^{1000}$ is larger than any float: `inf`, and
# `inf / inf` is no number. Subtract the largest score first. That divides every power by the same number, so the
# probabilities stay, and no power is above 1. Keras does so, and `helpers` too.

# %% [markdown]
# ## What you learned
#
# - A `Conv2D` slides, multiplies and adds, with no flip: **577** in Keras too.
# - A batch is `(images, height, width, channels)`, a layer's kernels are
#   `(height, width, in_channels, filters)`. Each filter adds up what it finds in all channels.
# - Any layer's output can be a model's output: one call shows all of them.
# - One number of the four layers sees 3, 4, 8 and 10 pixels of the image, along one side.
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
