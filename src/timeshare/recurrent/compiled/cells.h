/* The cells, one step of one member each. A block is H x N numbers; N is B rounded up to whole
 * registers. `kept` and `grads` (the gradient of the products) are blocks, one after another. */

typedef struct {
    long H, D, B, N, C;
    long split; /* the column at which the part that multiplies the state begins */
} shape;

typedef struct {
    int gates, kept, grads, states;
    /* w: [gates H, C]; x: [C, N]; memory in place; hidden may be the last H rows
     * of x; next: the next step's matrix where it is another one, or null */
    void (*forward)(const shape *, const real *w, const real *next, const real *x, real *kept,
                    const real *before, real *after, real *hidden);
    /* d_hidden becomes the part of the gradient that does not pass through the weights */
    void (*backward)(const shape *, const real *x, const real *kept, const real *before,
                     const real *after, const real *hidden, real *d_hidden, real *d_memory,
                     real *grads);
    /* whether d_hidden holds such a part at all */
    int direct;
} cell;

static void lstm_forward(const shape *s, const real *w, const real *next, const real *x,
                         real *kept, const real *before, real *after, real *hidden) {
    long n = s->H * s->N;
    product(4 * s->H, s->N, s->C, w, s->C, 1, x, s->N, kept, s->N, 0,
            (ahead){next, 0, s->C});
    for (long k = 0; k < n; k += V) {
        vec i = sigmoid(load(kept + k)), f = sigmoid(load(kept + n + k));
        vec g = hyperbolic_tangent(load(kept + 2 * n + k)), o = sigmoid(load(kept + 3 * n + k));
        vec memory = f * load(before + k) + i * g;
        store(kept + k, i);
        store(kept + n + k, f);
        store(kept + 2 * n + k, g);
        store(kept + 3 * n + k, o);
        store(after + k, memory);
        store(hidden + k, o * hyperbolic_tangent(memory));
    }
}

static void lstm_backward(const shape *s, const real *x, const real *kept, const real *before,
                          const real *after, const real *hidden, real *d_hidden, real *d_memory,
                          real *grads) {
    long n = s->H * s->N;
    for (long k = 0; k < n; k += V) {
        vec i = load(kept + k), f = load(kept + n + k), g = load(kept + 2 * n + k);
        vec o = load(kept + 3 * n + k);
        /* Cheaper to compute again than to have kept. */
        vec squashed = hyperbolic_tangent(load(after + k));
        vec dh = load(d_hidden + k), dc = load(d_memory + k) + dh * o * (1 - squashed * squashed);
        store(grads + k, dc * g * i * (1 - i));
        store(grads + n + k, dc * load(before + k) * f * (1 - f));
        store(grads + 2 * n + k, dc * i * (1 - g * g));
        store(grads + 3 * n + k, dh * squashed * o * (1 - o));
        store(d_memory + k, dc * f);
    }
}

static void rnn_forward(const shape *s, const real *w, const real *next, const real *x,
                        real *kept, const real *before, real *after, real *hidden) {
    product(s->H, s->N, s->C, w, s->C, 1, x, s->N, kept, s->N, 0,
            (ahead){next, 0, s->C});
    for (long k = 0; k < s->H * s->N; k += V)
        store(hidden + k, hyperbolic_tangent(load(kept + k)));
}

static void rnn_backward(const shape *s, const real *x, const real *kept, const real *before,
                         const real *after, const real *hidden, real *d_hidden, real *d_memory,
                         real *grads) {
    for (long k = 0; k < s->H * s->N; k += V) {
        vec h = load(hidden + k);
        store(grads + k, load(d_hidden + k) * (1 - h * h));
    }
}

static void gru_forward(const shape *s, const real *w, const real *next, const real *x,
                        real *kept, const real *before, real *after, real *hidden) {
    long n = s->H * s->N, C = s->C, N = s->N, split = s->split;
    const real *last = w + 2 * s->H * C, *h = x + (C - s->H) * N;
    product(2 * s->H, N, C, w, C, 1, x, N, kept, N, 0, (ahead){next, 0, C});
    product(s->H, N, split, last, C, 1, x, N, kept + 2 * n, N, 0, NOTHING);
    product(s->H, N, C - split, last + split, C, 1, x + split * N, N, kept + 3 * n, N, 0,
            (ahead){next ? next + 2 * s->H * C : 0, 0, C});
    for (long k = 0; k < n; k += V) {
        vec r = sigmoid(load(kept + k)), z = sigmoid(load(kept + n + k));
        vec fresh = hyperbolic_tangent(load(kept + 2 * n + k) + r * load(kept + 3 * n + k));
        store(kept + k, r);
        store(kept + n + k, z);
        store(kept + 2 * n + k, fresh);
        store(hidden + k, fresh + z * (load(h + k) - fresh));
    }
}

static void gru_backward(const shape *s, const real *x, const real *kept, const real *before,
                         const real *after, const real *hidden, real *d_hidden, real *d_memory,
                         real *grads) {
    long n = s->H * s->N;
    const real *h = x + (s->C - s->H) * s->N;
    for (long k = 0; k < n; k += V) {
        vec r = load(kept + k), z = load(kept + n + k), fresh = load(kept + 2 * n + k);
        vec dh = load(d_hidden + k), d_fresh = dh * (1 - z) * (1 - fresh * fresh);
        store(grads + k, d_fresh * load(kept + 3 * n + k) * r * (1 - r));
        store(grads + n + k, dh * (load(h + k) - fresh) * z * (1 - z));
        store(grads + 2 * n + k, d_fresh);
        store(grads + 3 * n + k, d_fresh * r);
        store(d_hidden + k, dh * z);
    }
}

static const cell cells[] = {
    {1, 1, 1, 1, rnn_forward, rnn_backward, 0},
    {3, 4, 4, 1, gru_forward, gru_backward, 1},
    {4, 4, 4, 2, lstm_forward, lstm_backward, 0},
};
