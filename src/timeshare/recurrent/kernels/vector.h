/* A SIMD register as a type, and the functions on it that cells use.
 *
 * `real` is float or double (-DREAL). The vector types of GCC and Clang are portable: the compiler
 * translates them to AVX-512, AVX2 or NEON. No function may assume finite numbers: a diverged
 * member has NaN, and its results must be NaN.
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
typedef int64_t integer;
#else
#define V (VECTOR_BYTES / 4)
typedef int32_t integer;
#endif

#define INLINE static inline __attribute__((always_inline))

typedef real vec __attribute__((vector_size(VECTOR_BYTES)));
typedef integer ivec __attribute__((vector_size(VECTOR_BYTES)));
typedef real unaligned __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(real)), may_alias));

INLINE vec load(const real *p) { return *(const unaligned *)p; }
INLINE void store(real *p, vec v) { *(unaligned *)p = v; }
INLINE vec all(real x) { return x - (vec){0}; }

/* Half a register, for a row that ends in the first half of its last one, where the processor may
 * compute with half of its widest registers in half the time. */
#if defined(__AVX512F__)
#define HALVES 1
typedef real half __attribute__((vector_size(VECTOR_BYTES / 2)));
typedef real unaligned_half
    __attribute__((vector_size(VECTOR_BYTES / 2), aligned(sizeof(real)), may_alias));
INLINE half load_half(const real *p) { return *(const unaligned_half *)p; }
#if IS_DOUBLE
INLINE half first_half(vec v) { return (half)_mm512_castpd512_pd256((__m512d)v); }
INLINE vec widened(half h) { return (vec)_mm512_castpd256_pd512((__m256d)h); }
#else
INLINE half first_half(vec v) { return (half)_mm512_castps512_ps256((__m512)v); }
INLINE vec widened(half h) { return (vec)_mm512_castps256_ps512((__m256)h); }
#endif
#else
#define HALVES 0
typedef vec half;
INLINE half load_half(const real *p) { return load(p); }
INLINE half first_half(vec v) { return v; }
INLINE vec widened(half h) { return h; }
#endif

/* Lanes of a where the mask is set, of b elsewhere. */
INLINE vec blend(ivec mask, vec a, vec b) { return (vec)(((ivec)a & mask) | ((ivec)b & ~mask)); }

/* Only the first n lanes, for a row that ends inside a register. */
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

/* 2^(x scale) = 2^n 2^r with |r| <= 1/2 and a polynomial for 2^r. float: relative error 1e-7,
 * minimax; double: 2e-16, the Taylor series. AVX-512 has instructions to round x scale to n and to
 * multiply by 2^n; elsewhere adding 1.5 * 2^mantissa rounds to the integer n and leaves it in the
 * low bits, and a shift moves it to the exponent. */
INLINE vec polynomial(vec r) {
#if IS_DOUBLE
    static const real p[] = {1.3691488853904124e-12, 2.5678435993488196e-11, 4.44553827187081e-10,
                             7.054911620801121e-09, 1.0178086009239696e-07, 1.3215486790144305e-06,
                             1.5252733804059838e-05, 0.00015403530393381606, 0.0013333558146428441,
                             0.009618129107628477, 0.055504108664821576, 0.2402265069591007,
                             0.6931471805599453};
#else
    static const real p[] = {0.0013264724984765053f, 0.009671512991189957f, 0.05550733581185341f,
                             0.24022242426872253f, 0.6931470036506653f};
#endif
    vec y = all(p[0]);
#pragma GCC unroll 16
    for (unsigned i = 1; i < sizeof p / sizeof *p; i++) y = y * r + p[i];
    return y * r + 1;
}

#if defined(__AVX512F__) && !IS_DOUBLE
/* The bits of 2^(j / 32) for j = 0..31, less j << 18. */
static const integer powers[32] = {
    0x3f800000, 0x3f7ecd87, 0x3f7daac3, 0x3f7c980f, 0x3f7b95c2, 0x3f7aa43a, 0x3f79c3d3, 0x3f78f4f0,
    0x3f7837f0, 0x3f778d3a, 0x3f76f532, 0x3f767043, 0x3f75fed7, 0x3f75a15b, 0x3f75583f, 0x3f7523f6,
    0x3f7504f3, 0x3f74fbaf, 0x3f7508a4, 0x3f752c4d, 0x3f75672a, 0x3f75b9be, 0x3f76248c, 0x3f76a81e,
    0x3f7744fd, 0x3f77fbb8, 0x3f78ccdf, 0x3f79b907, 0x3f7ac0c7, 0x3f7be4ba, 0x3f7d257d, 0x3f7e83b3,
};

/* With AVX-512, 2^(x scale) = 2^n 2^(j / 32) 2^r with |r| <= 1/64: adding `magic` rounds x scale to
 * whole 32ths and leaves 32 n + j in the low bits, of which a permutation reads j, and a shift moves
 * n to the exponent and j to where the table is less by as much. A parabola gives 2^r to 6e-8. The
 * limits keep infinities away; where x is NaN, `min` and `max` return their second operand, x. */
INLINE vec power(vec x, real scale) {
    const real most = 126 / fabsf(scale), magic = 0x1.8p18f;
    x = (vec)_mm512_max_ps((__m512)all(-most), _mm512_min_ps((__m512)all(most), (__m512)x));
    const vec rounded = x * scale + magic, r = x * scale - (rounded - magic);
    const __m512i low = _mm512_loadu_si512(powers), high = _mm512_loadu_si512(powers + 16);
    const ivec root = (ivec)_mm512_permutex2var_epi32(low, (__m512i)rounded, high);
    const vec y = (vec)(root + ((ivec)rounded << 18));
    return y + y * (r * (0.6931573435f + 0.2402265070f * r));
}

/* 1 / (1 + x) for x >= 0: an estimate of 14 bits and one Newton step, in a third of the time of a
 * division. */
INLINE vec inverse(vec x) {
    vec d = 1 + x, r = (vec)_mm512_rcp14_ps((__m512)d);
    return r * (2 - d * r);
}
#else
INLINE vec power(vec x, real scale) {
#if IS_DOUBLE
    const real magic = 0x1.8p52, most = 700 / fabs(scale);
    const int shift = 52, bias = 1023;
#else
    const real magic = 0x1.8p23f, most = 126 / fabsf(scale);
    const int shift = 23, bias = 127;
#endif
    x = blend(x < -most, all(-most), x);
    x = blend(x > most, all(most), x);
    vec rounded = x * scale + magic, n = rounded - magic;
    ivec exponent = ((ivec)rounded << shift) + ((integer)bias << shift);
    return polynomial(x * scale - n) * (vec)exponent;
}

INLINE vec inverse(vec x) { return 1 / (1 + x); }
#endif

#define LOG2_E ((real)1.4426950408889634)
INLINE vec sigmoid(vec x) { return inverse(power(x, -LOG2_E)); }
INLINE vec hyperbolic_tangent(vec x) { return 1 - 2 * inverse(power(x, 2 * LOG2_E)); }

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
