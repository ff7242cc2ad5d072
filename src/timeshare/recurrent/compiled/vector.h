/* One SIMD register as a type, and the functions of it that cells need.
 *
 * `real` is float or double (-DREAL). GCC's and Clang's vector types are portable: the compiler
 * makes AVX-512, AVX2 or NEON of them. Nothing here may assume finite numbers: a diverged member
 * carries NaN, and NaN must come out.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>
#if defined(__AVX512F__)
#include <immintrin.h>
#endif

typedef REAL real;

#if defined(__AVX512F__)
#define VECTOR_BYTES 64
#elif defined(__AVX__)
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif

#if IS_DOUBLE
#define V (VECTOR_BYTES / 8)
typedef int64_t whole;
#else
#define V (VECTOR_BYTES / 4)
typedef int32_t whole;
#endif

#define INLINE static inline __attribute__((always_inline))

typedef real vec __attribute__((vector_size(VECTOR_BYTES)));
typedef whole ivec __attribute__((vector_size(VECTOR_BYTES)));
typedef real loose __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(real)), may_alias));

INLINE vec load(const real *p) { return *(const loose *)p; }
INLINE void store(real *p, vec v) { *(loose *)p = v; }
INLINE vec all(real x) { return x - (vec){0}; }

/* Lanes of a where the mask is set, of b elsewhere. */
INLINE vec choose(ivec mask, vec a, vec b) { return (vec)(((ivec)a & mask) | ((ivec)b & ~mask)); }

/* The first n lanes only, of a row that ends inside a register. */
INLINE vec load_part(const real *p, long n) {
#if defined(__AVX512F__) && !IS_DOUBLE
    return (vec)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p);
#else
    vec v = {0};
    for (long i = 0; i < n; i++) v[i] = p[i];
    return v;
#endif
}

INLINE void store_part(real *p, vec v, long n) {
#if defined(__AVX512F__) && !IS_DOUBLE
    _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)v);
#else
    for (long i = 0; i < n; i++) p[i] = v[i];
#endif
}

/* e^x = 2^n e^r with |r| <= ln 2 / 2. Adding 1.5 * 2^mantissa rounds x / ln 2 to the integer n and
 * leaves it in the low bits, from where a shift makes it the exponent. float: relative error
 * 8e-8, from a minimax polynomial; double: 2e-16, from the Taylor series. */
INLINE vec exponential(vec x) {
#if IS_DOUBLE
    const real magic = 0x1.8p52, high = 0x1.62e42fefa39efp-1, low = 0x1.abc9e3b39803fp-56;
    const real least = -708, most = 708;
    const int shift = 52, bias = 1023;
    static const real p[] = {1. / 6227020800, 1. / 479001600, 1. / 39916800, 1. / 3628800,
                             1. / 362880, 1. / 40320, 1. / 5040, 1. / 720, 1. / 120, 1. / 24,
                             1. / 6, 1. / 2, 1};
#else
    const real magic = 0x1.8p23f, high = 0x1.62e43p-1f, low = -0x1.05c61p-29f;
    const real least = -87, most = 87;
    const int shift = 23, bias = 127;
    static const real p[] = {0.008290312252938747f, 0.04189793020486832f, 0.1666763573884964f,
                             0.4999915063381195f, 0.9999997019767761f};
#endif
    x = choose(x < least, all(least), x);
    x = choose(x > most, all(most), x);
    vec rounded = x * (real)1.4426950408889634 + magic;
    vec n = rounded - magic;
    vec r = x - n * high;
    r = r - n * low;
    vec y = all(p[0]);
#pragma GCC unroll 16
    for (unsigned i = 1; i < sizeof p / sizeof *p; i++) y = y * r + p[i];
    y = y * r + 1;
    ivec scale = ((ivec)rounded << shift) + ((whole)bias << shift);
    return y * (vec)scale;
}

INLINE vec sigmoid(vec x) { return 1 / (1 + exponential(-x)); }
INLINE vec hyperbolic_tangent(vec x) { return 1 - 2 / (1 + exponential(2 * x)); }

#if V == 16
#define LOW 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define HIGH 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#elif V == 8
#define LOW 0, 8, 1, 9, 2, 10, 3, 11
#define HIGH 4, 12, 5, 13, 6, 14, 7, 15
#elif V == 4
#define LOW 0, 4, 1, 5
#define HIGH 2, 6, 3, 7
#else
#define LOW 0, 2
#define HIGH 1, 3
#endif

/* Transpose V registers in place: log2(V) rounds of a perfect shuffle. */
INLINE void transpose_registers(vec r[V]) {
#pragma GCC unroll 4
    for (int round = 1; round < V; round *= 2) {
        vec s[V];
#pragma GCC unroll 16
        for (int i = 0; i < V / 2; i++) {
            s[2 * i] = __builtin_shufflevector(r[i], r[i + V / 2], LOW);
            s[2 * i + 1] = __builtin_shufflevector(r[i], r[i + V / 2], HIGH);
        }
#pragma GCC unroll 16
        for (int i = 0; i < V; i++) r[i] = s[i];
    }
}
