// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "sim/demand/gigantic_pages.h"
#include "sim/demand/life_spool.h"
#include "sim/recording/page_bytes.h"
#include "sim/recording/trace_event.h"
#include "sim/replay/replay_counts.h"

namespace gbsim {

/** What a request asked for. */
struct DemandKind {
  Order order{};
  Migratetype type = Migratetype::unmovable;
  std::uint32_t gfp = 0;  // the kernel's bits

  auto operator<=>(const DemandKind&) const = default;
};

/** The kind of pages that hold files' contents, by what a request tells: movable, neither zeroed nor huge. */
bool is_page_cache(const DemandKind& kind);
/** The kind of pages that fill the pool of huge pages: on none of reclaim's lists, and nothing smaller will do. */
bool is_pool_page(const DemandKind& kind);
/** The kind of other movable pages, which processes have. */
bool is_anon(const DemandKind& kind);

/** A block that was there before the recording and was freed in it. */
struct OldBlock {
  Pfn pfn{};  // where the recording found it
  Order order{};
  Ns died{0};
};

/** A block held at some moment. */
struct LiveBlock {
  Pfn pfn{};
  Order order{};
  Migratetype type = Migratetype::unmovable;
};

/** All that a recording says about who wanted what for how long. */
struct RecordedDemand {
  Ns begin{0};
  Ns end{0};
  unsigned cpus = 1;
  std::vector<DemandKind> kinds{};
  std::vector<std::uint64_t> counts{};  // allocations, by kind
  std::vector<std::uint64_t> moves{};   // of their contents from page to page, by kind
  LifeSpool allocations{};
  std::vector<OldBlock> old_blocks{};   // by pfn
  std::vector<GiganticLife> gigantic{}; // 1 GiB pages, by birth; of no kind
  EventTally left_out{};                // what is no demand, contradicts itself, or could not be read
};

/**
 * Contents of the unmovable requests of @kind move all the same: metadata of files, which is page cache. As requests
 * say (is_metadata_cache()), or as at least one in twenty was seen to do; fewer contradict the rest of a recording.
 */
bool moves_anyway(const RecordedDemand& demand, std::size_t kind);

/**
 * Follows each allocation of a recording from birth to death, and holds those alive. Migrated contents keep their
 * identity; a huge page freed in parts dies with the last; a page first heard of when it is freed is an old block. A
 * page that left the free lists and is freed although no allocation was announced (bulk allocations have no event) was
 * allocated then. Allocations without GFP bits (untraced.csv) are ordinary ones, of the type of the list they left.
 */
class DemandCollector {
 public:
  void add(const TraceEvent& event);
  /** Blocks allocated in the recording and alive now, 1 GiB pages among them, in no particular order. */
  std::vector<LiveBlock> live() const;
  /** Base pages of old blocks freed so far. */
  NrPages old_freed() const { return old_freed_; }
  /** Base pages of page cache freed so far, of those allocated in the recording. */
  NrPages page_cache_freed() const { return page_cache_freed_; }
  /** The same of anonymous memory. */
  NrPages anon_freed() const { return anon_freed_; }
  /** The collector is empty afterwards. */
  RecordedDemand finish();

 private:
  struct Live {
    RecordedAllocation life;
    std::uint32_t pages;  // not yet freed
  };
  /** A page that left the free lists and may be on a per-CPU list, or allocated without an event. */
  struct Departure {
    Ns time;
    Migratetype type;
  };

  void allocate(const TraceEvent& event);
  /** @block lives at @pfn from @now on: whatever was thought to be there ended unseen. */
  void place(Pfn pfn, const Live& block, Ns now);
  /** @event, or what is known of it where the recording does not tell the request. */
  TraceEvent request_of(const TraceEvent& event) const;
  void die(const Live& live, Ns time);
  void release(const TraceEvent& event);
  void release_unknown(const TraceEvent& event);
  void migrate(const TraceEvent& event);
  void note_departure(const TraceEvent& event);
  /** Adds what left the free lists unannounced as an allocation that ends with @freed; false if none did. */
  bool add_unannounced(const TraceEvent& freed);
  /** The live block that @pfn lies in; end() of the map if none does. */
  std::unordered_map<std::uint64_t, Live>::iterator find(Pfn pfn);
  /** A new life of that request. */
  RecordedAllocation birth_of(const TraceEvent& request, Ns born);
  void mark_seen(Pfn pfn, Order order) { seen_.fill(pfn, order.pages(), 1); }
  bool was_seen(Pfn pfn) const { return seen_[pfn] != 0; }
  const DemandKind& kind(const Live& live) const { return demand_.kinds[live.life.kind]; }

  RecordedDemand demand_;
  std::unordered_map<std::uint64_t, Live> live_;             // by pfn of the head
  GiganticPages gigantic_;
  std::unordered_set<std::uint64_t> moved_;                  // emptied by migration, not yet freed
  std::unordered_map<std::uint64_t, std::uint64_t> strays_;  // old blocks that migrated: from where at first
  std::unordered_map<std::uint64_t, std::uint32_t> kind_numbers_;
  std::unordered_map<std::uint64_t, Departure> departed_;  // by pfn
  PageBytes seen_;  // 1 for pages whose history the recording knows
  NrPages old_freed_{};
  NrPages page_cache_freed_{};
  NrPages anon_freed_{};
  std::uint64_t next_number_ = 0;
  bool any_ = false;
};

}  // namespace gbsim
