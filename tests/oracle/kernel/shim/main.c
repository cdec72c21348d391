// SPDX-License-Identifier: GPL-2.0-or-later
// main.c: user-space driver. oracle [-z IDX:START:PAGES]... [-m MIN_KB] [-b BOOSTFACTOR] OPS > OUT      (IDX: 1 DMA32, 2 Normal)
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <stdarg.h>
#include <signal.h>
#include <unistd.h>
#include <ucontext.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <asm/prctl.h>
#include "api.h"
static int quiet, warns; static FILE *o; static long nops;
void *orc_mmap(unsigned long n){ void *p = mmap(0, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0); if (p == MAP_FAILED){ perror("mmap"); exit(1); } return p; }
void orc_setgs(unsigned long v){ if (syscall(SYS_arch_prctl, ARCH_SET_GS, v)){ perror("gs"); exit(1); } }
void orc_event(int k, unsigned long pfn, int a, int b, int c, int d, int e){ if (quiet) return; if (k == 'X') fprintf(o, "X pfn %lu order %d fborder %d mt %d fbmt %d own %d\n", pfn, a, b, c, d, e); else if (k == 'Z') fprintf(o, "Z %lu %d %d %d\n", pfn, a, b, c); else fprintf(o, "D %lu %d %d\n", pfn, a, b); }
void orc_wake(int ord, unsigned long boost){ if (!quiet) fprintf(o, "K %d %lu\n", ord, boost); }
void orc_warn(const char *f, long l){ if (warns++ < 5) fprintf(stderr, "op %ld: kernel warning %s:%ld\n", nops, f ? f : "?", l); }
void orc_die(const char *f, long l){ fprintf(stderr, "op %ld: kernel BUG %s:%ld\n", nops, f ? f : "?", l); exit(3); }
void orc_out(const char *f, ...){ va_list a; va_start(a, f); vfprintf(o, f, a); va_end(a); }
void orc_unimpl(const char *n){ fprintf(stderr, "op %ld: unimplemented kernel function %s called\n", nops, n); exit(4); }
static void segv(int s, siginfo_t *i, void *c){ fprintf(stderr, "op %ld: signal %d addr %p rip %llx\n", nops, s, i->si_addr, ((ucontext_t *)c)->uc_mcontext.gregs[REG_RIP]); _exit(5); }
int main(int c, char **v){ struct orc_zone z[4]; int nz = 0, i; unsigned long min = 0; int bf = -1; struct sigaction sa = { .sa_flags = SA_SIGINFO }; sa.sa_sigaction = segv; sigaction(SIGSEGV, &sa, 0); sigaction(SIGILL, &sa, 0); o = stdout; static char ob[1 << 20]; setvbuf(stdout, ob, _IOFBF, sizeof ob);
	while ((i = getopt(c, v, "z:m:b:q")) != -1) switch (i){ case 'z': if (sscanf(optarg, "%d:%lu:%lu", &z[nz].idx, &z[nz].start, &z[nz].pages) != 3) return 2; nz++; break; case 'm': min = strtoul(optarg, 0, 0); break; case 'b': bf = atoi(optarg); break; case 'q': quiet = 1; break; default: return 2; }
	if (!nz) z[nz++] = (struct orc_zone){ 2, 1ul << 20, 131072 };
	FILE *f = optind < c ? fopen(v[optind], "r") : stdin; if (!f){ perror("ops"); return 1; }
	orc_setup(z, nz, min); if (bf >= 0) orc_boostfactor(bf);
	size_t cap = 1 << 20; unsigned long *pf = calloc(cap, 8); unsigned char *od = calloc(cap, 1); char l[256], g[32]; unsigned long fails = 0;
	while (fgets(l, sizeof l, f)){ unsigned long id; unsigned ord; int cpu; nops++;
		if (sscanf(l, "alloc %lu %u %31s %d", &id, &ord, g, &cpu) == 4){ while (id >= cap){ pf = realloc(pf, cap * 16); od = realloc(od, cap * 2); memset(pf + cap, 0, cap * 8); cap *= 2; } unsigned long gf = g[0] == '0' ? strtoul(g, 0, 16) : orc_gfp(g), p = orc_alloc(ord, gf, cpu); if (p == -1ul){ fails++; pf[id] = 0; fprintf(o, "A %lu -1\n", id); } else { pf[id] = p; od[id] = ord; fprintf(o, "A %lu %lu\n", id, p); } }
		else if (sscanf(l, "free %lu %d", &id, &cpu) == 2){ if (id < cap && pf[id]){ orc_free(pf[id], od[id], cpu); pf[id] = 0; fprintf(o, "F %lu\n", id); } }
		else if (sscanf(l, "drain %d", &cpu) == 1){ orc_drain(cpu); fprintf(o, "drained\n"); } else if (sscanf(l, "tick %d", &cpu) == 1){ orc_tick(cpu); fprintf(o, "ticked\n"); }
		else if (sscanf(l, "min %lu", &id) == 1) orc_min(id); else if (!strncmp(l, "unboost", 7)){ for (i = 0; i < nz; i++) orc_kswapd_clear(i); fprintf(o, "unboosted\n"); } else if (!strncmp(l, "dump", 4)) orc_dump(); }
	orc_dump(); fprintf(o, "end ops %ld failed %lu warnings %d\n", nops, fails, warns); return 0; }
