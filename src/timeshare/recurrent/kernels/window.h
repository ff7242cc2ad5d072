/* What forward and backward share: the window as Python describes it, and padded rows. */
#include "vector.h"

#include "products.h"

#include "cells.h"

#include "members.h"

#include <unistd.h>

typedef struct {
    long kind, E, K, S, H, D, B, N, C, constant, saving;
    const int64_t *index;
    const real *weights, *inputs;
    long inputs_step, inputs_member, inputs_feature, inputs_batch; /* strides, in numbers */
    real *stacked, *saved, *memory, *hidden; /* [E, slots, C | blocks H | H, N]; [K, E, H, B] */
    const real *before[2]; /* [E, H, B]: the state before the window */
    real *after[2];        /* and after it */
    /* used by backward alone */
    const real *d_hidden; /* [K, E, H, B] or null */
    const real *d_after[2]; /* [E, H, B]: gradient of the state after the window, null for zeros */
    real *d_before[2];      /* and of the state before it, null if it is not needed */
    real *d_weights;      /* [E, S, rows, C] or null */
    real *d_inputs;       /* [K, E, D, B] or null */
    long add;             /* add to d_weights instead of overwriting it */
} window;

static shape shape_of(const window *w) {
    return (shape){w->H, w->D, w->B, w->N, w->C, w->constant ? 1 + w->D : 0};
}

/* Numbers of the second-level cache; half a megabyte where the system does not tell. */
static long second_cache(void) {
    static long numbers; /* asked once: the answer may take microseconds */
    long known = __atomic_load_n(&numbers, __ATOMIC_RELAXED);
    if (known) return known;
    long bytes = 0;
#ifdef _SC_LEVEL2_CACHE_SIZE
    bytes = sysconf(_SC_LEVEL2_CACHE_SIZE);
#endif
    known = (bytes > 0 ? bytes : 524288) / (long)sizeof(real);
    __atomic_store_n(&numbers, known, __ATOMIC_RELAXED);
    return known;
}

/* Copy rows of B numbers to rows of N, padded with zeros; and the reverse. */
static void pad_rows(long rows, const real *from, long stride, real *to, long B, long N) {
    for (long r = 0; r < rows; r++) {
        memcpy(to + r * N, from + r * stride, B * sizeof(real));
        if (N > B) memset(to + r * N + B, 0, (N - B) * sizeof(real));
    }
}

/* The inputs of one step as D rows of N; sequences past the batch are zeros. Rows of D features are
 * transposed in registers. */
static void read_inputs(const window *w, const real *in, real *to) {
    const long D = w->D, B = w->B, N = w->N, feature = w->inputs_feature, batch = w->inputs_batch;
    if (batch == 1) {
        pad_rows(D, in, feature, to, B, N);
        return;
    }
    for (long d = 0; d < D; d += V)
        for (long b = 0; b < N; b += V) {
            const long features = D - d < V ? D - d : V;
            vec block[V] = {0};
            for (long i = 0; i < V && b + i < B; i++) {
                const real *row = in + (b + i) * batch + d * feature;
                if (feature == 1) block[i] = features == V ? load(row) : load_part(row, features);
                else for (long j = 0; j < features; j++) block[i][j] = row[j * feature];
            }
            transpose_registers(block);
            for (long j = 0; j < features; j++) store(to + (d + j) * N + b, block[j]);
        }
}

static void unpad_rows(long rows, const real *from, real *to, long B, long N) {
    if (B == N) { memcpy(to, from, rows * B * sizeof(real)); return; }
    for (long r = 0; r < rows; r++) memcpy(to + r * B, from + r * N, B * sizeof(real));
}

static void ones(real *row, long N) {
    for (long k = 0; k < N; k += V) store(row + k, all(1));
}
