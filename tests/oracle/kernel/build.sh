#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# build.sh VERSION(6.12|6.1): builds out/VERSION/oracle from the installed Debian linux-source + linux-headers; stores no kernel code
# Needs: linux-source-$V and linux-headers-* of the same Debian version, gcc, python3. Works in ${ORACLE_WORK:-.}: unpacks src-$V there if missing, leaves out/$V/oracle.
set -e; cd "$(dirname "$0")"; V=${1:-6.12}; W=$(realpath -m "${ORACLE_WORK:-.}")
HC=$(ls -d /usr/src/linux-headers-$V.*-common | sort -V | tail -1); HA=${HC%-common}-amd64; S=$W/src-$V O=$W/out/$V
[ -d $S/mm ] || { mkdir -p $S; tar -xf /usr/src/linux-source-$V.tar.xz -C $S --strip-components=1 --wildcards "linux-source-$V/mm/*" "linux-source-$V/lib/*"; }
mkdir -p $O/gen/generated
OFF="PARAVIRT PARAVIRT_XXL PARAVIRT_SPINLOCKS XEN XEN_PV JUMP_LABEL TRACEPOINTS INIT_ON_ALLOC_DEFAULT_ON INIT_ON_FREE_DEFAULT_ON FORTIFY_SOURCE DEFERRED_STRUCT_PAGE_INIT GENERIC_BUG DEBUG_BUGVERBOSE KASAN STACKPROTECTOR STACKPROTECTOR_STRONG PREEMPT_DYNAMIC HAVE_PREEMPT_DYNAMIC HAVE_PREEMPT_DYNAMIC_CALL PREEMPT_BUILD PREEMPT_COUNT PREEMPTION PREEMPT_RCU MODVERSIONS FUNCTION_TRACER DYNAMIC_FTRACE FUNCTION_GRAPH_TRACER KPROBES HOTPLUG_CPU LOCK_DEBUGGING_SUPPORT SYSCTL PROC_FS CC_HAS_ASM_GOTO_OUTPUT"
cp $HA/include/generated/autoconf.h $O/gen/generated/autoconf.h
for c in $OFF $XOFF; do sed -i "/^#define CONFIG_$c\(_MODULE\)\? /d" $O/gen/generated/autoconf.h; done
INC="-nostdinc -I$PWD/shim/include -I$O/gen -I$HC/arch/x86/include -I$HA/arch/x86/include/generated -I$HC/include -I$HA/include -I$HC/arch/x86/include/uapi -I$HA/arch/x86/include/generated/uapi -I$HC/include/uapi -I$HA/include/generated/uapi -include $HC/include/linux/compiler-version.h -include $HC/include/linux/kconfig.h -include $HC/include/linux/compiler_types.h"
KF="-D__KERNEL__ -DORACLE_V=${V/./} -O2 -g -w -std=gnu11 -fshort-wchar -funsigned-char -fno-common -fno-PIE -fno-strict-aliasing -fno-delete-null-pointer-checks -fno-stack-protector -fms-extensions -mno-red-zone -mcmodel=small -fno-asynchronous-unwind-tables -falign-functions=16 -Wno-error -DKBUILD_MODFILE=\"x\" -DKBUILD_BASENAME=\"x\" -DKBUILD_MODNAME=\"x\" -D__KBUILD_MODNAME=kmod_x"
kc(){ gcc $INC -I$S/mm $KF -fkeep-static-functions -c -o $2 $1; }
kc $S/mm/page_alloc.c $O/page_alloc.o
for f in mm/vmstat mm/mmzone lib/find_bit lib/bitmap lib/cpumask lib/nodemask lib/hweight; do [ -e $S/$f.c ] && kc $S/$f.c $O/$(basename $f).o; done
objcopy --globalize-symbol=refresh_cpu_vm_stats $O/vmstat.o; objcopy --globalize-symbol=watermark_boost_factor $O/page_alloc.o
if [ $V = 6.1 ]; then objcopy --redefine-sym zone_pcp_init=orc61_pcp_init $O/page_alloc.o; objcopy --globalize-symbol=orc61_pcp_init $O/page_alloc.o; fi
gcc $INC -I$S/mm -I$PWD/shim $KF -c -o $O/glue.o shim/glue.c
rm -f $O/k.o; L="page_alloc vmstat mmzone find_bit bitmap cpumask nodemask hweight glue"; OB=; for n in $L; do [ -e $O/$n.o ] && OB="$OB $O/$n.o"; done
ld -r -T shim/percpu.ld -o $O/k.o $OB
gcc -O2 -w -c -o $O/main.o -Ishim shim/main.c
# every remaining undefined symbol becomes a stub that names itself and stops; data symbols become zero-filled memory
nm -u $O/k.o | awk '{print $2}' | grep -vE '^(orc_|memset$|memmove$|strcmp$|strlen$|memcpy$|_edata|_etext|__bss_start|__start_percpu|__stop_percpu)' > $O/undef
DATA='_key$|^(memblock|oom_lock|debug_guardpage_ops|lru_disable_count|mthp_stats|page_reporting_enabled|node_data|policy_zone|system_percpu_wq|system_wq|page_reporting_order|_page_poisoning_enabled|_page_poisoning_enabled_early|system_transition_mutex|movable_node_enabled|mminit_loglevel|highest_memmap_pfn|cpuset_memory_pressure_enabled|buffer_init|memory_cgrp_.*|_ctype|_sdata|_stext|_sinittext|_einittext|__init_begin|__init_end|__start_rodata|__end_rodata|__bss_stop)$'
{ echo '.section .note.GNU-stack,"",@progbits'; grep -E "$DATA" $O/undef | while read s; do echo ".comm $s,8192,64"; done; echo .text; grep -vE "$DATA" $O/undef | while read s; do echo ".globl $s; $s: lea 9f(%rip),%rdi; and \$-16,%rsp; call orc_unimpl; .pushsection .rodata; 9: .asciz \"$s\"; .popsection"; done; } > $O/stubs.S
gcc -c -o $O/stubs.o $O/stubs.S
gcc -no-pie -o $O/oracle $O/main.o $O/k.o $O/stubs.o -Wl,-z,noexecstack 2>&1 | grep -v warning | head -20
ls -la $O/oracle
