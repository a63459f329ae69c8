/* Prints what a program sees of its machine, as one line of JSON on standard output.
 *
 * If its last argument is "wait", it also measures a loop, and then waits for a line on standard input, so that
 * it can be observed.
 * It needs no C library and no file of the image, so the same file runs as a process of the host, as process 1
 * of a container, and as the first program of a virtual machine. Only there /proc is missing: it mounts /proc
 * itself, and restarts the machine at the end, which ends the emulator.
 */
#include <asm/unistd_64.h>

static long call(long number, long a, long b, long c, long d) {
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = 0;
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
                     : "rcx", "r11", "memory");
    return result;
}

static char output[65536];
static long used;

static void put(char c) { if (used < (long)sizeof output) output[used++] = c; }
static void text(const char *s) { while (*s) put(*s++); }
static void number(unsigned long n) { if (n > 9) number(n / 10); put('0' + n % 10); }

/* A string of JSON; bytes above 127 are kept, control characters become \u00xx. */
static void string(const char *s) {
    put('"');
    for (; *s; s++) {
        unsigned char c = *s;
        if (c == '"' || c == '\\') { put('\\'); put(c); }
        else if (c < 32) { text("\\u00"); put("01"[c >> 4]); put("0123456789abcdef"[c & 15]); }
        else put(c);
    }
    put('"');
}

static int same(const char *a, const char *b) {
    while (*a && *a == *b) a++, b++;
    return *a == *b;
}

static void field(const char *name) { text(", "); string(name); text(": "); }

/* The beginning of a file, without its last line end; empty if it cannot be read. */
static const char *file(const char *path) {
    static char content[4096];
    long descriptor = call(__NR_open, (long)path, 0, 0, 0), size = 0;
    if (descriptor >= 0) {
        size = call(__NR_read, descriptor, (long)content, sizeof content - 1, 0);
        call(__NR_close, descriptor, 0, 0, 0);
    }
    if (size < 0) size = 0;
    if (size && content[size - 1] == '\n') size--;
    content[size] = 0;
    return content;
}

static unsigned long first_number(const char *s) {
    unsigned long n = 0;
    while (*s && (*s < '0' || *s > '9')) s++;
    for (; *s >= '0' && *s <= '9'; s++) n = n * 10 + (*s - '0');
    return n;
}

/* The number of processes: the entries of /proc that are numbers. */
static long processes(void) {
    static char entries[8192];
    long folder = call(__NR_open, (long)"/proc", 0200000, 0, 0), size, count = 0;
    while ((size = call(__NR_getdents64, folder, (long)entries, sizeof entries, 0)) > 0)
        for (long at = 0; at < size; at += *(unsigned short *)(entries + at + 16))
            count += entries[at + 19] >= '1' && entries[at + 19] <= '9';
    call(__NR_close, folder, 0, 0, 0);
    return count;
}

static void namespaces(void) {
    static const char *names[] = {"cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"};
    text("{");
    for (int i = 0; i < 8; i++) {
        char path[32] = "/proc/self/ns/", target[64];
        char *end = path + 14;
        for (const char *s = names[i]; *s; s++) *end++ = *s;
        long size = call(__NR_readlink, (long)path, (long)target, sizeof target - 1, 0);
        target[size < 0 ? 0 : size] = 0;
        if (i) text(", ");
        string(names[i]);
        text(": ");
        number(first_number(target));
    }
    text("}");
}

/* The limit in a file of version 2 of cgroups, or else in one of version 1; 0 if there is none. */
static void limit(const char *name, const char *v2, const char *v1) {
    const char *content = file(v2);
    if (!*content) content = file(v1);
    field(name);
    number(*content == '-' ? 0 : first_number(content));
}

/* The CPUs on which the program may run. */
static unsigned long cpus(void) {
    static unsigned char mask[1024];
    long size = call(__NR_sched_getaffinity, 0, sizeof mask, (long)mask, 0);
    unsigned long count = 0;
    for (long i = 0; i < size * 8; i++) count += mask[i / 8] >> i % 8 & 1;
    return count;
}

static unsigned long seconds(long clock) {
    long now[2] = {0, 0};
    call(__NR_clock_gettime, clock, (long)now, 0, 0);
    return now[0];
}

/* The nanoseconds of CPU that a loop of 60 million steps takes, by the kernel's count: not what others take. */
static unsigned long loop(void) {
    long begin[2], end[2];
    volatile unsigned long value = 1;
    call(__NR_clock_gettime, 2, (long)begin, 0, 0);
    for (int i = 0; i < 60000000; i++) value = value * 6364136223846793005UL + 1442695040888963407UL;
    call(__NR_clock_gettime, 2, (long)end, 0, 0);
    return (end[0] - begin[0]) * 1000000000UL + end[1] - begin[1];
}

static void write_output(void) {
    for (long at = 0, size; at < used; at += size)
        if ((size = call(__NR_write, 1, (long)output + at, used - at, 0)) <= 0) break;
}

__attribute__((used)) static void report(long *stack) {
    int waits = stack[0] > 1 && same((char *)stack[stack[0]], "wait");
    int mounted = !*file("/proc/version") && !call(__NR_mount, (long)"proc", (long)"/proc", (long)"proc", 0);
    text("{\"argv\": [");
    for (long i = 0; i < stack[0]; i++) {
        if (i) text(", ");
        string((char *)stack[1 + i]);
    }
    text("]");
    static char name[6][65];
    call(__NR_uname, (long)name, 0, 0, 0);
    field("pid"); number(call(__NR_getpid, 0, 0, 0, 0));
    field("kernel"); string(name[2]);
    field("hostname"); string(name[1]);
    field("boot"); string(file("/proc/sys/kernel/random/boot_id"));
    field("memory"); number(first_number(file("/proc/meminfo")) * 1024);
    field("cpus"); number(cpus());
    field("uptime"); number(seconds(7));
    field("time"); number(seconds(0));
    field("threads_max"); number(first_number(file("/proc/sys/kernel/threads-max")));
    limit("memory_limit", "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes");
    limit("cpu_limit", "/sys/fs/cgroup/cpu.max", "/sys/fs/cgroup/cpu/cpu.cfs_quota_us");
    limit("pids_limit", "/sys/fs/cgroup/pids.max", "/sys/fs/cgroup/pids/pids.max");
    field("processes"); number(processes());
    field("namespaces"); namespaces();
    if (waits) { field("loop"); number(loop()); }
    text("}\n");
    write_output();
    if (waits) call(__NR_read, 0, (long)output, 1, 0);
    if (mounted) call(__NR_reboot, 0xfee1dead, 672274793, 0x1234567, 0);
    call(__NR_exit, 0, 0, 0, 0);
}

__asm__(".globl _start\n_start: mov %rsp, %rdi\n and $-16, %rsp\n call report\n");
