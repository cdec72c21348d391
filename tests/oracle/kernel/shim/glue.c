// SPDX-License-Identifier: GPL-2.0-or-later
/* glue.c: compiled with the kernel's headers. Provides the memory map, percpu areas, one node with one or two zones, and a flat C API
 * for the user-space driver (main.c, compiled with libc). Allocator code itself is the unmodified mm/page_alloc.c. */
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/gfp.h>
#include <linux/memcontrol.h>
#include <linux/swap.h>
#include <linux/vmstat.h>
#include <linux/compaction.h>
#include <linux/cpuset.h>
#include <linux/nodemask.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/oom.h>
#include <linux/mempolicy.h>
#include <linux/cacheinfo.h>
#include <linux/ratelimit.h>
#include "internal.h"
#include "api.h"
#if ORACLE_V == 612
#define TOPORDER MAX_PAGE_ORDER
#define NORD NR_PAGE_ORDERS
#define ORC_BH test_bit(ZONE_BELOW_HIGH, &z->flags)
#define ORC_HF z->nr_free_highatomic
#else
#define TOPORDER (MAX_ORDER-1)
#define NORD MAX_ORDER
#define ORC_BH 0
#define ORC_HF 0ul
#endif
unsigned long vmemmap_base, page_offset_base, phys_base; unsigned long volatile jiffies; unsigned int nr_cpu_ids = ORC_CPUS;
struct cpumask __cpu_online_mask, __cpu_possible_mask; atomic_t __num_online_cpus;
static struct pglist_data pgd; struct pglist_data *node_data[MAX_NUMNODES]; cpumask_var_t node_to_cpumask_map[MAX_NUMNODES];
struct mem_section **mem_section; unsigned long __per_cpu_offset[NR_CPUS]; enum system_states system_state; struct cpuinfo_x86 boot_cpu_data;
bool static_key_initialized = true; unsigned long long elfcorehdr_addr = -1ull; int node_reclaim_mode, sysctl_min_unmapped_ratio = 1, sysctl_min_slab_ratio = 5;
DEFINE_PER_CPU(unsigned long, this_cpu_off);
static struct task_struct *tsk;
#if ORACLE_V == 612
DEFINE_PER_CPU_ALIGNED(struct pcpu_hot, pcpu_hot); asm(".globl const_pcpu_hot\n.set const_pcpu_hot, pcpu_hot");
unsigned long totalreserve_pages; atomic_long_t _totalram_pages; 
DEFINE_STATIC_KEY_FALSE(init_on_alloc); DEFINE_STATIC_KEY_FALSE(init_on_free); DEFINE_STATIC_KEY_FALSE(check_pages_enabled);
extern void zone_pcp_init(struct zone *);
#else
DEFINE_PER_CPU(struct task_struct *, current_task); DEFINE_PER_CPU(int, cpu_number); DEFINE_PER_CPU(int, __preempt_count);
#endif
static DEFINE_PER_CPU_ALIGNED(char[16384], dynpcp); static unsigned long dynused;
static struct zone *zl[4]; static int nz; static struct page *map; static unsigned long maxpfn;
void orc_ev(int kind, struct page *p, int a, int b, int c, int d){ int e = 0; if (kind == 'X') e = get_pageblock_migratetype(p) == c; orc_event(kind, page_to_pfn(p), a, b, c, d, e); }
#if ORACLE_V == 612
bool range_contains_unaccepted_memory(phys_addr_t s, unsigned long z){ return false; } void accept_memory(phys_addr_t s, unsigned long z){}
#endif
/* ---- no-op or trivial kernel services ---- */
void _raw_spin_lock(raw_spinlock_t *l){} void _raw_spin_unlock(raw_spinlock_t *l){} unsigned long _raw_spin_lock_irqsave(raw_spinlock_t *l){ return 0; }
void _raw_spin_unlock_irqrestore(raw_spinlock_t *l, unsigned long f){} int _raw_spin_trylock(raw_spinlock_t *l){ return 1; }
void mutex_lock(struct mutex *m){} void mutex_unlock(struct mutex *m){} int mutex_trylock(struct mutex *m){ return 1; }
void __printk_deferred_enter(void){} void __printk_deferred_exit(void){} void __printk_safe_enter(void){} void __printk_safe_exit(void){} void dump_stack(void){}
int __cond_resched(void){ return 0; } void psi_memstall_enter(unsigned long *f){} void psi_memstall_leave(unsigned long *f){}
void __delayacct_compact_start(void){} void __delayacct_compact_end(void){}
long schedule_timeout_uninterruptible(long t){ return 0; }
void wakeup_kswapd(struct zone *z, gfp_t g, int o, enum zone_type h){ orc_wake(o, z->watermark_boost); }
unsigned long try_to_free_pages(struct zonelist *z, int o, gfp_t g, nodemask_t *n){ return 0; }
enum compact_result try_to_compact_pages(gfp_t g, unsigned o, unsigned a, const struct alloc_context *ac, enum compact_priority p, struct page **c){ return COMPACT_SKIPPED; }
bool out_of_memory(struct oom_control *oc){ return false; }
unsigned long zone_reclaimable_pages(struct zone *z){ return 0; }
int node_reclaim(struct pglist_data *p, gfp_t g, unsigned o){ return 0; } bool node_dirty_ok(struct pglist_data *p){ return true; }
int __node_distance(int a, int b){ return 10; }
void khugepaged_min_free_kbytes_update(void){} void mminit_verify_zonelist(void){} void cpuset_init_current_mems_allowed(void){}
bool shuffle_pick_tail(void){ return false; } void lru_add_drain_cpu(int c){} void drain_workfn(void){}
int _printk(const char *f, ...){ return 0; } void warn_slowpath_fmt(const char *f, int l, unsigned t, const char *fmt, ...){ orc_warn(f, l); }
void panic(const char *f, ...){ orc_die(f, 0); } void oracle_bug(const char *f, int l){ orc_die(f, l); }
#if ORACLE_V == 612
void dump_page(const struct page *p, const char *r){ orc_warn(r, page_to_pfn(p)); }
#else
void dump_page(struct page *p, const char *r){ orc_warn(r, page_to_pfn(p)); }
#endif
 int ___ratelimit(struct ratelimit_state *r, const char *f){ return 0; }
struct cpu_cacheinfo *get_cpu_cacheinfo(unsigned c){ static struct cpu_cacheinfo i; return &i; }
unsigned long int_sqrt(unsigned long x){ unsigned long r = 0, b = 1ul << 62; while (b > x) b >>= 2; while (b){ if (x >= r + b){ x -= r + b; r = (r >> 1) + b; } else r >>= 1; b >>= 2; } return r; }
static void *dyn(size_t s, size_t a){ dynused = (dynused + a - 1) & ~(a - 1); void *p = (char *)&dynpcp + dynused; dynused += s; if (dynused > sizeof(dynpcp)) orc_die("dynpcp", 0); return p; }
#if ORACLE_V == 612
void __percpu *pcpu_alloc_noprof(size_t s, size_t a, bool r, gfp_t g){ return (void __percpu *)dyn(s, a); }
bool __list_add_valid_or_report(struct list_head *n, struct list_head *p, struct list_head *x){ if (x->prev != p || p->next != x || n == p || n == x) orc_die("list_add", 0); return true; }
bool __list_del_entry_valid_or_report(struct list_head *e){ if (e->prev->next != e || e->next->prev != e) orc_die("list_del", 0); return true; }
#else
void __percpu *__alloc_percpu(size_t s, size_t a){ return (void __percpu *)dyn(s, a); }
bool __list_add_valid(struct list_head *n, struct list_head *p, struct list_head *x){ if (x->prev != p || p->next != x || n == p || n == x) orc_die("list_add", 0); return true; }
bool __list_del_entry_valid(struct list_head *e){ if (e->prev->next != e || e->next->prev != e) orc_die("list_del", 0); return true; }
#endif
/* ---- set-up ---- */
extern char __start_percpu[], __stop_percpu[]; static int cur;
void orc_cpu(int c){ if (c != cur){ cur = c; orc_setgs(__per_cpu_offset[c]); } }
static void zbase(struct zone *z){
	z->name = "Z"; z->zone_pgdat = &pgd; spin_lock_init(&z->lock); zone_seqlock_init(z); z->node = 0;
#if ORACLE_V == 612
	zone_pcp_init(z);
#else
	{ extern void orc61_pcp_init(struct zone *); orc61_pcp_init(z); }
#endif
}
static void zinit(int idx, unsigned long s, unsigned long n){ struct zone *z = &pgd.node_zones[idx]; unsigned long p; int o, t;

	z->zone_start_pfn = s; z->spanned_pages = z->present_pages = n; z->initialized = 1;
	for_each_migratetype_order(o, t){ INIT_LIST_HEAD(&z->free_area[o].free_list[t]); z->free_area[o].nr_free = 0; }
#if defined(CONFIG_UNACCEPTED_MEMORY) && ORACLE_V == 612
	INIT_LIST_HEAD(&z->unaccepted_pages);
#endif
	for (p = s; p < s + n; p++){ struct page *q = pfn_to_page(p); set_page_links(q, idx, 0, p); init_page_count(q); atomic_set(&q->_mapcount, -1); INIT_LIST_HEAD(&q->lru); SetPageReserved(q); }
	for (p = s & ~(pageblock_nr_pages - 1); p < s + n; p += pageblock_nr_pages) set_pageblock_migratetype(pfn_to_page(p), MIGRATE_MOVABLE);
	zl[nz++] = z; if (pgd.nr_zones < idx + 1) pgd.nr_zones = idx + 1; }
