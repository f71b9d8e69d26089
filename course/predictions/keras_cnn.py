"""What lesson 4 asks before it shows it."""

import math

from course.predictions.prediction import Prediction, Said

PREDICTIONS = (
    Prediction(
        key="the_last_1",
        lesson=4,
        question="A batch of grey images for Keras has the shape (N, 28, 28, 1). What does the last 1 count?",
        answers=(
            Said(
                "bytes of a pixel",
                "It would be 1 for 16-bit pictures as well. It counts channels.",
                "the colour depth",
            ),
            Said("channels of a pixel", "A colour photograph would have 3 there."),
            Said("images", "Images are counted by N, in front.", "the batch stands last"),
        ),
        see="Read on.",
    ),
    Prediction(
        key="keras_model",
        lesson=4,
        question='A notebook from the web begins "model = keras.model.Sequential()". What does Keras say to that line?',
        answers=(
            Said(
                "it makes a network",
                "There is no keras.model. It is keras.Sequential; keras.models.Sequential, with an s, is the "
                "same thing under an older name.",
                "keras.model exists",
            ),
            Said(
                "there is no keras.model",
                "It is keras.Sequential. keras.models.Sequential, with an s, is the same thing under an "
                "older name.",
            ),
            Said(
                "it makes a network, and warns",
                "No warning: an AttributeError, for there is no keras.model. It is keras.Sequential.",
                "old names go on working",
            ),
        ),
    ),
    Prediction(
        key="first_kernels",
        lesson=4,
        question="Before anything is trained, what are the 64 kernels of the first layer?",
        answers=(
            Said(
                "good ones, such as Sobel's",
                "Nobody puts them there. Keras starts from small random numbers, and training makes kernels of them.",
                "networks start from known filters",
            ),
            Said("random numbers", "Small ones, within 0.1013 of 0. What they become is learned."),
            Said(
                "zeros",
                "Then all 64 would learn the same. They start random.",
                "learning starts from nothing",
            ),
        ),
        see="Lesson 5 shows them, before and after.",
    ),
    Prediction(
        key="into_the_second",
        lesson=4,
        question="What comes into the second Conv2D, for one image?",
        answers=(
            Said(
                "28 x 28 x 1",
                "That is what comes into the first. Only the network as a whole has such an input.",
                "every Conv2D sees the image",
            ),
            Said(
                "13 x 13 x 1",
                "The first layer made 64 maps, and all of them go on.",
                "maps are looked at one by one",
            ),
            Said(
                "13 x 13 x 64",
                "All 64 pooled maps. Each filter of the second layer looks at all of them at once.",
            ),
        ),
    ),
    Prediction(
        key="knows_nothing",
        lesson=4,
        question="A network that knows nothing gives 10% to each of ten classes. What is its cross-entropy?",
        answers=(
            Said(
                2.3,
                "-log(0.1) is 2.30. So a loss that begins at about 2.3 is a network that guesses.",
            ),
            Said(
                0.1,
                "That is the probability itself. Its natural logarithm is -2.30, and minus that is 2.30.",
                "the loss is the probability",
            ),
            Said(
                0.9,
                "That is what is missing to 1. Cross-entropy takes minus the natural logarithm of 0.1: 2.30.",
                "the loss is what is missing to 1",
            ),
            Said(
                1,
                "That is -log10(0.1). The natural logarithm gives 2.30.",
                "logarithms have base 10",
            ),
            Said(
                23.03,
                "Only the right class counts, not the sum over ten: 2.30.",
                "all classes are added up",
            ),
        ),
        otherwise="Minus the natural logarithm of 0.1; in NumPy, -np.log(0.1).",
        within=0.05,
        computed=lambda: -math.log(0.1),
    ),
    Prediction(
        key="a_thousand_images",
        lesson=4,
        question="The dense network sees the same 1,000 images forty times. Where do its two accuracies end?",
        answers=(
            Said(
                "both near 100%",
                "Only on the 1,000 that it learned from. On held-out images it stays near 80%.",
                "training accuracy is accuracy",
            ),
            Said(
                "training near 100%, held-out near 80%",
                "It knows the 1,000 by heart. What is new to it gains nothing from that.",
            ),
            Said(
                "both near 80%",
                "101,770 weights have room for 1,000 images: it gets nearly all of those right.",
                "a network can't learn by heart",
            ),
        ),
    ),
    Prediction(
        key="after_the_recipe",
        lesson=4,
        question="After the same four epochs: where is the CNN with this recipe, beside the one with plain Adam?",
        answers=(
            Said(
                "behind: such steps are too large",
                "Ahead, by about two points. The large steps come first, and the small ones at the end let "
                "it settle.",
                "large steps only harm",
            ),
            Said(
                "about equal: the images are the same",
                "Ahead, by about two points, for the same images and the same time.",
                "the learning rate hardly matters",
            ),
            Said(
                "ahead, by about two points",
                "Most of it comes in the second half, when the steps become small.",
            ),
        ),
        see="Run the next cells: they train both networks and draw the lines.",
    ),
    Prediction(
        key="dense_or_cnn",
        lesson=4,
        question="Which network will be better on held-out images: the dense one or the convolutional one?",
        answers=(
            Said(
                "the dense one",
                "It was behind for each of 25 seeds, by 2.1 points on average.",
                "fewer numbers win",
            ),
            Said(
                "the CNN, by about 2 points",
                "2.1 points on average of 25 seeds, and never less than 1.3.",
            ),
            Said(
                "the CNN, by about 20 points",
                "2.1 points: a dense network is not bad at clothes that all sit in the middle.",
                "dense networks can't see",
            ),
        ),
        see="Run the next cells: they train both.",
    ),
    Prediction(
        key="new_digits",
        lesson=4,
        question="Another course's network is right on 99.8% of its training digits. And on digits that it has not seen?",
        answers=(
            Said(
                "on 99.8%, too",
                "On 98.7%, they say: 13 mistakes in 1,000 and not 2. Training accuracy is not accuracy.",
                "training accuracy is accuracy",
            ),
            Said(
                "on more",
                "On 98.7%. It was never shown these, so it can't have learned them by heart.",
                "new images are easier",
            ),
            Said("on fewer", "On 98.7%, they say: 13 mistakes in 1,000 and not 2."),
        ),
        see="Read on.",
    ),
    Prediction(
        key="moved_by_four",
        lesson=4,
        question="The CNN is right on more than 88% of the held-out clothes. And if they are moved right by 4 of 28 pixels?",
        answers=(
            Said(
                "about 88%: a convolution does not mind",
                "27.6%. Its maps move along, and two pools forgive a pixel or two. Behind Flatten every place "
                "has weights of its own.",
                "a CNN does not mind where things are",
            ),
            Said(
                "about 75%",
                "That is about what it keeps for 2 pixels. At 4 it is 27.6%.",
                "pools forgive a lot",
            ),
            Said("less than 35%", "27.6%, and the dense network 18.8%: guessing would be 10%."),
        ),
    ),
    Prediction(
        key="without_relu",
        lesson=4,
        question="Without the ReLU behind its convolutions, but trained anew: how good is the network with max pools?",
        answers=(
            Said(
                "it only guesses",
                "It learns about as well. The maximum of four is no sum of weights either, so something "
                "that is not linear is left.",
                "nothing works without ReLU",
            ),
            Said(
                "five points worse or more",
                "Within two points of the one with ReLU. The maximum of four does much of what ReLU does.",
                "ReLU is what learns",
            ),
            Said("about as good", "Within two points. The maximum of four is not linear either."),
        ),
        see="Run the next cell. It trains four networks in about a quarter of a minute.",
    ),
    Prediction(
        key="hardest_class",
        lesson=4,
        question="Which class has the fewest right answers?",
        answers=(
            Said(
                "Sandal",
                "Nothing else has straps and holes. It is the shirt.",
                "odd shapes are hard",
            ),
            Said(
                "Shirt",
                "It is a T-shirt with sleeves, a coat without a zip, a pullover of thinner cloth.",
            ),
            Said("Bag", "Nothing else looks like a bag. It is the shirt.", "what varies is hard"),
            Said(
                "Ankle boot",
                "Its shaft tells it from other shoes. It is the shirt.",
                "shoes look alike",
            ),
        ),
    ),
    Prediction(
        key="as_bytes",
        lesson=4,
        question="The exam's images go into your trained network as 0 to 255 instead of 0 to 1. What comes out?",
        answers=(
            Said(
                "an error",
                "Keras takes any numbers. Most answers stay right, and all of them become certain.",
                "a network checks its input",
            ),
            Said(
                "nonsense",
                "Most answers stay right: all sums are 255 times as large, apart from the biases. But every "
                "answer is certain now, the wrong ones too.",
                "another scale destroys everything",
            ),
            Said(
                "mostly the same classes, all certain",
                "All sums are 255 times as large, apart from the biases, so softmax gives nearly 100% to the "
                "largest, right or wrong.",
            ),
        ),
    ),
)
