/* The backward pass of a window. The gradients of the weights of consecutive steps that share their
 * matrix are computed together: a product over the batch of several steps touches the sum less
 * often than one a step. */

/* Terms of such a product. Not chosen by the caches, since the sum rounds by their number. */
#define TERMS 256
/* Numbers of a matrix whose sum over steps has aligned rows of its own. */
#define SUMMED 65536

typedef struct {
    long d_hidden, d_memory, grads, columns, sum, d_inputs, block, touched; /* where each begins */
    long group, grads_size, columns_size, wide;
    long apart; /* 1 if the gradient of the biases is computed apart from the product */
    size_t bytes;
} layout;

/* Lanes that a product computes together at its end. */
#define LANES (HALVES ? V / 2 : V)

/* The scratch memory of one member. */
static layout scratch_of(const window *w) {
    const cell *c = &cells[w->kind];
    const long block = w->H * w->N, rows = c->gates * w->H;
    layout l = {0};
    l.wide = (w->C + V - 1) / V * V;
    l.apart = !w->constant && (w->C - 1) % LANES == 0; /* one column alone would take as many */
    l.group = w->B < TERMS ? TERMS / w->B : 1;
    if (l.group > w->K) l.group = w->K;
    l.grads_size = c->grads * block;
    l.columns_size = w->B * l.wide;
    l.d_memory = l.d_hidden + block;
    l.grads = l.d_memory + block;
    l.columns = l.grads + l.group * l.grads_size;
    l.sum = l.columns + (l.group * l.columns_size + V * l.wide + V - 1) / V * V;
    l.d_inputs = l.sum + (rows * l.wide <= SUMMED ? rows * l.wide : 0) + V;
    l.block = l.d_inputs + w->D * w->N;
    l.touched = l.block + BLOCK_ROWS * BLOCK_COLUMNS;
    l.bytes = l.touched * sizeof(real) + w->S;
    return l;
}

/* The gradient of the biases, the first column of `d`: sums over the batch of `steps` steps. */
static void to_biases(const window *w, const layout *l, long steps, const real *grads, real *d,
                      long ldd, int add) {
    const long M = cells[w->kind].gates * w->H, N = w->N, B = w->B;
    for (long m = 0; m < M; m += V) {
        const long count = M - m < V ? M - m : V;
        vec sums[V] = {0};
        for (long i = 0; i < count; i++)
            for (long g = 0; g < steps; g++) {
                const real *row = grads + g * l->grads_size + (m + i) * N;
                long b = 0;
                for (; b + V <= B; b += V) sums[i] += load(row + b);
                if (b < B) sums[i] += load_part(row + b, B - b);
            }
        transpose_registers(sums);
        vec total = sums[0];
        for (int i = 1; i < V; i++) total += sums[i];
        for (long i = 0; i < count; i++) {
            real *bias = d + (m + i) * ldd;
            *bias = add ? *bias + total[i] : total[i];
        }
    }
}

/* Linear backward of `steps` steps: the gradient of their weights from the gradients of the
 * pre-activations and the transposed columns. */
static void to_weights(const window *w, const layout *l, long steps, const real *grads,
                       const real *columns, real *d, long ldd, int add, prefetched next) {
    const long H = w->H, N = w->N, C = w->C, split = 1 + w->D;
    factors f = {grads, N, 1, columns, w->constant ? l->wide : 0, w->B,
                 steps, l->grads_size, l->columns_size};
    if (!w->constant) {
        if (l->apart) to_biases(w, l, steps, grads, d, ldd, add);
        product(cells[w->kind].gates * H, C - l->apart, &f, d + l->apart, ldd, add, next);
        return;
    }
    product(2 * H, C, &f, d, ldd, add, next);
    f.a = grads + 2 * H * N;
    product(H, split, &f, d + 2 * H * ldd, ldd, add, NO_PREFETCH);
    f.a = grads + 3 * H * N, f.b = columns + split;
    product(H, C - split, &f, d + 2 * H * ldd + split, ldd, add, from_row(next, 2 * H));
}

/* Linear backward to the hidden state before the step. */
static void to_hidden(const window *w, const real *weights, const real *grads, real *d, int add,
                      real *block, prefetched next) {
    const long H = w->H, N = w->N, C = w->C, rows = cells[w->kind].gates * H;
    factors f = {weights + C - H, 1, C, grads, N, w->constant ? 2 * H : rows, 1, 0, 0};
    for (int part = 0; part <= w->constant; part++) {
        if (part) {
            f.a += 2 * H * C, f.b = grads + 3 * H * N, f.K = H;
            add = 1;
        }
        if (rows * C > BLOCKED && N > WIDEST * V)
            product_blocked(H, N, &f, d, N, add, block);
        else
            product(H, N, &f, d, N, add, part ? NO_PREFETCH : next);
    }
}

/* Add the sum over steps, whose rows are padded, to the gradient, or overwrite that. */
static void add_sum(long rows, long C, const real *sum, long wide, real *d, int add) {
    for (long r = 0; r < rows; r++)
        for (long i = 0; i < C; i++) d[r * C + i] = add ? d[r * C + i] + sum[r * wide + i]
                                                        : sum[r * wide + i];
}

/* What the step before reads. */
static prefetched step_before(const window *w, const cell *c, long M, const real *x,
                              const real *saved, const real *memory, const real *d_hidden) {
    prefetched next = NO_PREFETCH;
    const long block = w->H * w->N;
    also(&next, share(x - w->C * w->N, w->C * w->N, M));
    if (w->kind) also(&next, share(saved - c->saved * block, c->saved * block, M));
    if (c->states > 1) also(&next, share(memory - block, block, M));
    if (d_hidden) also(&next, share(d_hidden, w->H * w->B, M));
    return next;
}

