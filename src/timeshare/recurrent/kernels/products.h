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

/* MR x NV registers of the product are accumulated; the last has `tail` lanes, 0 for all. With
 * HALF, at most half of the lanes, and half a register is accumulated. */
INLINE void tile(const int MR, const int NV, const int HALF, const factors *f, const real *a,
                 const real *b, long ldb, real *c, long ldc, int add, long tail) {
    vec sum[16][4];
    half last[16];
    const long am = f->am, ak = f->ak, K = f->K;
#pragma GCC unroll 16
    for (int i = 0; i < MR; i++) {
#pragma GCC unroll 4
        for (int j = 0; j < NV - HALF; j++) sum[i][j] = (vec){0};
        last[i] = (half){0};
    }
    for (long g = 0; g < f->groups; g++) {
        const real *ag = a + g * f->ag, *bg = b + g * f->bg;
#pragma GCC unroll 4
        for (long k = 0; k < K; k++) {
            vec row[4];
#pragma GCC unroll 4
            for (int j = 0; j < NV - HALF; j++) row[j] = load(bg + k * ldb + j * V);
            const half end = HALF ? load_half(bg + k * ldb + (NV - 1) * V) : (half){0};
#pragma GCC unroll 16
            for (int i = 0; i < MR; i++) {
                const vec factor = all(ag[i * am + k * ak]);
#pragma GCC unroll 4
                for (int j = 0; j < NV - HALF; j++) sum[i][j] += factor * row[j];
                if (HALF) last[i] += first_half(factor) * end;
            }
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < MR; i++)
#pragma GCC unroll 4
        for (int j = 0; j < NV; j++) {
            real *p = c + i * ldc + j * V;
            const vec total = HALF && j == NV - 1 ? widened(last[i]) : sum[i][j];
            if (tail && j == NV - 1) store_part(p, add ? total + load_part(p, tail) : total, tail);
            else store(p, add ? total + load(p) : total);
        }
}

/* The rows of a product in tiles of MR, or of 4 where they end between. */
#define STRIP(NAME, MR, NV, HALF)                                                                  \
    static void NAME(long M, const factors *f, const real *b, long ldb, real *c, long ldc,         \
                     int add, long tail, const prefetched *next) {                                 \
        const long high = high_tiles(M, MR) * MR;                                                  \
        long m = 0;                                                                                \
        for (; m < high; m += MR) {                                                                \
            prefetch(next, m, MR);                                                                 \
            tile(MR, NV, HALF, f, f->a + m * f->am, b, ldb, c + m * ldc, ldc, add, tail);          \
        }                                                                                          \
        for (; m + 4 <= M; m += 4) {                                                               \
            prefetch(next, m, 4);                                                                  \
            tile(4, NV, HALF, f, f->a + m * f->am, b, ldb, c + m * ldc, ldc, add, tail);           \
        }                                                                                          \
        for (; m < M; m++)                                                                         \
            tile(1, NV, HALF, f, f->a + m * f->am, b, ldb, c + m * ldc, ldc, add, tail);           \
    }

/* Tiles of `height` in M rows: as many as fit, or one less where tiles of 4 then take the rest. */
static inline long high_tiles(long M, long height) {
    const long most = M / height;
    return most && (M - most * height) % 4 && (M - (most - 1) * height) % 4 == 0 ? most - 1 : most;
}

/* As many accumulators as fit the register file besides a row of the second factor: there are 32
 * registers with AVX-512 and NEON, 16 with AVX2. */
#if defined(__AVX__) && !defined(__AVX512F__)
#define WIDEST 2
STRIP(strip_1, 8, 1, 0)
STRIP(strip_2, 6, 2, 0)
#else
#define WIDEST 4
STRIP(strip_1, 16, 1, 0)
STRIP(strip_2, 8, 2, 0)
STRIP(strip_3, 8, 3, 0)
STRIP(strip_4, 6, 4, 0)
#endif
#if HALVES
STRIP(strip_1_half, 16, 1, 1)
STRIP(strip_2_half, 8, 2, 1)
STRIP(strip_3_half, 8, 3, 1)
STRIP(strip_4_half, 6, 4, 1)
#endif

/* The registers of the first of the strips into which `registers` of columns are divided. */
static inline long strip_width(long registers) {
    const long strips = (registers + WIDEST - 1) / WIDEST;
    return (registers + strips - 1) / strips;
}

typedef void strip(long M, const factors *f, const real *b, long ldb, real *c, long ldc, int add,
                   long tail, const prefetched *next);

/* The strip of some registers, the last of which has `tail` lanes, 0 for all. */
static strip *strip_of(long registers, long tail) {
#if HALVES
    static strip *const halves[] = {strip_1_half, strip_2_half, strip_3_half, strip_4_half};
    if (tail && tail <= V / 2) return halves[registers - 1];
#endif
#if WIDEST == 4
    static strip *const strips[] = {strip_1, strip_2, strip_3, strip_4};
#else
    static strip *const strips[] = {strip_1, strip_2};
#endif
    return strips[registers - 1];
}

/* C[M, N] (+)= A B; C has rows of `ldc`. Prefetches `next`, shared out among M rows. */
static void product(long M, long N, const factors *f, real *c, long ldc, int add, prefetched next) {
    long registers = (N + V - 1) / V;
    for (long n = 0; registers > 0;) {
        const long wide = strip_width(registers), end = n + wide * V;
        const long tail = end > N ? N - (end - V) : 0;
        const real *b = f->b + (f->ldb ? n : n * f->K);
        const long ldb = f->ldb ? f->ldb : wide * V;
        strip_of(wide, tail)(M, f, b, ldb, c + n, ldc, add, tail, &next);
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
