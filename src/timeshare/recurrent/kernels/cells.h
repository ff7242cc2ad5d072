/* The cells, one step of one member each. A block is H x N numbers; N is B rounded up to whole
 * registers. `saved` (saved activations) and `grads` (pre-activation gradients) are consecutive
 * blocks. */

typedef struct {
    long H, D, B, N, C;
    long split; /* first column of the part that multiplies the state and its constant */
} shape;

typedef struct {
    int gates, saved, grads, states;
    /* w: [gates H, C]; x: the stacked column [C, N]; before, after: the memory, possibly the same
     * buffer; hidden may be the last H rows of x; next: what to prefetch, shared out among the
     * gates H rows of the weights */
    void (*forward)(const shape *, const real *w, prefetched next, const real *x, real *saved,
                    const real *before, real *after, real *hidden);
    /* d_hidden becomes the part of the gradient that does not pass through the weights */
    void (*backward)(const shape *, const real *x, const real *saved, const real *before,
                     const real *after, const real *hidden, real *d_hidden, real *d_memory,
                     real *grads);
    /* whether there is such a part */
    int direct;
} cell;

/* Pre-activations [M, N]: M rows of the weights, columns `first` to `end`, times the column. */
static void rows(const shape *s, long M, long first, long end, const real *w, const real *x,
                 real *to, prefetched next) {
    const factors f = {w + first, s->C, 1, x + first * s->N, s->N, end - first, 1, 0, 0};
    product(M, s->N, &f, to, s->N, 0, next);
}

static void lstm_forward(const shape *s, const real *w, prefetched next, const real *x,
                         real *saved, const real *before, real *after, real *hidden) {
    long n = s->H * s->N;
    rows(s, 4 * s->H, 0, s->C, w, x, saved, next);
    for (long k = 0; k < n; k += V) {
        vec i = sigmoid(load(saved + k)), f = sigmoid(load(saved + n + k));
        vec g = hyperbolic_tangent(load(saved + 2 * n + k)), o = sigmoid(load(saved + 3 * n + k));
        vec memory = f * load(before + k) + i * g;
        store(saved + k, i);
        store(saved + n + k, f);
        store(saved + 2 * n + k, g);
        store(saved + 3 * n + k, o);
        store(after + k, memory);
        store(hidden + k, o * hyperbolic_tangent(memory));
    }
}

static void lstm_backward(const shape *s, const real *x, const real *saved, const real *before,
                          const real *after, const real *hidden, real *d_hidden, real *d_memory,
                          real *grads) {
    long n = s->H * s->N;
    for (long k = 0; k < n; k += V) {
        vec i = load(saved + k), f = load(saved + n + k), g = load(saved + 2 * n + k);
        vec o = load(saved + 3 * n + k);
        /* Computing it again is faster than saving and loading it. */
        vec tanh_memory = hyperbolic_tangent(load(after + k));
        vec dh = load(d_hidden + k);
        vec dc = load(d_memory + k) + dh * o * (1 - tanh_memory * tanh_memory);
        store(grads + k, dc * g * i * (1 - i));
        store(grads + n + k, dc * load(before + k) * f * (1 - f));
        store(grads + 2 * n + k, dc * i * (1 - g * g));
        store(grads + 3 * n + k, dh * tanh_memory * o * (1 - o));
        store(d_memory + k, dc * f);
    }
}

static void rnn_forward(const shape *s, const real *w, prefetched next, const real *x,
                        real *saved, const real *before, real *after, real *hidden) {
    rows(s, s->H, 0, s->C, w, x, saved, next);
    for (long k = 0; k < s->H * s->N; k += V)
        store(hidden + k, hyperbolic_tangent(load(saved + k)));
}

static void rnn_backward(const shape *s, const real *x, const real *saved, const real *before,
                         const real *after, const real *hidden, real *d_hidden, real *d_memory,
                         real *grads) {
    for (long k = 0; k < s->H * s->N; k += V) {
        vec h = load(hidden + k);
        store(grads + k, load(d_hidden + k) * (1 - h * h));
    }
}

static void gru_forward(const shape *s, const real *w, prefetched next, const real *x,
                        real *saved, const real *before, real *after, real *hidden) {
    long n = s->H * s->N, C = s->C, N = s->N, split = s->split;
    const real *w_candidate = w + 2 * s->H * C, *h = x + (C - s->H) * N;
    rows(s, 2 * s->H, 0, C, w, x, saved, next);
    rows(s, s->H, 0, split, w_candidate, x, saved + 2 * n, NO_PREFETCH);
    rows(s, s->H, split, C, w_candidate, x, saved + 3 * n, from_row(next, 2 * s->H));
    for (long k = 0; k < n; k += V) {
        vec r = sigmoid(load(saved + k)), z = sigmoid(load(saved + n + k));
        vec candidate = hyperbolic_tangent(load(saved + 2 * n + k) + r * load(saved + 3 * n + k));
        store(saved + k, r);
        store(saved + n + k, z);
        store(saved + 2 * n + k, candidate);
        store(hidden + k, candidate + z * (load(h + k) - candidate));
    }
}

static void gru_backward(const shape *s, const real *x, const real *saved, const real *before,
                         const real *after, const real *hidden, real *d_hidden, real *d_memory,
                         real *grads) {
    long n = s->H * s->N;
    const real *h = x + (s->C - s->H) * s->N;
    for (long k = 0; k < n; k += V) {
        vec r = load(saved + k), z = load(saved + n + k), candidate = load(saved + 2 * n + k);
        vec dh = load(d_hidden + k), d_candidate = dh * (1 - z) * (1 - candidate * candidate);
        store(grads + k, d_candidate * load(saved + 3 * n + k) * r * (1 - r));
        store(grads + n + k, dh * (load(h + k) - candidate) * z * (1 - z));
        store(grads + 2 * n + k, d_candidate);
        store(grads + 3 * n + k, d_candidate * r);
        store(d_hidden + k, dh * z);
    }
}

static const cell cells[] = {
    {1, 1, 1, 1, rnn_forward, rnn_backward, 0},
    {3, 4, 4, 1, gru_forward, gru_backward, 1},
    {4, 4, 4, 2, lstm_forward, lstm_backward, 0},
};
