"""Every mistake of a plug-in's author is a sentence, and never a traceback."""

from collections.abc import Callable

import pytest

from tests.checking.conftest import invoke

TASK = """
class Mine(Task):
    '''A task. Remember: x. Chance: x. Unseen length: x. Source: x.'''
    targets: ClassVar[Targets] = Targets.FINAL
    input_size = property(lambda self: 2)
    output_size = property(lambda self: 2)

    def sample(self, count, length, split, rng):
        inputs = rng.integers(2, size=(count, length))
        return {returned}
"""

TASKS = {
    "Sequences(inputs[:, :-1], inputs[:, 0])": "`inputs` has the shape [64, 11], and symbols are",
    "Sequences(inputs.astype(float), inputs[:, 0])": "`inputs` are float64, and symbols are int",
    "Sequences(inputs + 1, inputs[:, 0])": "`inputs` holds 2, and `input_size` allows 0 to 1",
    "Sequences(inputs, inputs)": "`targets` has the shape [64, 12], and those of a final task",
    "Sequences(inputs, inputs[:, 0] + 5)": "and `output_size` allows 0 to 1, or -1 where nothing",
    "Sequences(inputs, inputs[:, 0] / 2)": "`targets` are float64, and classes are integers",
    "Sequences(inputs, inputs[:, 0].tolist())": "`targets` is list instead of a NumPy array",
    "Sequences(inputs, 0 * inputs[:, 0] - 1)": "no target is asked at any step",
    "Sequences(inputs[:3], inputs[:3, 0])": "it returns 3 sequences, and 64 were asked for",
    "(inputs, inputs[:, 0])": "it returns tuple instead of Sequences",
    "Sequences(inputs, inputs[:, 0], inputs[:, 0])": "`lengths` runs from 0 to 1, and 1 to 12",
    "Sequences(inputs, inputs[:, 0], None, inputs[:, 0])": "`groups` is given, and `group_names`",
    "Sequences(inputs, inputs[:, 0] // (length - length))": "RuntimeWarning: divide by zero",
    "Sequences(np.random.default_rng().integers(2, size=(count, length)), inputs[:, 0])": (
        "two calls of `sample` for train with equal generators differ"
    ),
    "Sequences(np.random.randint(2, size=(count, length)), inputs[:, 0])": (
        "`sample` changes the global state of `numpy.random`: draw from `rng` alone"
    ),
    "Sequences(0 * inputs + 1, inputs[:, 0])": (
        "distinct training sequences of length 12 were found, and `space` says that there are 4096"
    ),
}

CELL = """
class Mine({base}):
    gates = 1
    saved_rows = preactivation_rows = 1

    def step(self, weights, inputs, state):
        hidden, D = state[0], inputs.shape[1]
        product = weights[:, :, 1 : 1 + D] @ inputs + weights[:, :, 1 + D :] @ hidden
        new = (product + weights[:, :, :1]).tanh()
        return {returned}

    def forward(self, weights, stacked, saved, before, after):
        saved.baddbmm_(weights, stacked, beta=0).tanh_()
        after[0].copy_(saved){forward}

    def backward(self, saved, before, after, gradient, preactivation_gradients):
        preactivation_gradients.copy_(saved).mul_(saved).neg_().add_(1).mul_(gradient[0]){backward}
        gradient[0].zero_()
"""

CELLS = {
    ("Cell", "new", "", ""): "it returns Tensor, and a state is a tuple of tensors",
    ("Cell", "(new, new)", "", ""): "it returns 2 tensors, and `states` says 1",
    ("Cell", "(new[:, :2],)", "", ""): "part 0 of the state is [2, 2, 4] instead of [2, 5, 4]",
    ("Cell", "(new.float(),)", "", ""): "part 0 of the state is torch.float32 instead of",
    ("Cell", "(new / 0,)", "", ""): "numbers that are not finite",
    ("Cell", "(new.mean(0, keepdim=True) + 0 * new,)", "", ""): "a member gives something else",
    ("Cell", "(new - new.mean(2, keepdim=True),)", "", ""): "a sequence gives something else",
    ("Cell", "(hidden.add_(new),)", "", ""): "`step` writes into its arguments",
    ("Cell", "(hidden * 1,)", "", ""): "does not depend on the weights",
    ("Cell", "(new.nothing,)", "", ""): "AttributeError: 'Tensor' object has no attribute",
    ("HandDerived", "(new,)", ".mul_(2)", ""): "`forward` disagrees with `step` by",
    ("HandDerived", "(new,)", "", ".mul_(2)"): (
        "`backward` disagrees with the gradient of `step` by"
    ),
}

