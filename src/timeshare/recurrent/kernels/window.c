/* A cell unrolled over a window of steps, member after member, so that the weights and state of a
 * member stay in the cache and its results do not depend on the other members. `unrolling.py`
 * describes the layouts. */
#include "vector.h"

#include "products.h"

#include "cells.h"

#include "subnormals.h"

#include <stdlib.h>

/* Numbers of a matrix that leaves room in the first-level cache. */
#define FIRST_CACHE (32768 / (long)sizeof(real))

typedef struct {
    long kind, E, K, S, H, D, B, N, C, constant, saving;
    const int64_t *index;
    const real *weights, *inputs;
    long inputs_step, inputs_member, inputs_feature;
    real *stacked, *saved, *memory, *hidden; /* [E, slots, C | blocks H | H, N]; [K, E, H, B] */
    real *states[2];                        /* [E, H, B]: state before, then after */
    /* used by backward alone */
    const real *d_hidden; /* [K, E, H, B] or null */
    real *d_states[2];    /* [E, H, B]: gradient of the state after, then before */
    real *d_weights;      /* [E, S, rows, C] or null */
    real *d_inputs;       /* [K, E, D, B] or null */
    long add;             /* add to d_weights instead of overwriting it */
} window;

static shape shape_of(const window *w) {
    return (shape){w->H, w->D, w->B, w->N, w->C, w->constant ? 1 + w->D : 0};
}

/* Copy rows of B numbers to rows of N, padded with zeros; and the reverse. */
static void pad_rows(long rows, const real *from, long stride, real *to, long B, long N) {
    for (long r = 0; r < rows; r++) {
        memcpy(to + r * N, from + r * stride, B * sizeof(real));
        if (N > B) memset(to + r * N + B, 0, (N - B) * sizeof(real));
    }
}

static void unpad_rows(long rows, const real *from, real *to, long B, long N) {
    if (B == N) { memcpy(to, from, rows * B * sizeof(real)); return; }
    for (long r = 0; r < rows; r++) memcpy(to + r * B, from + r * N, B * sizeof(real));
}

static void ones(real *row, long N) {
    for (long k = 0; k < N; k += V) store(row + k, all(1));
}

SEPARATE void forward(const window *w) {
    const cell *c = &cells[w->kind];
    const shape s = shape_of(w);
    const long H = w->H, B = w->B, N = w->N, C = w->C, K = w->K;
    const long slots = w->saving ? K + 1 : 1, one = w->saving ? 1 : 0;
    const long rows = c->gates * H, x_size = C * N, saved_size = c->saved * H * N;
    for (long e = 0; e < w->E; e++) {
        const real *weights = w->weights + e * w->S * rows * C;
        real *x = w->stacked + e * slots * x_size;
        real *saved = w->saved + e * (w->saving && w->kind ? K : 1) * saved_size;
        real *memory = w->memory + e * slots * H * N;
        const long saved_step = w->kind ? one * saved_size : 0;
        pad_rows(H, w->states[0] + e * H * B, B, x + (C - H) * N, B, N);
        if (c->states > 1) pad_rows(H, w->states[1] + e * H * B, B, memory, B, N);
        for (long k = 0; k < K; k++) {
            const real *in = w->inputs + k * w->inputs_step + e * w->inputs_member;
            real *then = x + one * x_size, *after = memory + one * H * N;
            ones(x, N);
            pad_rows(w->D, in, w->inputs_feature, x + N, B, N);
            if (w->constant) ones(x + (1 + w->D) * N, N);
            const int other = k + 1 < K && w->index[k + 1] != w->index[k];
            const real *next = other ? weights + w->index[k + 1] * rows * C : 0;
            c->forward(&s, weights + w->index[k] * rows * C, next, x, saved, memory, after,
                       then + (C - H) * N);
            unpad_rows(H, then + (C - H) * N, w->hidden + (k * w->E + e) * H * B, B, N);
            x = then, saved += saved_step;
            if (c->states > 1) memory = after;
        }
        unpad_rows(H, x + (C - H) * N, w->states[0] + e * H * B, B, N);
        if (c->states > 1) unpad_rows(H, memory, w->states[1] + e * H * B, B, N);
    }
}

/* Linear backward: from the pre-activation gradients to the gradient of the weights; x is
 * transposed into scratch. Prefetches `next`: the weights that `to_hidden` reads and
 * the gradient that the step before writes. */
static void to_weights(const window *w, const shape *s, const real *x, const real *grads,
                       real *scratch, real *d, int add, prefetched next) {
    const long H = s->H, N = s->N, C = s->C, wide = (C + V - 1) / V * V;
    transpose(C, s->B, x, N, scratch, wide);
    if (!w->constant) {
        product(cells[w->kind].gates * H, C, s->B, grads, N, 1, scratch, wide, d, C, add,
                next);
        return;
    }
    product(2 * H, C, s->B, grads, N, 1, scratch, wide, d, C, add, next);
    d += 2 * H * C;
    if (next.read) next.read += 2 * H * C;
    if (next.written) next.written += 2 * H * C;
    product(H, s->split, s->B, grads + 2 * H * N, N, 1, scratch, wide, d, C, add, NO_PREFETCH);
    product(H, C - s->split, s->B, grads + 3 * H * N, N, 1, scratch + s->split, wide,
            d + s->split, C, add, next);
}

