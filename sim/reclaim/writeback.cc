// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/writeback.h"

#include <algorithm>
#include <utility>

namespace gbsim {

namespace {

constexpr Ns kMaxPause{200'000'000};  // MAX_PAUSE of mm/page-writeback.c: HZ/5

/** How a writer's rate follows the dirty pages: 2 at the freerun level, 1 half way, 0 at the limit. */
double position_ratio(double dirty, double freerun, double limit) {
  const double setpoint = (freerun + limit) / 2;
  const double x = (setpoint - dirty) / (limit - setpoint + 1);
  return std::clamp(1 + x * x * x, 0.0, 2.0);
}

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
    const LruVec& lru = memory_.lru(NodeId{node});
    dirtyable += lru.size(LruList::inactive_file) + lru.size(LruList::active_file);
  }
  const NrPages reserve = std::min(memory_.totalreserve(), dirtyable);
  return (dirtyable - reserve) * percent / 100;
}

NrPages Writeback::background_limit() const {
  return std::min(share_of_dirtyable(memory_.tunables().dirty_background_ratio), dirty_limit() / 2);
}

void Writeback::publish() {
  Vmstat& vmstat = memory_.vmstat();
  vmstat.set(VmEvent::nr_dirty, dirty_.value);
  vmstat.set(VmEvent::nr_writeback, writeback_.value);
  vmstat.set(VmEvent::nr_zone_write_pending, dirty_.value + writeback_.value);
}

void Writeback::mark_dirty(FolioId id) {
  Folio& folio = memory_.folios()[id];
  folio.clear(kReclaim);
  if (folio.has(kDirty)) {
    return;
  }
  folio.set(kDirty);
  dirty_ += folio.order.pages();
  unpaid_ += folio.order.pages();
  memory_.vmstat().add(VmEvent::nr_dirtied, folio.order.pages().value);
  publish();
  dirtied_.push_back({id, memory_.clock().now});
}

void Writeback::adopt(std::span<const FolioId> parts) {
  for (const FolioId part : parts) {
    dirtied_.push_front({part, dirtied_.empty() ? memory_.clock().now : dirtied_.front().since});
  }
}

void Writeback::forget(FolioId id) {
  Folio& folio = memory_.folios()[id];
  if (folio.has(kDirty) && !folio.has(kSwapBacked)) {
    dirty_ -= folio.order.pages();
    folio.clear(kDirty);
    publish();
  }
  folio.clear(kWriteback);
}

void Writeback::start(FolioId id) {
  Folio& folio = memory_.folios()[id];
  const NrPages pages = folio.order.pages();
  const bool swap = folio.has(kSwapBacked);
  folio.clear(kDirty);
  folio.set(kWriteback);
  dirty_ -= swap ? NrPages{} : pages;
  writeback_ += pages;
  Device& device = swap ? swap_ : disk_;
  (swap ? to_swap_ : to_disk_).push_back({id, folio.pfn, pages, device.submit(memory_.clock().now, pages)});
  memory_.meter().charge(swap ? WorkKind::swap_out_page : WorkKind::writeback_page, pages.value);
  memory_.vmstat().add(VmEvent::pswpout, swap ? pages.value : 0);
  memory_.vmstat().add(VmEvent::pgpgout, pages.value * (kPageSize / 1024));
  publish();
}

bool Writeback::is_waiting(FolioId id) const {
  if (!memory_.folios().is_live(id)) {
    return false;
  }
  const Folio& folio = memory_.folios()[id];
  return folio.has(kDirty) && !folio.has(kWriteback) && !folio.has(kSwapBacked);
}

bool Writeback::should_write(const Dirtied& oldest) const {
  const bool expired = memory_.clock().now - oldest.since >= memory_.tunables().dirty_expire;
  return expired || requested_.value != 0 || dirty_ > background_limit();
}

bool Writeback::wants_flush() const { return !dirtied_.empty() && should_write(dirtied_.front()); }

NrPages Writeback::flush(NrPages budget) {
  memory_.vmstat().set(VmEvent::nr_dirty_threshold, dirty_limit().value);
  memory_.vmstat().set(VmEvent::nr_dirty_background_threshold, background_limit().value);
  NrPages written;
  while (written < budget && wants_flush()) {
    const FolioId id = dirtied_.front().id;
    dirtied_.pop_front();
    if (is_waiting(id)) {
      const NrPages pages = memory_.folios()[id].order.pages();
      written += pages;
      requested_ -= std::min(requested_, pages);
      start(id);
    }
  }
  if (dirtied_.empty()) {
    requested_ = NrPages{};
  }
  return written;
}

Ns Writeback::balance() {
  const NrPages pages = std::exchange(unpaid_, NrPages{});
  const auto limit = static_cast<double>(dirty_limit().value);
  const double freerun = (limit + static_cast<double>(background_limit().value)) / 2;
  const auto held = static_cast<double>((dirty_ + writeback_).value);
  const Ns now = memory_.clock().now;
  if (held <= freerun) {
    return Ns{0};
  }
  const double ratio = position_ratio(held, freerun, limit);
  const auto cost = static_cast<double>(disk_.transfer_time(pages).count());
  const double pause = ratio > 0 ? std::min(cost / ratio, static_cast<double>(kMaxPause.count()))
                                 : static_cast<double>(kMaxPause.count());
  const Ns until = std::max(writers_until_, now) + Ns{static_cast<std::int64_t>(pause)};
  writers_until_ = std::min(until, now + kMaxPause);
  return writers_until_ - now;
}

// The id may have been freed, and given to another folio, since; the pfn tells.
void Writeback::finish(const InFlight& request) {
  writeback_ -= request.pages;
  memory_.vmstat().add(VmEvent::nr_written, request.pages.value);
  if (!memory_.folios().is_live(request.id)) {
    return;
  }
  Folio& folio = memory_.folios()[request.id];
  if (!folio.has(kWriteback) || folio.pfn != request.pfn) {
    return;
  }
  folio.clear(kWriteback);
  const bool rotates = folio.has(kReclaim) && folio.lru != LruList::none && !folio.has(kDirty);
  folio.clear(kReclaim);
  if (rotates) {
    LruVec& lru = memory_.lru(memory_.node_of(folio));
    lru.remove(request.id);
    lru.add_tail(request.id, folio.has(kSwapBacked) ? LruList::inactive_anon : LruList::inactive_file);
    memory_.vmstat().add(VmEvent::pgrotated, request.pages.value);
  }
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
  publish();
}

Ns Writeback::next_completion() const {
  const Ns disk = to_disk_.empty() ? Ns::max() : to_disk_.front().done;
  const Ns swap = to_swap_.empty() ? Ns::max() : to_swap_.front().done;
  return std::min(disk, swap);
}

}  // namespace gbsim