SCHEDULES = {
    "def matrices(self, length): return 2.5": "`matrices(1)` is 2.5, and it is a whole number",
    "def matrices(self, length): return 0": "`matrices(1)` is 0, and it is a whole number from 1",
    "def matrices(self, length): return 3\n    def position(self, step, length): return step": (
        "T=7: step 3 uses matrix 3, and there are 3, numbered from 0 to 2"
    ),
    "def matrices(self, length): return 1\n    def position(self, step, length): return -1": (
        "uses matrix -1, and there are 1"
    ),
    "def matrices(self, length): return length\n    def position(self, step, length): return 0": (
        "no step uses matrix 1 of 12"
    ),
    "def matrices(self, length): return 1": "it defines neither `position`, which selects",
    "size: int = 3\n    def matrices(self, length): return 1\n"
    "    def position(self, step, length): return 0": "the parameter `size` has no description",
    "def matrices(self, length): return 1\n    def position(self, step, length): return 0\n"
    "    def penalty(self, weights): return weights.sum()": "`penalty` has the shape []",
}

CLAIM = """
class Mine(Claim):
    title = argument = estimand = section = needs = "words"
    rule = "above {margn}"
    conclusions = Conclusions(topic="x", supported="{number}", contradicted="{number}")

    def outcomes(self, evidence):
        return []
"""
FIGURE = """
class Mine(Figure):
    section = "nowhere"

    def finding(self, results):
        return None
"""
REFUSED = {
    "class Mine(Parity):\n    size: int = 4": "the field 'size' of Mine hides the method 'size'",
    "class Mine(Task): ...": "does not define input_size, output_size, sample, targets",
    "class Mine(Cell): ...": "does not define gates, step",
    "class Mine: ...": "is a class of another kind (object). It derives from one of",
    "class Other: ...": "cannot be imported (AttributeError: ",
    "class Mine(Task:": "cannot be imported (SyntaxError: ",
    "Mine = 3": "is not a class",
}


def sentence_of(path: str) -> str:
    """What the command prints of a class that breaks something."""
    done = invoke("check", path)
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    assert done.stderr.startswith("timeshare: ")
    assert done.stderr.count("\n") == 1
    return done.output


@pytest.mark.parametrize(("returned", "words"), TASKS.items())
def test_what_sample_returns(plugin: Callable[[str], str], returned: str, words: str) -> None:
    assert words in sentence_of(plugin(TASK.replace("{returned}", returned)))


def test_a_data_set_whose_splits_share_sequences(plugin: Callable[[str], str]) -> None:
    data = "inputs = np.arange(640).reshape(64, 10)[:count, :length] % 2"
    code = TASK.replace("inputs = rng.integers(2, size=(count, length))", data)
    code = code.replace("{returned}", "Sequences(inputs, inputs[:, 0])")
    code += "\n    def size(self, split): return 64\n    def length_fault(self, length):"
    code += "\n        return None if 0 < length <= 10 else 'too long'\n"
    printed = sentence_of(plugin(code))
    assert "FAILED  keeps test and validation sequences out of training" in printed
    assert "1 test sequences of length 10 are training sequences, too." in printed


@pytest.mark.parametrize(("parts", "words"), CELLS.items())
def test_what_a_cell_computes(
    plugin: Callable[[str], str], parts: tuple[str, str, str, str], words: str
) -> None:
    base, returned, forward, backward = parts
    code = CELL.format(base=base, returned=returned, forward=forward, backward=backward)
    assert words in sentence_of(plugin(code))


@pytest.mark.parametrize(("body", "words"), SCHEDULES.items())
def test_what_a_schedule_gives(plugin: Callable[[str], str], body: str, words: str) -> None:
    assert words in sentence_of(plugin(f"class Mine(Schedule):\n    {body}"))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (CLAIM, "`rule` names 'margn' in braces; the thresholds are confidence, margin"),
        (FIGURE, "`section` is 'nowhere', and the report has bottom-line, "),
    ],
)
def test_what_a_claim_or_figure_says(plugin: Callable[[str], str], code: str, words: str) -> None:
    assert words in sentence_of(plugin(code))


@pytest.mark.parametrize(("code", "words"), REFUSED.items())
def test_what_is_no_class_of_a_kind(plugin: Callable[[str], str], code: str, words: str) -> None:
    assert words in sentence_of(plugin(code))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Mine"], "'Mine' is no import path. Write my_module:MyClass"),
        (["no_such_module:Mine"], "cannot be imported (ModuleNotFoundError: "),
        (["timeshare.tasks.parity:Parity", "--parameters", "[1]"], "--parameters: '[1]' is found"),
        (["timeshare.tasks.parity:Parity", "--parameters", "{x: 1}"], "unknown parameter of task"),
    ],
)
def test_what_the_command_is_given(arguments: list[str], words: str) -> None:
    done = invoke("check", *arguments)
    assert done.exit_code == 1
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