/* Linear backward to the hidden state before the step. */
static void to_hidden(const window *w, const shape *s, const real *weights, const real *grads,
                      real *d, int add) {
    const long H = s->H, N = s->N, C = s->C;
    const real *columns = weights + C - H;
    if (!w->constant) {
        product(H, N, cells[w->kind].gates * H, columns, 1, C, grads, N, d, N, add, NO_PREFETCH);
        return;
    }
    product(H, N, 2 * H, columns, 1, C, grads, N, d, N, add, NO_PREFETCH);
    product(H, N, H, columns + 2 * H * C, 1, C, grads + 3 * H * N, N, d, N, 1, NO_PREFETCH);
}

SEPARATE int backward(const window *w) {
    const cell *c = &cells[w->kind];
    const shape s = shape_of(w);
    const long H = w->H, B = w->B, N = w->N, C = w->C, K = w->K, D = w->D;
    const long rows = c->gates * H, block = H * N, wide = (C + V - 1) / V * V;
    const long sizes = (c->grads + 2) * block + D * N + N * wide + V;
    real *scratch = aligned_alloc(64, (sizes * sizeof(real) + 63) / 64 * 64);
    char *touched = malloc(w->S);
    if (!scratch || !touched) { free(scratch); free(touched); return 1; }
    real *d_hidden = scratch, *d_memory = d_hidden + block, *grads = d_memory + block;
    real *columns = grads + c->grads * block, *d_inputs = columns + N * wide;
    for (long e = 0; e < w->E; e++) {
        const real *weights = w->weights + e * w->S * rows * C;
        real *d_weights = w->d_weights ? w->d_weights + e * w->S * rows * C : 0;
        const long saved_step = w->kind ? c->saved * block : 0;
        const real *saved = w->saved + e * (w->kind ? K : 1) * c->saved * block + K * saved_step;
        const real *x = w->stacked + (e * (K + 1) + K) * C * N;
        const real *memory = w->memory + (e * (K + 1) + K) * block;
        memset(touched, w->add ? 1 : 0, w->S);
        pad_rows(H, w->d_states[0] + e * H * B, B, d_hidden, B, N);
        if (c->states > 1) pad_rows(H, w->d_states[1] + e * H * B, B, d_memory, B, N);
        for (long k = K - 1; k >= 0; k--) {
            const real *hidden = x + (C - H) * N;
            const long which = w->index[k];
            x -= C * N, saved -= saved_step;
            const real *after = memory;
            if (c->states > 1) memory -= block;
            if (w->d_hidden) {
                const real *d_step = w->d_hidden + (k * w->E + e) * H * B;
                for (long r = 0; r < H; r++)
                    for (long b = 0; b < B; b++) d_hidden[r * N + b] += d_step[r * B + b];
            }
            c->backward(&s, x, saved, memory, after, hidden, d_hidden, d_memory, grads);
            if (d_weights) {
                const long size = rows * C;
                const int first_use = k == K - 1 || w->index[k + 1] != which;
                /* Where one matrix fills the first-level cache, prefetching another is slower. */
                const int last_use = k > 0 && w->index[k - 1] != which && size <= FIRST_CACHE;
                const prefetched next = {first_use ? weights + which * size : 0,
                                    last_use ? d_weights + w->index[k - 1] * size : 0, C};
                to_weights(w, &s, x, grads, columns, d_weights + which * size, touched[which],
                           next);
                touched[which] = 1;
            }
            to_hidden(w, &s, weights + which * rows * C, grads, d_hidden, c->direct);
            if (w->d_inputs) {
                product(D, N, rows, weights + which * rows * C + 1, 1, C, grads, N, d_inputs, N, 0,
                        NO_PREFETCH);
                unpad_rows(D, d_inputs, w->d_inputs + (k * w->E + e) * D * B, B, N);
            }
        }
        unpad_rows(H, d_hidden, w->d_states[0] + e * H * B, B, N);
        if (c->states > 1) unpad_rows(H, d_memory, w->d_states[1] + e * H * B, B, N);
        for (long i = 0; d_weights && i < w->S; i++)
            if (!touched[i]) memset(d_weights + i * rows * C, 0, rows * C * sizeof(real));
    }
    free(scratch);
    free(touched);
    return 0;
}

void window_forward(const window *w) {
    const float_control before = flush_subnormals();
    forward(w);
    restore(before);
}

/* Returns 0, or 1 if the scratch memory of one step cannot be allocated. */
int window_backward(const window *w) {
    const float_control before = flush_subnormals();
    const int failed = backward(w);
    restore(before);
    return failed;
}
