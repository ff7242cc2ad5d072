/* Small matrix products. All matrices are row-major; the second factor's rows may be read up to
 * the next whole register, the product's are written exactly. */

/* Memory that a later product reads or writes, prefetched while this one computes: each tile
 * prefetches its share, so that the requests do not queue. */
typedef struct {
    const real *read, *written; /* null: none */
    long row;                   /* numbers per row of the product */
} prefetched;

#define NO_PREFETCH ((prefetched){0, 0, 0})

INLINE void prefetch(prefetched next, long m, long rows) {
    const long first = m * next.row, end = (m + rows) * next.row, line = 64 / sizeof(real);
    if (next.read)
        for (long i = first; i < end; i += line) __builtin_prefetch(next.read + i, 0, 2);
    if (next.written)
        for (long i = first; i < end; i += line) __builtin_prefetch(next.written + i, 1, 2);
}

/* MR x NV registers of the product are accumulated over k; the last has `tail` lanes, 0 for all. */
INLINE void tile(const int MR, const int NV, long K, const real *a, long am, long ak,
                 const real *b, long ldb, real *c, long ldc, int add, long tail) {
    vec sum[16][4];
#pragma GCC unroll 16
    for (int i = 0; i < MR; i++)
#pragma GCC unroll 4
        for (int j = 0; j < NV; j++) sum[i][j] = (vec){0};
    for (long k = 0; k < K; k++) {
        vec row[4];
#pragma GCC unroll 4
        for (int j = 0; j < NV; j++) row[j] = load(b + k * ldb + j * V);
#pragma GCC unroll 16
        for (int i = 0; i < MR; i++) {
            vec factor = all(a[i * am + k * ak]);
#pragma GCC unroll 4
            for (int j = 0; j < NV; j++) sum[i][j] += factor * row[j];
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < MR; i++)
#pragma GCC unroll 4
        for (int j = 0; j < NV; j++) {
            real *p = c + i * ldc + j * V;
            if (tail && j == NV - 1)
                store_part(p, add ? sum[i][j] + load_part(p, tail) : sum[i][j], tail);
            else
                store(p, add ? sum[i][j] + load(p) : sum[i][j]);
        }
}

#define STRIP(NAME, MR, NV)                                                                        \
    static void NAME(long M, long K, const real *a, long am, long ak, const real *b, long ldb,     \
                     real *c, long ldc, int add, long tail, prefetched next) {                     \
        long m = 0;                                                                                \
        for (; m + MR <= M; m += MR) {                                                             \
            prefetch(next, m, MR);                                                                 \
            tile(MR, NV, K, a + m * am, am, ak, b, ldb, c + m * ldc, ldc, add, tail);              \
        }                                                                                          \
        for (; m + 4 <= M; m += 4)                                                                 \
            tile(4, NV, K, a + m * am, am, ak, b, ldb, c + m * ldc, ldc, add, tail);               \
        for (; m < M; m++)                                                                         \
            tile(1, NV, K, a + m * am, am, ak, b, ldb, c + m * ldc, ldc, add, tail);               \
    }

/* As many accumulators as fit the register file besides a row of the second factor: there are 32
 * registers with AVX-512 and NEON, 16 with AVX2. */
#if defined(__AVX__) && !defined(__AVX512F__)
#define WIDEST 2
STRIP(strip_1, 8, 1)
STRIP(strip_2, 6, 2)
#else
#define WIDEST 4
STRIP(strip_1, 16, 1)
STRIP(strip_2, 8, 2)
STRIP(strip_3, 8, 3)
STRIP(strip_4, 6, 4)
#endif

/* C[M, N] (+)= A[M, K] B[K, N], where A(m, k) = a[m am + k ak] and C has rows of `ldc`. Prefetches
 * `next`, a matrix of M rows. */
static void product(long M, long N, long K, const real *a, long am, long ak, const real *b,
                    long ldb, real *c, long ldc, int add, prefetched next) {
    long registers = (N + V - 1) / V, strips = (registers + WIDEST - 1) / WIDEST;
    for (long n = 0; strips > 0; strips--) {
        long wide = (registers + strips - 1) / strips, end = n + wide * V;
        long tail = end > N ? N - (end - V) : 0;
        switch (wide) {
        case 1: strip_1(M, K, a, am, ak, b + n, ldb, c + n, ldc, add, tail, next); break;
        case 2: strip_2(M, K, a, am, ak, b + n, ldb, c + n, ldc, add, tail, next); break;
#if WIDEST == 4
        case 3: strip_3(M, K, a, am, ak, b + n, ldb, c + n, ldc, add, tail, next); break;
        case 4: strip_4(M, K, a, am, ak, b + n, ldb, c + n, ldc, add, tail, next); break;
#endif
        }
        registers -= wide;
        n = end;
        next = NO_PREFETCH;
    }
}

/* to[columns, ldt] = from[rows, ldf] transposed; whole registers are read and written. */
static void transpose(long rows, long columns, const real *from, long ldf, real *to, long ldt) {
    for (long c = 0; c < columns; c += V)
        for (long r = 0; r < rows; r += V) {
            vec block[V];
#pragma GCC unroll 16
            for (int i = 0; i < V; i++) block[i] = load(from + (r + i) * ldf + c);
            transpose_registers(block);
#pragma GCC unroll 16
            for (int i = 0; i < V; i++) store(to + (c + i) * ldt + r, block[i]);
        }
}
