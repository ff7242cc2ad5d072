/* A cell walked over a window of steps, member after member, so that a member's weights and state
 * stay in the cache and its result depends on nobody else. Layouts: see `walk.py`. */
#include "vector.h"

#include "products.h"

#include "cells.h"

#include <stdlib.h>

#define FITS (32768 / (long)sizeof(real))

typedef struct {
    long kind, E, K, S, H, D, B, N, C, constant, saving;
    const int64_t *index;
    const real *weights, *inputs;
    long inputs_step, inputs_member, inputs_feature;
    real *stacked, *kept, *memory, *hidden; /* [E, slots, C | blocks H | H, N]; [K, E, H, B] */
    real *states[2];                        /* [E, H, B]: state before, then after */
    /* backward only */
    const real *d_hidden; /* [K, E, H, B] or null */
    real *d_states[2];    /* [E, H, B]: gradient of the state after, then before */
    real *d_weights;      /* [E, S, rows, C] or null */
    real *d_inputs;       /* [K, E, D, B] or null */
    long add;             /* add to d_weights, or write all of it */
} window;

static shape shape_of(const window *w) {
    return (shape){w->H, w->D, w->B, w->N, w->C, w->constant ? 1 + w->D : 0};
}

/* Rows of B numbers to rows of N, the rest zero; and back. */
static void widen(long rows, const real *from, long stride, real *to, long B, long N) {
    for (long r = 0; r < rows; r++) {
        memcpy(to + r * N, from + r * stride, B * sizeof(real));
        if (N > B) memset(to + r * N + B, 0, (N - B) * sizeof(real));
    }
}

static void narrow(long rows, const real *from, real *to, long B, long N) {
    if (B == N) { memcpy(to, from, rows * B * sizeof(real)); return; }
    for (long r = 0; r < rows; r++) memcpy(to + r * B, from + r * N, B * sizeof(real));
}

static void ones(real *row, long N) {
    for (long k = 0; k < N; k += V) store(row + k, all(1));
}

void window_forward(const window *w) {
    const cell *c = &cells[w->kind];
    const shape s = shape_of(w);
    const long H = w->H, B = w->B, N = w->N, C = w->C, K = w->K;
    const long slots = w->saving ? K + 1 : 1, one = w->saving ? 1 : 0;
    const long rows = c->gates * H, x_size = C * N, kept_size = c->kept * H * N;
    for (long e = 0; e < w->E; e++) {
        const real *weights = w->weights + e * w->S * rows * C;
        real *x = w->stacked + e * slots * x_size;
        real *kept = w->kept + e * (w->saving && w->kind ? K : 1) * kept_size;
        real *memory = w->memory + e * slots * H * N;
        const long kept_step = w->kind ? one * kept_size : 0;
        widen(H, w->states[0] + e * H * B, B, x + (C - H) * N, B, N);
        if (c->states > 1) widen(H, w->states[1] + e * H * B, B, memory, B, N);
        for (long k = 0; k < K; k++) {
            const real *in = w->inputs + k * w->inputs_step + e * w->inputs_member;
            real *then = x + one * x_size, *after = memory + one * H * N;
            ones(x, N);
            widen(w->D, in, w->inputs_feature, x + N, B, N);
            if (w->constant) ones(x + (1 + w->D) * N, N);
            const int other = k + 1 < K && w->index[k + 1] != w->index[k];
            const real *next = other ? weights + w->index[k + 1] * rows * C : 0;
            c->forward(&s, weights + w->index[k] * rows * C, next, x, kept, memory, after,
                       then + (C - H) * N);
            narrow(H, then + (C - H) * N, w->hidden + (k * w->E + e) * H * B, B, N);
            x = then, kept += kept_step;
            if (c->states > 1) memory = after;
        }
        narrow(H, x + (C - H) * N, w->states[0] + e * H * B, B, N);
        if (c->states > 1) narrow(H, memory, w->states[1] + e * H * B, B, N);
    }
}

