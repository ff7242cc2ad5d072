/* A cell unrolled over a window of steps, member after member, so that the weights and state of a
 * member stay in the cache and its results do not depend on the other members. `unrolling.py`
 * describes the layouts. */
#include "window.h"

#include "backward.h"

/* The window of one member, all steps. */
SEPARATE void forward(const void *what, long e, void *scratch) {
    const window *w = what;
    const cell *c = &cells[w->kind];
    const shape s = shape_of(w);
    const long H = w->H, B = w->B, N = w->N, C = w->C, K = w->K;
    const long slots = w->saving ? K + 1 : 1, one = w->saving ? 1 : 0;
    const long M = c->gates * H, x_size = C * N, saved_size = c->saved * H * N;
    const int fits = M * C <= 2 * second_cache();
    const real *weights = w->weights + e * w->S * M * C;
    real *x = w->stacked + e * slots * x_size;
    real *saved = w->saved + e * (w->saving && w->kind ? K : 1) * saved_size;
    real *memory = w->memory + e * slots * H * N;
    const long saved_step = w->kind ? one * saved_size : 0;
    pad_rows(H, w->before[0] + e * H * B, B, x + (C - H) * N, B, N);
    if (c->states > 1) pad_rows(H, w->before[1] + e * H * B, B, memory, B, N);
    for (long k = 0; k < K; k++) {
        const real *in = w->inputs + k * w->inputs_step + e * w->inputs_member;
        real *then = x + one * x_size, *after = memory + one * H * N;
        real *hidden = w->hidden + (k * w->E + e) * H * B;
        ones(x, N);
        read_inputs(w, in, x + N);
        if (w->constant) ones(x + (1 + w->D) * N, N);
        prefetched next = NO_PREFETCH;
        if (k + 1 < K) {
            if (w->index[k + 1] != w->index[k] && fits)
                also(&next, share(weights + w->index[k + 1] * M * C, M * C, M));
            also(&next, share(hidden + w->E * H * B, H * B, M));
            if (one) also(&next, share(then + x_size, x_size, M));
            if (saved_step) also(&next, share(saved + saved_step, saved_size, M));
            if (one && c->states > 1) also(&next, share(after + H * N, H * N, M));
        }
        c->forward(&s, weights + w->index[k] * M * C, next, x, saved, memory, after,
                   then + (C - H) * N);
        unpad_rows(H, then + (C - H) * N, hidden, B, N);
        x = then, saved += saved_step;
        if (c->states > 1) memory = after;
    }
    unpad_rows(H, x + (C - H) * N, w->after[0] + e * H * B, B, N);
    if (c->states > 1) unpad_rows(H, memory, w->after[1] + e * H * B, B, N);
}

void window_forward(const window *w, long threads) {
    for_members((job){forward, w, w->E, 0, 0, 0}, threads);
}

/* Returns 0, or 1 if the scratch memory of one step cannot be allocated. */
int window_backward(const window *w, long threads) {
    return for_members((job){backward, w, w->E, 0, 1, scratch_of(w).bytes}, threads);
}
