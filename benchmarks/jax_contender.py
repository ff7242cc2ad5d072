"""The same update in JAX: jitted `vmap(scan)` with Adam, for shared and unshared weights.

Only this file imports JAX, which comes with the optional extra `bench`.
"""

import os
from collections.abc import Callable
from typing import Any

from benchmarks.shapes import LEARNING_RATE, Shape, Update

# One thread, as for every contender; must be set before JAX is imported.
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ["XLA_FLAGS"] = (
    os.environ.get("XLA_FLAGS", "")
    + " --xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
)

import jax
import jax.numpy as jnp

Arrays = Any
"""Arrays of JAX, or trees of them."""


def jax_scan(shape: Shape, network: str) -> Update:
    """`vmap` over members of a `scan` over steps; donated buffers, so that it updates in place."""
    inputs, targets = shape.data()
    shown = jnp.asarray(inputs.permute(1, 0, 3, 2).numpy())
    wanted = jnp.asarray(targets.transpose(1, 2).numpy())
    weights = _initial_weights(shape, network)
    loss = _loss_of(shape, network)

    def update(weights: Arrays, first: Arrays, second: Arrays, count: Arrays) -> Arrays:
        gradient = jax.vmap(jax.grad(loss))(weights, shown, wanted)
        return _adam(weights, first, second, gradient, count)

    jitted = jax.jit(update, donate_argnums=(0, 1, 2))
    held = [(weights, jax.tree.map(jnp.zeros_like, weights), jax.tree.map(jnp.zeros_like, weights))]
    count = 0.0

    def run() -> None:
        nonlocal count
        count += 1
        held[0] = jax.block_until_ready(jitted(*held[0], count))

    return run


def _initial_weights(shape: Shape, network: str) -> Arrays:
    """The weights of all members by their role; with an axis for the steps when unshared."""
    E, H, D = shape.members, shape.hidden_size, shape.input_size
    steps = () if network == "shared" else (shape.length,)
    keys = jax.random.split(jax.random.key(0), 3)
    sizes = {"inputs": (D, 4 * H), "state": (H, 4 * H), "bias": (4 * H,)}
    return {
        name: jax.random.uniform(key, (E, *steps, *size), minval=-(H**-0.5), maxval=H**-0.5)
        for (name, size), key in zip(sizes.items(), keys, strict=True)
    }


def _loss_of(shape: Shape, network: str) -> Callable[[Arrays, Arrays, Arrays], Arrays]:
    """The squared error of one member's last state, a function of weights, inputs and target."""
    zeros = jnp.zeros((shape.batch, shape.hidden_size))

    def loss(weights: Arrays, inputs: Arrays, target: Arrays) -> Arrays:
        if network == "shared":
            last, _ = jax.lax.scan(
                lambda state, now: _step(state, (weights, now)), (zeros, zeros), inputs
            )
        else:
            last, _ = jax.lax.scan(_step, (zeros, zeros), (weights, inputs))
        return jnp.mean((last[0] - target) ** 2)

    return loss


def _step(state: tuple[Arrays, Arrays], now: tuple[Arrays, Arrays]) -> tuple[Arrays, None]:
    """One step of an LSTM."""
    hidden, memory = state
    matrices, seen = now
    product = seen @ matrices["inputs"] + hidden @ matrices["state"] + matrices["bias"]
    i, f, g, o = jnp.split(product, 4, axis=1)
    memory = jax.nn.sigmoid(f) * memory + jax.nn.sigmoid(i) * jnp.tanh(g)
    return (jax.nn.sigmoid(o) * jnp.tanh(memory), memory), None


def _adam(
    weights: Arrays, first: Arrays, second: Arrays, gradient: Arrays, count: Arrays
) -> tuple[Arrays, Arrays, Arrays]:
    """Weights and both moments after one update; `count` is the number of updates with it."""
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradient)
    one, two = 1 - 0.9**count, 1 - 0.999**count
    weights = jax.tree.map(
        lambda w, m, v: w - LEARNING_RATE * (m / one) / (jnp.sqrt(v / two) + 1e-8),
        weights,
        first,
        second,
    )
    return weights, first, second
