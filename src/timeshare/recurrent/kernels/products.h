/* Small matrix products. All matrices are row-major; the second factor's rows may be read up to
 * the next whole register, the product's are written exactly. */

/* Memory that later work reads or writes, requested while a product computes: each tile requests
 * its share, so that the requests do not queue. Requests go to the second-level cache, since one
 * step's operands fill the first. */
typedef struct {
    const real *start; /* null: none */
    long row;          /* numbers per row of the product */
} region;

#define REGIONS 6
typedef struct {
    region regions[REGIONS];
} prefetched;

#define NO_PREFETCH ((prefetched){0})

/* A region of `numbers`, shared out among the M rows of a product. */
static inline region share(const real *start, long numbers, long M) {
    return (region){start, (numbers + M - 1) / M};
}

static inline void also(prefetched *next, region r) {
    for (int i = 0; i < REGIONS; i++)
        if (!next->regions[i].start) {
            next->regions[i] = r;
            return;
        }
}

/* The same from row `m` on. */
static inline prefetched from_row(prefetched next, long m) {
    for (int i = 0; i < REGIONS; i++)
        if (next.regions[i].start) next.regions[i].start += m * next.regions[i].row;
    return next;
}

INLINE void prefetch(const prefetched *next, long m, long rows) {
    for (int i = 0; i < REGIONS; i++) {
        const region r = next->regions[i];
        if (!r.start) return;
        const char *p = (const char *)(r.start + m * r.row), *end = p + rows * r.row * sizeof(real);
        for (; p < end; p += 64) __builtin_prefetch(p, 0, 2);
    }
}

/* The factors of a product summed over `groups` of K terms each:
 * A(m, g, k) = a[m am + g ag + k ak] and B(g, k, n) = b[g bg + k ldb + n]. With `ldb` 0, B is
 * packed: each strip of columns is a matrix of its own, as `pack` and `transpose_packed` write it. */
typedef struct {
    const real *a;
    long am, ak;
    const real *b;
    long ldb, K;
    long groups, ag, bg;
} factors;

/* MR x NV registers of the product are accumulated; the last has `tail` lanes, 0 for all. */
INLINE void tile(const int MR, const int NV, const factors *f, const real *a, const real *b,
                 long ldb, real *c, long ldc, int add, long tail) {
    vec sum[16][4];
    const long am = f->am, ak = f->ak, K = f->K;
#pragma GCC unroll 16
    for (int i = 0; i < MR; i++)
#pragma GCC unroll 4
        for (int j = 0; j < NV; j++) sum[i][j] = (vec){0};
    for (long g = 0; g < f->groups; g++) {
        const real *ag = a + g * f->ag, *bg = b + g * f->bg;
        for (long k = 0; k < K; k++) {
            vec row[4];
#pragma GCC unroll 4
            for (int j = 0; j < NV; j++) row[j] = load(bg + k * ldb + j * V);
#pragma GCC unroll 16
            for (int i = 0; i < MR; i++) {
                vec factor = all(ag[i * am + k * ak]);
#pragma GCC unroll 4
                for (int j = 0; j < NV; j++) sum[i][j] += factor * row[j];
            }
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
    static void NAME(long M, const factors *f, const real *b, long ldb, real *c, long ldc,         \
                     int add, long tail, const prefetched *next) {                                 \
        long m = 0;                                                                                \
        for (; m + MR <= M; m += MR) {                                                             \
            prefetch(next, m, MR);                                                                 \
            tile(MR, NV, f, f->a + m * f->am, b, ldb, c + m * ldc, ldc, add, tail);                \
        }                                                                                          \
        for (; m + 4 <= M; m += 4)                                                                 \
            tile(4, NV, f, f->a + m * f->am, b, ldb, c + m * ldc, ldc, add, tail);                 \
        for (; m < M; m++) tile(1, NV, f, f->a + m * f->am, b, ldb, c + m * ldc, ldc, add, tail);  \
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

/* The registers of the first of the strips into which `registers` of columns are divided. */
static inline long strip_width(long registers) {
    const long strips = (registers + WIDEST - 1) / WIDEST;
    return (registers + strips - 1) / strips;
}

/* C[M, N] (+)= A B; C has rows of `ldc`. Prefetches `next`, shared out among M rows. */
static void product(long M, long N, const factors *f, real *c, long ldc, int add, prefetched next) {
    long registers = (N + V - 1) / V;
    for (long n = 0; registers > 0;) {
        const long wide = strip_width(registers), end = n + wide * V;
        const long tail = end > N ? N - (end - V) : 0;
        const real *b = f->b + (f->ldb ? n : n * f->K);
        const long ldb = f->ldb ? f->ldb : wide * V;
        switch (wide) {
        case 1: strip_1(M, f, b, ldb, c + n, ldc, add, tail, &next); break;
        case 2: strip_2(M, f, b, ldb, c + n, ldc, add, tail, &next); break;
#if WIDEST == 4
        case 3: strip_3(M, f, b, ldb, c + n, ldc, add, tail, &next); break;
        case 4: strip_4(M, f, b, ldb, c + n, ldc, add, tail, &next); break;
#endif
        }
        registers -= wide;
        n = end;
        next = NO_PREFETCH;
    }
}

/* Blocks in which a factor that does not fit the second-level cache is copied there. They are not
 * chosen by the processor's caches, since sums over blocks round by their size. */
#define BLOCK_ROWS 256
#define BLOCK_COLUMNS 48
/* Numbers of a matrix from which on it is read in blocks. */
#define BLOCKED 131072

/* As `product` for a first factor whose columns are contiguous (`am` 1) and too large for the
 * caches: read in the order of its rows, block by block, through `scratch`, which holds one. */
static void product_blocked(long M, long N, const factors *f, real *c, long ldc, int add,
                            real *scratch) {
    for (long k = 0; k < f->K; k += BLOCK_ROWS) {
        const long K = f->K - k < BLOCK_ROWS ? f->K - k : BLOCK_ROWS;
        for (long m = 0; m < M; m += BLOCK_COLUMNS) {
            const long columns = M - m < BLOCK_COLUMNS ? M - m : BLOCK_COLUMNS;
            const real *from = f->a + k * f->ak + m;
            for (long i = 0; i < K; i++)
                memcpy(scratch + i * BLOCK_COLUMNS, from + i * f->ak, columns * sizeof(real));
            const factors block = {scratch, 1, BLOCK_COLUMNS, f->b + k * f->ldb, f->ldb, K, 1, 0, 0};
            product(columns, N, &block, c + m * ldc, ldc, add || k, NO_PREFETCH);
        }
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

/* `from[rows, ldf]` transposed, as the packed second factor of `columns` terms. */
static void transpose_packed(long rows, long columns, const real *from, long ldf, real *to) {
    long registers = (rows + V - 1) / V;
    for (long n = 0; registers > 0;) {
        const long wide = strip_width(registers);
        transpose(wide * V, columns, from + n * ldf, ldf, to + n * columns, wide * V);
        registers -= wide;
        n += wide * V;
    }
}
