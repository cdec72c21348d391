// SPDX-License-Identifier: GPL-2.0-or-later
/* user-space stand-in: no ud2, no bug table */
#ifndef _ASM_X86_BUG_H
#define _ASM_X86_BUG_H
extern void oracle_bug(const char *f, int l) __attribute__((noreturn));
#define HAVE_ARCH_BUG
#define BUG() oracle_bug(__FILE__, __LINE__)
#include <asm-generic/bug.h>
#endif
