// SPDX-License-Identifier: GPL-2.0-or-later
/* user-space stand-in: interrupts are always on, nothing to switch */
#ifndef _X86_IRQFLAGS_H_
#define _X86_IRQFLAGS_H_
#include <asm/processor-flags.h>
#ifndef __ASSEMBLY__
#include <asm/nospec-branch.h>
static __always_inline unsigned long native_save_fl(void){ return 0x200; }
static __always_inline void native_irq_disable(void){ }
static __always_inline void native_irq_enable(void){ }
static __always_inline void native_safe_halt(void){ }
static __always_inline void native_halt(void){ }
static __always_inline int native_irqs_disabled_flags(unsigned long f){ return 0; }
static __always_inline unsigned long native_local_irq_save(void){ return 0x200; }
static __always_inline void native_local_irq_restore(unsigned long f){ }
static __always_inline unsigned long arch_local_save_flags(void){ return 0x200; }
static __always_inline void arch_local_irq_disable(void){ }
static __always_inline void arch_local_irq_enable(void){ }
static __always_inline void arch_safe_halt(void){ }
static __always_inline void halt(void){ }
static __always_inline unsigned long arch_local_irq_save(void){ return 0x200; }
static __always_inline void arch_local_irq_restore(unsigned long f){ }
static __always_inline int arch_irqs_disabled_flags(unsigned long f){ return 0; }
static __always_inline int arch_irqs_disabled(void){ return 0; }
#endif
#endif
