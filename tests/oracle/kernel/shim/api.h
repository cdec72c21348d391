// SPDX-License-Identifier: GPL-2.0-or-later
#ifndef ORC_API_H
#define ORC_API_H
#ifndef ORC_CPUS
#define ORC_CPUS 2
#endif
struct orc_zone { int idx; unsigned long start, pages; };
/* glue.c (kernel headers) */
int orc_setup(struct orc_zone *, int, unsigned long);
void orc_cpu(int);
void orc_min(unsigned long);
void orc_boostfactor(int);
unsigned long orc_gfp(const char *);
unsigned long orc_alloc(unsigned, unsigned long, int);
void orc_free(unsigned long, unsigned, int);
void orc_drain(int);
void orc_tick(int);
int orc_kswapd_clear(int);
void orc_dump(void);
/* main.c (libc) */
void *orc_mmap(unsigned long);
void orc_setgs(unsigned long);
void orc_event(int, unsigned long, int, int, int, int, int);
void orc_wake(int, unsigned long);
void orc_warn(const char *, long); void orc_die(const char *, long); void orc_out(const char *, ...);
#endif