int orc_setup(struct orc_zone *zs, int n, unsigned long min_kb){ int c, i; unsigned long s, p; size_t sz = __stop_percpu - __start_percpu;
	for (i = 0; i < n; i++) if (zs[i].start + zs[i].pages > maxpfn) maxpfn = zs[i].start + zs[i].pages;
	map = orc_mmap(maxpfn * sizeof(struct page) + 4096); vmemmap_base = (unsigned long)map; page_offset_base = 0xffff888000000000ul;
	for (c = 0; c < ORC_CPUS; c++){ char *a = orc_mmap(sz + 8192); a = (char *)(((unsigned long)a + 4095) & ~4095ul) + ((unsigned long)__start_percpu & 4095); memcpy(a, __start_percpu, sz); __per_cpu_offset[c] = a - __start_percpu; }
	tsk = orc_mmap(sizeof(*tsk)); tsk->signal = orc_mmap(sizeof(struct signal_struct)); orc_mmap(4096); 
	for (c = 0; c < ORC_CPUS; c++){ *per_cpu_ptr(&this_cpu_off, c) = __per_cpu_offset[c];
#if ORACLE_V == 612
		per_cpu_ptr(&pcpu_hot, c)->current_task = tsk; per_cpu_ptr(&pcpu_hot, c)->preempt_count = 0x80000000; per_cpu_ptr(&pcpu_hot, c)->cpu_number = c;
#else
		*per_cpu_ptr(&current_task, c) = tsk; *per_cpu_ptr(&cpu_number, c) = c; *per_cpu_ptr(&__preempt_count, c) = 0x80000000;
#endif
		__set_bit(c, cpumask_bits(&__cpu_online_mask)); __set_bit(c, cpumask_bits(&__cpu_possible_mask)); }
	atomic_set(&__num_online_cpus, ORC_CPUS); cur = -1; orc_cpu(0); node_data[0] = &pgd;
	{ char *m = orc_mmap(sizeof(struct cpumask)); node_to_cpumask_map[0] = (void *)m; for (c = 0; c < ORC_CPUS; c++) __set_bit(c, (unsigned long *)m); }
	mem_section = orc_mmap(NR_SECTION_ROOTS * sizeof(void *));
	for (s = 0; s <= (maxpfn - 1) >> PFN_SECTION_SHIFT; s++){ struct mem_section **r = &mem_section[SECTION_NR_TO_ROOT(s)], *m; if (!*r) *r = orc_mmap(SECTIONS_PER_ROOT * sizeof(struct mem_section)); m = *r + (s & SECTION_ROOT_MASK);
		m->usage = orc_mmap(sizeof(struct mem_section_usage) + SECTION_BLOCKFLAGS_BITS); memset(m->usage->subsection_map, 0xff, sizeof(m->usage->subsection_map));
		m->section_mem_map = ((unsigned long)map) | SECTION_MARKED_PRESENT | SECTION_HAS_MEM_MAP | SECTION_IS_ONLINE | SECTION_IS_EARLY; }
	pgd.node_id = 0; pgd.node_start_pfn = zs[0].start; pgd.node_spanned_pages = pgd.node_present_pages = maxpfn - zs[0].start; { extern struct per_cpu_nodestat orc_dummy; } pgd.per_cpu_nodestats = (void *)dyn(sizeof(struct per_cpu_nodestat), 64);
	nodes_clear(node_states[N_POSSIBLE]); node_set_state(0, N_POSSIBLE); node_set_state(0, N_MEMORY); node_set_state(0, N_NORMAL_MEMORY); node_set_state(0, N_ONLINE); node_set_state(0, N_CPU);
	for (i = 0; i < MAX_NR_ZONES; i++) zbase(&pgd.node_zones[i]);
	for (i = 0; i < n; i++) zinit(zs[i].idx, zs[i].start, zs[i].pages);
	system_state = SYSTEM_BOOTING; for (i = 0; i < n; i++) atomic_long_set(&pgd.node_zones[zs[i].idx].managed_pages, zs[i].pages); build_all_zonelists(NULL); for (i = 0; i < n; i++) atomic_long_set(&pgd.node_zones[zs[i].idx].managed_pages, 0);
	nodes_setall(tsk->mems_allowed);
	for (i = 0; i < n; i++) for (p = zs[i].start; p < zs[i].start + zs[i].pages; ){ int o = p ? min_t(int, TOPORDER, __ffs(p)) : TOPORDER; while (p + (1ul << o) > zs[i].start + zs[i].pages) o--;
#if ORACLE_V == 612
		__free_pages_core(pfn_to_page(p), o, MEMINIT_EARLY);
#else
		{ extern void __free_pages_core(struct page *, unsigned); __free_pages_core(pfn_to_page(p), o); }
#endif
		p += 1ul << o; }
	{ extern void setup_per_cpu_pageset(void); setup_per_cpu_pageset(); } { extern int init_per_zone_wmark_min(void); init_per_zone_wmark_min(); }
	{ extern void refresh_zone_stat_thresholds(void); refresh_zone_stat_thresholds(); } system_state = SYSTEM_RUNNING; if (min_kb) orc_min(min_kb); return 0; }
