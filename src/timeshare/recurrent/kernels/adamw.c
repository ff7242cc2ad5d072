/* AdamW and the squared norm of the gradient, member after member, in one pass over memory each. */
#include "vector.h"

#include "subnormals.h"

typedef struct {
    int64_t active;
    double rate, weight_decay, beta1, beta2, eps, correction1, correction2;
} rule;

SEPARATE void update(long n, real *w, const real *g, real *m, real *v, const rule *r) {
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

/* All tensors are [E, n]. */
void adamw(long E, long n, real *w, const real *g, real *m, real *v, const rule *rules) {
    const float_control before = flush_subnormals();
    for (long e = 0; e < E; e++)
        if (rules[e].active) update(n, w + e * n, g + e * n, m + e * n, v + e * n, rules + e);
    restore(before);
}

SEPARATE double sum_of_squares(long n, const real *g) {
    double sum[8] = {0};
    long i = 0;
    for (; i + 8 <= n; i += 8)
        for (int j = 0; j < 8; j++) sum[j] += (double)g[i + j] * g[i + j];
    for (; i < n; i++) sum[0] += (double)g[i] * g[i];
    double total = 0;
    for (int j = 0; j < 8; j++) total += sum[j];
    return total;
}

void squares(long E, long n, const real *g, double *sums) {
    const float_control before = flush_subnormals();
    for (long e = 0; e < E; e++) sums[e] += sum_of_squares(n, g + e * n);
    restore(before);
}