/* The latest steps that share one matrix, and whether `sum` holds the gradient of earlier ones. */
typedef struct {
    long steps;
    int summed;
} run;

/* End a group of steps: the gradient of their weights, into the sum of the run or, where the run
 * ends, into the gradient of all weights. `k` is the earliest of the steps. */
static void end_group(const window *w, const layout *l, real *scratch, const real *weights,
                      real *d_weights, long k, run *r) {
    const long rows = cells[w->kind].gates * w->H, size = rows * w->C, which = w->index[k];
    const int run_ends = k == 0 || w->index[k - 1] != which;
    const int fits = size <= 2 * second_cache(), own = rows * l->wide <= SUMMED;
    char *touched = (char *)(scratch + l->touched);
    /* What the product writes of a row begins at a whole register. */
    real *sum = scratch + l->sum + (l->apart ? V - 1 : 0), *d = d_weights + which * size;
    prefetched next = NO_PREFETCH;
    if (k && run_ends && fits) {
        also(&next, share(weights + w->index[k - 1] * size, size, rows));
        also(&next, share(d_weights + w->index[k - 1] * size, size, rows));
    }
    const int direct = !own || (run_ends && !r->summed);
    to_weights(w, l, r->steps, scratch + l->grads, scratch + l->columns, direct ? d : sum,
               direct ? w->C : l->wide, direct ? touched[which] : r->summed, next);
    if (run_ends && !direct) add_sum(rows, w->C, sum, l->wide, d, touched[which]);
    if (direct || run_ends) touched[which] = 1;
    *r = (run){0, !direct && !run_ends};
}

/* The state's gradients before the first step, or after the last if `after`. */
static void copy_states(const window *w, long e, real *const d_states[2], int after) {
    const long H = w->H, B = w->B, N = w->N;
    for (int i = 0; i < cells[w->kind].states; i++) {
        if (!after) {
            if (w->d_before[i]) unpad_rows(H, d_states[i], w->d_before[i] + e * H * B, B, N);
        } else if (w->d_after[i]) pad_rows(H, w->d_after[i] + e * H * B, B, d_states[i], B, N);
        else memset(d_states[i], 0, H * N * sizeof(real));
    }
}

SEPARATE void backward(const void *what, long e, void *memory_of_thread) {
    const window *w = what;
    const cell *c = &cells[w->kind];
    const shape s = shape_of(w);
    const layout l = scratch_of(w);
    const long H = w->H, B = w->B, N = w->N, C = w->C, K = w->K, D = w->D;
    const long rows = c->gates * H, size = rows * C, block = H * N;
    real *scratch = memory_of_thread, *d_hidden = scratch + l.d_hidden;
    real *d_memory = scratch + l.d_memory, *d_inputs = scratch + l.d_inputs;
    char *touched = (char *)(scratch + l.touched);
    const real *weights = w->weights + e * w->S * size;
    real *d_weights = w->d_weights ? w->d_weights + e * w->S * size : 0;
    const long saved_step = w->kind ? c->saved * block : 0;
    const real *saved = w->saved + e * (w->kind ? K : 1) * c->saved * block + K * saved_step;
    const real *x = w->stacked + (e * (K + 1) + K) * C * N;
    const real *memory = w->memory + (e * (K + 1) + K) * block;
    run latest = {0, 0};
    memset(touched, w->add ? 1 : 0, w->S);
    real *const d_states[2] = {d_hidden, d_memory};
    copy_states(w, e, d_states, 1);
    for (long k = K - 1; k >= 0; k--) {
        const real *hidden = x + (C - H) * N;
        const long which = w->index[k], run_ends = k == 0 || w->index[k - 1] != which;
        real *grads = scratch + l.grads + latest.steps * l.grads_size;
        real *columns = scratch + l.columns + latest.steps * l.columns_size;
        const real *d_step = w->d_hidden ? w->d_hidden + (k * w->E + e) * H * B : 0;
        x -= C * N, saved -= saved_step;
        const real *after = memory;
        if (c->states > 1) memory -= block;
        for (long r = 0; d_step && r < H; r++)
            for (long b = 0; b < B; b++) d_hidden[r * N + b] += d_step[r * B + b];
        c->backward(&s, x, saved, memory, after, hidden, d_hidden, d_memory, grads);
        prefetched next = NO_PREFETCH;
        if (k) next = step_before(w, c, H, x, saved, memory, d_step ? d_step - w->E * H * B : 0);
        to_hidden(w, weights + which * size, grads, d_hidden, c->direct, scratch + l.block, next);
        if (w->d_inputs) {
            const factors f = {weights + which * size + 1, 1, C, grads, N, rows, 1, 0, 0};
            product(D, N, &f, d_inputs, N, 0, NO_PREFETCH);
            unpad_rows(D, d_inputs, w->d_inputs + (k * w->E + e) * D * B, B, N);
        }
        if (!d_weights) continue;
        if (w->constant) transpose(C, B, x, N, columns, l.wide);
        else transpose_packed(C - l.apart, B, x + l.apart * N, N, columns);
        if (++latest.steps == l.group || run_ends)
            end_group(w, &l, scratch, weights, d_weights, k, &latest);
    }
    copy_states(w, e, d_states, 0);
    for (long i = 0; d_weights && i < w->S; i++)
        if (!touched[i]) memset(d_weights + i * size, 0, size * sizeof(real));
}
