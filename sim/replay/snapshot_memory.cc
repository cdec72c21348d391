// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/snapshot_memory.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/mm/pcp_rules.h"
#include "sim/recording/byte_source.h"
#include "sim/recording/page_set.h"
#include "sim/replay/recorded_pages.h"

namespace gbsim {

namespace {

/** Fills one zone of a new memory, in which everything is still free. */
class ZoneLoader {
 public:
  ZoneLoader(const KernelSnapshot& snapshot, const ZoneImage& image, Zone& zone)
      : snapshot_(snapshot), image_(image), zone_(zone), listed_(zone.start(), zone.spanned()) {}

  void load(PcpLoad pcp, const Tunables& tunables) {
    take_everything();
    label_pageblocks();
    if (pcp == PcpLoad::lists) {
      load_pcps();
    }
    load_free_lists();
    label_taken_pages();
    set_numbers(tunables);
  }

 private:
  void take_everything() {
    for (Pfn at = zone_.start(); at < zone_.end();) {
      const PageView view = zone_.view(at);
      if (view.kind == PageKind::free_head) {
        zone_.take_block(at, view.order, view.order, view.list);
        zone_.settle_taken(view.order, view.list);
      }
      at += view.kind == PageKind::free_head ? view.order.pages() : NrPages{1};
    }
  }

  void label_pageblocks() {
    const Order size = zone_.orders().pageblock;
    Pfn at = zone_.start().align_down(size);
    for (const Migratetype type : image_.pageblocks) {
      if (at < zone_.end()) {
        zone_.set_pageblock_type(at, type);
      }
      at += size.pages();
    }
  }

  /** Its pages are accounted for; throws if some were before. */
  void claim(Pfn head, Order order) {
    if (!head.is_aligned(order) || head < zone_.start() || head + order.pages() > zone_.end()) {
      fail(head, "the free block that begins there is not aligned, or leaves its zone");
    }
    if (listed_.contains_any(head, order)) {
      fail(head, "it, or one of the free block that begins there, is free twice");
    }
    listed_.add(head, order);
  }

  void load_free_lists() {
    for (unsigned order = 0; order <= zone_.orders().max.value; ++order) {
      for (std::size_t type = 0; type < kNrMigratetypes; ++type) {
        load_free_list(Order{order}, static_cast<Migratetype>(type));
      }
    }
  }

  void load_free_list(Order order, Migratetype type) {
    for (const Pfn head : image_.free[order.value][index(type)]) {
      claim(head, order);
      zone_.free_block(head, order, type, FreeFlags::to_tail);
    }
  }

  void load_pcps() {
    for (std::size_t cpu = 0; cpu < image_.pcps.size(); ++cpu) {
      for (std::size_t list = 0; list < kNrPcpLists; ++list) {
        load_pcp_list(image_.pcps[cpu].lists[list], CpuId{cpu}, list);
      }
    }
  }

  void load_pcp_list(const std::vector<Pfn>& blocks, CpuId cpu, std::size_t list) {
    for (const Pfn head : blocks) {
      claim(head, pcp_order(list, zone_.orders().pageblock));
      RecordedPages::join_pcp(zone_, {cpu, list}, head, RecordedPages::type_on_pcp(zone_, list, head));
    }
  }

  bool is_lru(Pfn pfn) const {
    const PageClass use = snapshot_.page_class(pfn);
    return use == PageClass::thp || use == PageClass::anon || use == PageClass::file;
  }

  void label_taken_pages() {
    for (Pfn pfn = zone_.start(); pfn < zone_.end(); pfn += NrPages{1}) {
      if (!listed_.contains(pfn) && zone_.view(pfn).kind == PageKind::tail) {
        const Migratetype type = zone_.pageblock(pfn).type;
        zone_.set_raw(pfn, Order{0}, is_mergeable(type) ? type : Migratetype::unmovable, is_lru(pfn));
      }
    }
  }

