/* The probe for amd64: writes its argv to standard output, each word followed by NUL, and exits with 0.
 *
 * The kernel lays the words next to each other in memory, so that from the first one to the end of the last
 * they are one block and take one write. Nothing of the image is needed: no C library, no loader.
 */
#include "elf.inc"
        .text
HEADER(62)
start:  mov     (%rsp), %rcx            /* argc */
        test    %rcx, %rcx
        jz      done
        mov     8(%rsp), %rsi           /* the first word */
        mov     (%rsp,%rcx,8), %rdx     /* the last one ... */
last:   inc     %rdx
        cmpb    $0, -1(%rdx)
        jne     last
        sub     %rsi, %rdx              /* ... and with its NUL, the block's length */
more:   mov     $1, %eax                /* write */
        mov     $1, %edi
        syscall
        test    %rax, %rax
        jle     failed
        add     %rax, %rsi
        sub     %rax, %rdx
        jnz     more
done:   xor     %edi, %edi
quit:   mov     $60, %eax               /* exit */
        syscall
failed: mov     $1, %edi
        jmp     quit
end:
