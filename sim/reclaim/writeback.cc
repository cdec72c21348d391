// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/writeback.h"

#include <algorithm>

namespace gbsim {

namespace {

constexpr Ns kMaxPause{200'000'000};  // MAX_PAUSE of mm/page-writeback.c: HZ/5

}  // namespace

Writeback::Writeback(Memory& memory)
    : memory_(memory),
      disk_(memory.tunables().disk_write_bandwidth, memory.tunables().disk_latency),
      swap_(memory.tunables().swap_bandwidth, memory.tunables().disk_latency) {}

NrPages Writeback::share_of_dirtyable(unsigned percent) const {
  NrPages dirtyable;
  for (std::size_t i = 0; i < memory_.nr_zones(); ++i) {
    dirtyable += memory_.zone(i).free_pages();
  }
  for (unsigned node = 0; node < memory_.nr_nodes(); ++node) {
    const LruVec& lru = memory_.lru(NodeId{static_cast<std::uint16_t>(node)});
    dirtyable += lru.size(LruList::inactive_file) + lru.size(LruList::active_file);
  }
  const NrPages reserve = std::min(memory_.totalreserve(), dirtyable);
  return (dirtyable - reserve) * percent / 100;
}

void Writeback::mark_dirty(FolioId id) {
  Folio& folio = memory_.folios()[id];
  if (folio.has(kDirty)) {
    return;
  }
  folio.set(kDirty);
  dirty_ += folio.order.pages();
  memory_.vmstat().add(VmEvent::nr_dirtied, folio.order.pages().value);
  dirtied_.push_back({id, memory_.clock().now});
}

void Writeback::forget(FolioId id) {
  Folio& folio = memory_.folios()[id];
  if (folio.has(kDirty) && !folio.has(kSwapBacked)) {
    dirty_ -= folio.order.pages();
    folio.clear(kDirty);
  }
  folio.clear(kWriteback);
}

void Writeback::start(FolioId id) {
  Folio& folio = memory_.folios()[id];
  const NrPages pages = folio.order.pages();
  const bool swap = folio.has(kSwapBacked);
  folio.clear(kDirty);
  folio.set(kWriteback);
  if (!swap) {
    dirty_ -= pages;
  }
  writeback_ += pages;
  Device& device = swap ? swap_ : disk_;
  (swap ? to_swap_ : to_disk_).push_back({id, folio.pfn, pages, device.submit(memory_.clock().now, pages)});
  memory_.meter().charge(swap ? WorkKind::swap_out_page : WorkKind::writeback_page, pages.value);
  memory_.vmstat().add(swap ? VmEvent::pswpout : VmEvent::nr_written, pages.value);
  memory_.vmstat().add(VmEvent::pgpgout, pages.value * (kPageSize / 1024));
}

bool Writeback::should_flush(const Dirtied& oldest) const {
  const bool expired = memory_.clock().now - oldest.since >= memory_.tunables().dirty_expire;
  return expired || dirty_ > background_limit();
}

NrPages Writeback::flush(NrPages budget) {
  NrPages written;
  while (written < budget && !dirtied_.empty() && should_flush(dirtied_.front())) {
    const FolioId id = dirtied_.front().id;
    dirtied_.pop_front();
    if (!memory_.folios().is_live(id)) {
      continue;
    }
    const Folio& folio = memory_.folios()[id];
    if (folio.has(kDirty) && !folio.has(kWriteback) && !folio.has(kSwapBacked)) {
      written += folio.order.pages();
      start(id);
    }
  }
  return written;
}

Ns Writeback::pause() const {
  const NrPages limit = dirty_limit();
  const NrPages held = dirty_ + writeback_;
  return held > limit ? std::min(kMaxPause, disk_.transfer_time(held - limit)) : Ns{0};
}

void Writeback::finish(const InFlight& request) {
  writeback_ -= request.pages;
  if (!memory_.folios().is_live(request.id)) {
    return;
  }
  Folio& folio = memory_.folios()[request.id];
  folio.clear(kWriteback);
}

void Writeback::complete(std::deque<InFlight>& queue, Ns now) {
  while (!queue.empty() && queue.front().done <= now) {
    finish(queue.front());
    queue.pop_front();
  }
}

void Writeback::complete(Ns now) {
  complete(to_disk_, now);
  complete(to_swap_, now);
}

Ns Writeback::next_completion() const {
  const Ns disk = to_disk_.empty() ? Ns::max() : to_disk_.front().done;
  const Ns swap = to_swap_.empty() ? Ns::max() : to_swap_.front().done;
  return std::min(disk, swap);
}

}  // namespace gbsim
