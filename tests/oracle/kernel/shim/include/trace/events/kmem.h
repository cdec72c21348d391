// SPDX-License-Identifier: GPL-2.0-or-later
/* our own stand-in: the six page-allocator tracepoints become direct calls into the recorder in glue.c */
#ifndef ORACLE_TRACE_KMEM_H
#define ORACLE_TRACE_KMEM_H
struct page;
extern void orc_ev(int kind, struct page *p, int a, int b, int c, int d);
static inline void trace_mm_page_alloc(struct page *p, unsigned o, unsigned g, int m){ }
static inline void trace_mm_page_free(struct page *p, unsigned o){ }
static inline void trace_mm_page_free_batched(struct page *p){ }
static inline void trace_mm_page_alloc_zone_locked(struct page *p, unsigned o, int m, int refill){
	orc_ev('Z', p, o, m, refill, 0);
}
static inline void trace_mm_page_pcpu_drain(struct page *p, unsigned o, int m){ orc_ev('D', p, o, m, 0, 0); }
static inline void trace_mm_page_alloc_extfrag(struct page *p, int o, int fo, int m, int fm){
	orc_ev('X', p, o, fo, m, fm);
}
#define trace_mm_alloc_contig_migrate_range_info(...) do {} while (0)
#define trace_mm_alloc_contig_migrate_range_info_enabled() 0
#endif