/* The gradient of the products, carried on to the weights; x is transposed into scratch. Asks for
 * `next`: the weights that `to_hidden` reads, the gradient that the step before writes. */
static void to_weights(const window *w, const shape *s, const real *x, const real *grads,
                       real *scratch, real *d, int add, ahead next) {
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
    product(H, s->split, s->B, grads + 2 * H * N, N, 1, scratch, wide, d, C, add, NOTHING);
    product(H, C - s->split, s->B, grads + 3 * H * N, N, 1, scratch + s->split, wide,
            d + s->split, C, add, next);
}

/* The same, carried on to the hidden state before the step. */
static void to_hidden(const window *w, const shape *s, const real *weights, const real *grads,
                      real *d, int add) {
    const long H = s->H, N = s->N, C = s->C;
    const real *columns = weights + C - H;
    if (!w->constant) {
        product(H, N, cells[w->kind].gates * H, columns, 1, C, grads, N, d, N, add, NOTHING);
        return;
    }
    product(H, N, 2 * H, columns, 1, C, grads, N, d, N, add, NOTHING);
    product(H, N, H, columns + 2 * H * C, 1, C, grads + 3 * H * N, N, d, N, 1, NOTHING);
}

/* Returns 0, or 1 when there was no memory for one step's scratch. */
int window_backward(const window *w) {
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
        const long kept_step = w->kind ? c->kept * block : 0;
        const real *kept = w->kept + e * (w->kind ? K : 1) * c->kept * block + K * kept_step;
        const real *x = w->stacked + (e * (K + 1) + K) * C * N;
        const real *memory = w->memory + (e * (K + 1) + K) * block;
        memset(touched, w->add ? 1 : 0, w->S);
        widen(H, w->d_states[0] + e * H * B, B, d_hidden, B, N);
        if (c->states > 1) widen(H, w->d_states[1] + e * H * B, B, d_memory, B, N);
        for (long k = K - 1; k >= 0; k--) {
            const real *hidden = x + (C - H) * N;
            const long which = w->index[k];
            x -= C * N, kept -= kept_step;
            const real *after = memory;
            if (c->states > 1) memory -= block;
            if (w->d_hidden) {
                const real *given = w->d_hidden + (k * w->E + e) * H * B;
                for (long r = 0; r < H; r++)
                    for (long b = 0; b < B; b++) d_hidden[r * N + b] += given[r * B + b];
            }
            c->backward(&s, x, kept, memory, after, hidden, d_hidden, d_memory, grads);
            if (d_weights) {
                const long size = rows * C;
                const int entered = k == K - 1 || w->index[k + 1] != which;
                /* Beside a matrix that fills the first cache itself, asking for another hurts. */
                const int left = k > 0 && w->index[k - 1] != which && size <= FITS;
                const ahead next = {entered ? weights + which * size : 0,
                                    left ? d_weights + w->index[k - 1] * size : 0, C};
                to_weights(w, &s, x, grads, columns, d_weights + which * size, touched[which],
                           next);
                touched[which] = 1;
            }
            to_hidden(w, &s, weights + which * rows * C, grads, d_hidden, c->direct);
            if (w->d_inputs) {
                product(D, N, rows, weights + which * rows * C + 1, 1, C, grads, N, d_inputs, N, 0,
                        NOTHING);
                narrow(D, d_inputs, w->d_inputs + (k * w->E + e) * D * B, B, N);
            }
        }
        narrow(H, d_hidden, w->d_states[0] + e * H * B, B, N);
        if (c->states > 1) narrow(H, d_memory, w->d_states[1] + e * H * B, B, N);
        for (long i = 0; d_weights && i < w->S; i++)
            if (!touched[i]) memset(d_weights + i * rows * C, 0, rows * C * sizeof(real));
    }
    free(scratch);
    free(touched);
    return 0;
}
