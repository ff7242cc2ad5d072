/* Flush numbers too small for normalised floats to zero, as operands and as results. Gradients that
 * vanish over many steps become subnormal, and some processors compute with those a hundred times
 * slower. The control register belongs to the thread, so each exported function sets it and restores
 * it; the work is in a function of its own, across whose call the compiler moves no arithmetic. */
#include <stdint.h>

#define SEPARATE static __attribute__((noinline))

#if defined(__SSE__)
#include <xmmintrin.h>
#define FLUSH 0x8040u /* FTZ and DAZ of MXCSR */
typedef unsigned int float_control;
static inline float_control flush_subnormals(void) {
    float_control before = _mm_getcsr();
    _mm_setcsr(before | FLUSH);
    return before;
}
static inline void restore(float_control before) { _mm_setcsr(before); }
#elif defined(__aarch64__)
#define FLUSH (UINT64_C(1) << 24) /* FZ of FPCR */
typedef uint64_t float_control;
static inline float_control flush_subnormals(void) {
    float_control before;
    __asm__ volatile("mrs %0, fpcr" : "=r"(before));
    __asm__ volatile("msr fpcr, %0" : : "r"(before | FLUSH) : "memory");
    return before;
}
static inline void restore(float_control before) {
    __asm__ volatile("msr fpcr, %0" : : "r"(before) : "memory");
}
#else
typedef int float_control;
static inline float_control flush_subnormals(void) { return 0; }
static inline void restore(float_control before) { (void)before; }
#endif
