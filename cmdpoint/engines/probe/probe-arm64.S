/* The probe for arm64: writes its argv to standard output, each word followed by NUL, and exits with 0.
 *
 * The kernel lays the words next to each other in memory, so that from the first one to the end of the last
 * they are one block and take one write. Nothing of the image is needed: no C library, no loader.
 */
#include "elf.inc"
        .text
HEADER(183)
start:  ldr     x4, [sp]                /* argc */
        cbz     x4, done
        ldr     x1, [sp, #8]            /* the first word */
        add     x5, sp, x4, lsl #3
        ldr     x2, [x5]                /* the last one ... */
last:   ldrb    w6, [x2], #1
        cbnz    w6, last
        sub     x2, x2, x1              /* ... and with its NUL, the block's length */
more:   mov     x0, #1
        mov     x8, #64                 /* write */
        svc     #0
        cmp     x0, #0
        b.le    failed
        add     x1, x1, x0
        subs    x2, x2, x0
        b.ne    more
done:   mov     x0, #0
quit:   mov     x8, #93                 /* exit */
        svc     #0
failed: mov     x0, #1
        b       quit
end:
