"""The same update in JAX: jitted `vmap(scan)` with Adam, for shared and unshared weights.

Only this file imports JAX, which comes with the optional extra `bench`.
"""

import os

from benchmarks.shapes import LEARNING_RATE, Shape, Update

# One thread, as for every contender; must be set before JAX is imported.
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ["XLA_FLAGS"] = (
    os.environ.get("XLA_FLAGS", "")
    + " --xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
)

import jax
import jax.numpy as jnp


def jax_scan(shape: Shape, network: str) -> Update:
    """`vmap` over members of a `scan` over steps; donated buffers, so that it updates in place."""
    E, H, D, T = shape.members, shape.hidden, shape.inputs, shape.length
    inputs, targets = shape.data()
    shown = jnp.asarray(inputs.permute(1, 0, 3, 2).numpy())
    wanted = jnp.asarray(targets.transpose(1, 2).numpy())
    steps = () if network == "shared" else (T,)
    keys = jax.random.split(jax.random.key(0), 3)
    bound = H**-0.5
    weights = {
        name: jax.random.uniform(key, (E, *steps, *size), minval=-bound, maxval=bound)
        for name, size, key in zip(
            ("inputs", "state", "bias"), ((D, 4 * H), (H, 4 * H), (4 * H,)), keys, strict=True
        )
    }

    def step(state, now):  # type: ignore[no-untyped-def]
        hidden, memory = state
        matrices, seen = now
        product = seen @ matrices["inputs"] + hidden @ matrices["state"] + matrices["bias"]
        i, f, g, o = jnp.split(product, 4, axis=1)
        memory = jax.nn.sigmoid(f) * memory + jax.nn.sigmoid(i) * jnp.tanh(g)
        return (jax.nn.sigmoid(o) * jnp.tanh(memory), memory), None

    def loss(weights, seen, target):  # type: ignore[no-untyped-def]
        zeros = jnp.zeros((shape.batch, H))
        if network == "shared":
            (hidden, _), _ = jax.lax.scan(
                lambda state, now: step(state, (weights, now)),  # type: ignore[no-untyped-call]
                (zeros, zeros),
                seen,
            )
        else:
            (hidden, _), _ = jax.lax.scan(step, (zeros, zeros), (weights, seen))
        return jnp.mean((hidden - target) ** 2)

    def update(weights, first, second, count):  # type: ignore[no-untyped-def]
        gradient = jax.vmap(jax.grad(loss))(weights, shown, wanted)
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

    jitted = jax.jit(update, donate_argnums=(0, 1, 2))
    zeros = jax.tree.map(jnp.zeros_like, weights)
    held = [(weights, zeros, jax.tree.map(jnp.zeros_like, weights))]
    count = 0.0

    def run() -> None:
        nonlocal count
        count += 1
        held[0] = jax.block_until_ready(jitted(*held[0], count))

    return run
