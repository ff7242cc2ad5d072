/* AdamW, and the norm of the gradient, member after member, in one pass over memory each.
 * All tensors are [E, n]. */
#include "vector.h"

#include "members.h"

/* What the members' updates are: each array has a number for each member. */
typedef struct {
    const char *active; /* 0: the member does not change */
    const double *rates, *weight_decays;
    const double *factors; /* by which the gradient is multiplied */
    const int64_t *updates; /* the number of the update, from one */
    double beta1, beta2, eps;
} rules;

typedef struct {
    long n;
    real *w, *g, *m, *v;
    const rules *rules; /* of `update` */
    double *sums;       /* of `sum_of_squares`: added to */
} tensors;

/* The update of `n` numbers of a member. */
static void update_some(const rules *r, long e, long n, real *w, const real *g, real *m, real *v) {
    const double correction1 = 1 - pow(r->beta1, r->updates[e]);
    const double correction2 = 1 - pow(r->beta2, r->updates[e]);
    const real decay = 1 - r->rates[e] * r->weight_decays[e], step = r->rates[e] / correction1;
    const real new1 = 1 - r->beta1, old2 = r->beta2, new2 = 1 - r->beta2;
    const real root = 1 / sqrt(correction2), eps = r->eps;
    for (long i = 0; i < n; i++) {
        real first = m[i] + (g[i] - m[i]) * new1;
        real second = v[i] * old2 + g[i] * g[i] * new2;
        m[i] = first;
        v[i] = second;
#if IS_DOUBLE
        w[i] = w[i] * decay - step * first / (sqrt(second) * root + eps);
#else
        w[i] = w[i] * decay - step * first / (sqrtf(second) * root + eps);
#endif
    }
}

/* Numbers of a gradient that are scaled at once: they stay in the first-level cache. */
#define SCALED 2048

SEPARATE void update(const void *what, long e, void *scratch) {
    const tensors *t = what;
    const rules *r = t->rules;
    const long n = t->n;
    if (!r->active[e]) return;
    real *w = t->w + e * n, *g = t->g + e * n, *m = t->m + e * n, *v = t->v + e * n;
    if (r->factors[e] == 1) {
        update_some(r, e, n, w, g, m, v);
        return;
    }
    const real factor = r->factors[e];
    real scaled[SCALED];
    for (long from = 0; from < n; from += SCALED) {
        const long some = n - from < SCALED ? n - from : SCALED;
        for (long i = 0; i < some; i++) scaled[i] = g[from + i] * factor;
        update_some(r, e, some, w + from, scaled, m + from, v + from);
    }
}

SEPARATE void sum_of_squares(const void *what, long e, void *scratch) {
    const tensors *t = what;
    const real *g = t->g + e * t->n;
    double sum[8] = {0};
    long i = 0;
    for (; i + 8 <= t->n; i += 8)
        for (int j = 0; j < 8; j++) sum[j] += (double)g[i + j] * g[i + j];
    for (; i < t->n; i++) sum[0] += (double)g[i] * g[i];
    double total = 0;
    for (int j = 0; j < 8; j++) total += sum[j];
    t->sums[e] += total;
}

/* Numbers below which starting a thread takes longer than the work. */
#define FEW 65536

static long enough(long numbers, long threads) { return numbers < FEW ? 1 : threads; }

void adamw(long E, long n, real *w, real *g, real *m, real *v, const rules *rules, long threads) {
    const tensors t = {n, w, g, m, v, rules, 0};
    for_members((job){update, &t, E, 0, 0, 0}, enough(E * n, threads));
}

void squares(long E, long n, real *g, double *sums, long threads) {
    const tensors t = {n, 0, g, 0, 0, 0, sums};
    for_members((job){sum_of_squares, &t, E, 0, 0, 0}, enough(E * n, threads));
}