extern int min_free_kbytes, watermark_boost_factor; extern void setup_per_zone_wmarks(void);
void orc_min(unsigned long kb){ min_free_kbytes = kb; setup_per_zone_wmarks(); }
void orc_boostfactor(int v){ watermark_boost_factor = v; }
/* ---- operations ---- */
unsigned long orc_gfp(const char *n){ switch (n[0]){
	case 'U': return GFP_NOWAIT | __GFP_NOWARN; case 'M': return (GFP_HIGHUSER_MOVABLE & ~__GFP_DIRECT_RECLAIM) | __GFP_NOWARN; case 'R': return GFP_NOWAIT | __GFP_RECLAIMABLE | __GFP_NOWARN;
	case 'A': return GFP_ATOMIC | __GFP_NOWARN; case 'K': return GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN; case 'k': return GFP_KERNEL | __GFP_RECLAIMABLE | __GFP_NORETRY | __GFP_NOWARN; case 'm': return GFP_HIGHUSER_MOVABLE | __GFP_NORETRY | __GFP_NOWARN;
	case 'T': return ((GFP_TRANSHUGE_LIGHT) | __GFP_NOWARN); case 'P': return GFP_ATOMIC | __GFP_MEMALLOC | __GFP_NOWARN; } return 0; }
unsigned long orc_alloc(unsigned o, unsigned long g, int c){ orc_cpu(c); struct page *p; if (g & __GFP_MOVABLE) g |= __GFP_COMP; p =
#if ORACLE_V == 612
	__alloc_pages_noprof((__force gfp_t)g, o, 0, NULL);
#else
	__alloc_pages((__force gfp_t)g, o, 0, NULL);
#endif
	if (p && (g & __GFP_MOVABLE)) SetPageLRU(p); /* what compaction and the 50 % rule see as movable */
	return p ? page_to_pfn(p) : -1ul; }