  void set_numbers(const Tunables& tunables) {
    set_limits(zone_, image_, tunables);
    zone_.reserve_highatomic(image_.reserved_highatomic);
    for (std::size_t cpu = 0; cpu < image_.pcps.size(); ++cpu) {
      const CpuId id{cpu};
      zone_.free_stat().fold(id);
      if (const PcpImage& image = image_.pcps[cpu]; image.batch > 0) {
        zone_.pcp(id).high = image.high;
      }
    }
  }

  [[noreturn]] void fail(Pfn pfn, const char* what) const {
    throw BadRecording(snapshot_.file, 0,
                       fmt::format("page {} of snapshot '{}': {}", pfn.value, snapshot_.label, what));
  }

  const KernelSnapshot& snapshot_;
  const ZoneImage& image_;
  Zone& zone_;
  PageSet listed_;
};

/** Pfns that no memory lies behind, as far as the snapshot tells. */
std::vector<std::pair<Pfn, NrPages>> holes_of(const KernelSnapshot& snapshot, const ZoneImage& zone) {
  std::vector<std::pair<Pfn, NrPages>> holes;
  const std::uint64_t known = snapshot.classes.size();
  for (Pfn at = zone.start; at < zone.start + zone.spanned && at.value < known; at += NrPages{1}) {
    if (snapshot.page_class(at) != PageClass::no_page) {
      continue;
    }
    if (!holes.empty() && holes.back().first + holes.back().second == at) {
      holes.back().second += NrPages{1};
    } else {
      holes.emplace_back(at, NrPages{1});
    }
  }
  return holes;
}

ZoneSpec spec_of(const KernelSnapshot& snapshot, const ZoneImage& image) {
  ZoneSpec spec;
  spec.type = image.type;
  spec.node = image.node;
  spec.start = image.start;
  spec.spanned = image.spanned;
  spec.orders = image.orders;
  spec.managed = image.managed;
  spec.holes = holes_of(snapshot, image);
  return spec;
}

}  // namespace

void set_limits(Zone& zone, const ZoneImage& image, const Tunables& tunables) {
  Watermarks marks;
  std::ranges::copy(image.watermark, marks.mark.begin());
  std::ranges::copy(image.lowmem_reserve, marks.lowmem_reserve.begin());
  if (zone.watermarks().mark != marks.mark) {
    zone.clear_boost();
  }
  zone.set_watermarks(marks);
  size_pcp(zone, zone.nr_cpus(), tunables);
  // CPUs that came later are none of the zone's.
  for (std::size_t cpu = 0; cpu < std::min<std::size_t>(image.pcps.size(), zone.nr_cpus()); ++cpu) {
    PcpLists& pcp = zone.pcp(CpuId{cpu});
    if (const PcpImage& of_cpu = image.pcps[cpu]; of_cpu.batch > 0) {
      pcp.batch = of_cpu.batch;
      pcp.high = zone.rules().pcp_tunes_high ? pcp.high : of_cpu.high;
      pcp.free_high_batch = keeps_batch(pcp.batch, tunables.cpu_data_cache);
    }
  }
}

std::unique_ptr<Memory> make_memory(const KernelSnapshot& snapshot, Tunables& tunables, const Clock& clock,
                                    CostTable& costs, PcpLoad pcp) {
  std::vector<ZoneSpec> specs;
  std::size_t cpus = 1;
  for (const ZoneImage& zone : snapshot.zones) {
    specs.push_back(spec_of(snapshot, zone));
    cpus = std::max(cpus, zone.pcps.size());
  }
  auto memory = std::make_unique<Memory>(std::move(specs), static_cast<unsigned>(cpus), tunables, clock, costs);
  for (std::size_t i = 0; i < snapshot.zones.size(); ++i) {
    ZoneLoader(snapshot, snapshot.zones[i], memory->zone(i)).load(pcp, tunables);
  }
  return memory;
}

}  // namespace gbsim
