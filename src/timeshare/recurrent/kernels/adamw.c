/* AdamW, and norm and scaling of the gradient, member after member, in one pass over memory each.
 * All tensors are [E, n]. */
#include "vector.h"

#include "members.h"

typedef struct {
    double active; /* 0: the member does not change */
    double rate, weight_decay, beta1, beta2, eps, correction1, correction2;
} rule;

typedef struct {
    long n;
    real *w, *g, *m, *v;
    const rule *rules;     /* of `update` */
    double *sums;          /* of `sum_of_squares`: added to */
    const double *factors; /* of `multiply` */
} tensors;

SEPARATE void update(const void *what, long e, void *scratch) {
    const tensors *t = what;
    const rule *r = t->rules + e;
    const long n = t->n;
    if (!r->active) return;
    real *w = t->w + e * n, *m = t->m + e * n, *v = t->v + e * n;
    const real *g = t->g + e * n;
    const real decay = 1 - r->rate * r->weight_decay, step = r->rate / r->correction1;
    const real new1 = 1 - r->beta1, old2 = r->beta2, new2 = 1 - r->beta2;
    const real root = 1 / sqrt(r->correction2), eps = r->eps;
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

SEPARATE void multiply(const void *what, long e, void *scratch) {
    const tensors *t = what;
    const real factor = t->factors[e];
    if (t->factors[e] == 1) return;
    for (long i = 0; i < t->n; i++) t->g[e * t->n + i] *= factor;
}

/* Numbers below which starting a thread takes longer than the work. */
#define FEW 65536

static long enough(long numbers, long threads) { return numbers < FEW ? 1 : threads; }

void adamw(long E, long n, real *w, real *g, real *m, real *v, const rule *rules, long threads) {
    const tensors t = {n, w, g, m, v, rules, 0, 0};
    for_members((job){update, &t, E, 0, 0}, enough(E * n, threads));
}

void squares(long E, long n, real *g, double *sums, long threads) {
    const tensors t = {n, 0, g, 0, 0, 0, sums, 0};
    for_members((job){sum_of_squares, &t, E, 0, 0}, enough(E * n, threads));
}

void scale(long E, long n, real *g, const double *factors, long threads) {
    const tensors t = {n, 0, g, 0, 0, 0, 0, factors};
    for_members((job){multiply, &t, E, 0, 0}, enough(E * n, threads));
}
