/* Work on members, spread over threads. A member is computed by one thread, with the same
 * instructions whichever it is, so its results do not depend on the number of threads. */
#include "subnormals.h"

#include <pthread.h>
#include <stdlib.h>

typedef struct {
    void (*work)(const void *what, long member, void *scratch);
    const void *what;
    long members, next;  /* next: how many have been taken */
    int descending;      /* whether the last member comes first: what it saved is still cached */
    size_t scratch_size; /* bytes that one thread needs besides, 0 for none */
} job;

/* Take members until none is left, with subnormal numbers flushed in this thread. */
static void *take_members(void *argument) {
    job *j = argument;
    void *scratch = j->scratch_size ? aligned_alloc(64, (j->scratch_size + 63) / 64 * 64) : 0;
    if (j->scratch_size && !scratch) return 0;
    const float_control before = flush_subnormals();
    for (;;) {
        const long taken = __atomic_fetch_add(&j->next, 1, __ATOMIC_RELAXED);
        if (taken >= j->members) break;
        j->work(j->what, j->descending ? j->members - 1 - taken : taken, scratch);
    }
    restore(before);
    free(scratch);
    return 0;
}

/* Work on all members. Returns 0, or 1 if there was no memory for the scratch of any thread. A
 * thread that cannot be started leaves its members to the others. */
static int for_members(job j, long threads) {
    pthread_t others[64];
    long started = 0;
    if (threads > j.members) threads = j.members;
    if (threads > 64) threads = 64;
    for (; started < threads - 1; started++)
        if (pthread_create(others + started, 0, take_members, &j)) break;
    take_members(&j);
    for (long i = 0; i < started; i++) pthread_join(others[i], 0);
    return j.next < j.members;
}