void orc_free(unsigned long pfn, unsigned o, int c){ struct page *p = pfn_to_page(pfn); orc_cpu(c); if (PageLRU(p)) ClearPageLRU(p); __free_pages(p, o); }
void orc_drain(int c){ orc_cpu(c); drain_local_pages(NULL); }
void orc_tick(int c){ extern int refresh_cpu_vm_stats(bool); orc_cpu(c); refresh_cpu_vm_stats(true); }
int orc_kswapd_clear(int i){ if (i >= nz) return -1; zl[i]->watermark_boost = 0; return 0; } /* what balance_pgdat does when a boosted run ends */
void orc_dump(void){ int i, o, t, c; for (i = 0; i < nz; i++){ struct zone *z = zl[i]; struct page *p; unsigned long x;
	orc_out("thr %d stat_threshold %d vmfree %ld diffs %d %d below_high %d hafree %lu\n", i, per_cpu_ptr(z->per_cpu_zonestats, 0)->stat_threshold, zone_page_state(z, NR_FREE_PAGES), per_cpu_ptr(z->per_cpu_zonestats, 0)->vm_stat_diff[NR_FREE_PAGES], per_cpu_ptr(z->per_cpu_zonestats, 1)->vm_stat_diff[NR_FREE_PAGES], ORC_BH, ORC_HF);
	orc_out("zone %d start %lu pages %lu managed %lu free %lu min %lu low %lu high %lu boost %lu highatomic %lu\n", i, z->zone_start_pfn, z->spanned_pages, zone_managed_pages(z), zone_page_state_snapshot(z, NR_FREE_PAGES), z->_watermark[0], z->_watermark[1], z->_watermark[2], z->watermark_boost, z->nr_reserved_highatomic);
	for (o = 0; o < NORD; o++) for (t = 0; t < MIGRATE_TYPES; t++) if (!list_empty(&z->free_area[o].free_list[t])){ orc_out("L %d %d %d:", i, o, t); list_for_each_entry(p, &z->free_area[o].free_list[t], lru) orc_out(" %lu", page_to_pfn(p)); orc_out("\n"); }
	for (c = 0; c < ORC_CPUS; c++){ struct per_cpu_pages *q = per_cpu_ptr(z->per_cpu_pageset, c);
#if ORACLE_V == 612
		orc_out("pcp %d %d count %d high %d high_min %d high_max %d batch %d flags %d alloc_factor %d free_count %d\n", i, c, q->count, q->high, q->high_min, q->high_max, q->batch, q->flags, q->alloc_factor, q->free_count);
#else
		orc_out("pcp %d %d count %d high %d batch %d free_factor %d\n", i, c, q->count, q->high, q->batch, q->free_factor);
#endif
		for (t = 0; t < NR_PCP_LISTS; t++) if (!list_empty(&q->lists[t])){ orc_out("P %d %d %d:", i, c, t);
			list_for_each_entry(p, &q->lists[t], pcp_list) orc_out(" %lu", page_to_pfn(p)); orc_out("\n"); } }
	orc_out("B %d ", i); for (x = z->zone_start_pfn; x < z->zone_start_pfn + z->spanned_pages; x += pageblock_nr_pages) orc_out("%d", get_pageblock_migratetype(pfn_to_page(x))); orc_out("\n"); } }
