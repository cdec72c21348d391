// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/recorded_demand.h"

#include <algorithm>
#include <utility>

#include "sim/recording/kernel_gfp.h"

namespace gbsim {

namespace {

constexpr Order kLargest{10};
constexpr Order kHuge{9};

std::uint64_t kind_key(const DemandKind& kind) {
  return std::uint64_t{kind.gfp} << 16U | std::uint64_t{kind.order.value} << 8U | index(kind.type);
}

/** What is not known is taken to be ordinary, and a kind of its own: a bit that no kernel has tells it apart. */
constexpr std::uint32_t kUntold = 0x80000cc0;  // GFP_KERNEL

}  // namespace

bool is_page_cache(const DemandKind& kind) {
  return kind.type == Migratetype::movable && kind.order < kHuge && !gfp_of_kernel(kind.gfp).has(Gfp::zero);
}

// Transparent huge pages do not try hard: small ones will do.
bool is_pool_page(const DemandKind& kind) {
  return kind.type == Migratetype::movable && kind.order >= kHuge && gfp_of_kernel(kind.gfp).has(Gfp::retry_mayfail);
}

bool is_anon(const DemandKind& kind) {
  return kind.type == Migratetype::movable && !is_page_cache(kind) && !is_pool_page(kind);
}

bool moves_anyway(const RecordedDemand& demand, std::size_t kind) {
  constexpr double kLeast = 0.05;  // of allocations
  const DemandKind& request = demand.kinds[kind];
  if (request.type == Migratetype::movable) {
    return false;
  }
  const bool says_so = request.order == Order{0} && is_metadata_cache(gfp_of_kernel(request.gfp));
  const auto moved = static_cast<double>(demand.moves[kind]);
  return says_so || (moved > 0 && moved >= kLeast * static_cast<double>(demand.counts[kind]));
}

void DemandCollector::add(const TraceEvent& event) {
  if (!any_) {
    demand_.begin = event.time;
    any_ = true;
  }
  demand_.end = std::max(demand_.end, event.time);
  demand_.cpus = std::max(demand_.cpus, event.cpu + 1U);
  switch (event.kind) {
    case EventKind::alloc:
      return allocate(event);
    case EventKind::free:
      return release(event);
    case EventKind::migrate:
      return migrate(event);
    case EventKind::zone_locked:
      return note_departure(event);
    case EventKind::isolate_range:
      return gigantic_.note_isolation(event);
    case EventKind::pcpu_drain:
      departed_.erase(event.pfn.value);
      return;
    default:
      return;
  }
}

RecordedAllocation DemandCollector::birth_of(const TraceEvent& request, Ns born) {
  const DemandKind kind{request.order, request.type, request.gfp};
  const auto [found, is_new] =
      kind_numbers_.try_emplace(kind_key(kind), static_cast<std::uint32_t>(demand_.kinds.size()));
  if (is_new) {
    demand_.kinds.push_back(kind);
    demand_.counts.push_back(0);
    demand_.moves.push_back(0);
  }
  ++demand_.counts[found->second];
  return {born, Ns::max(), next_number_++, found->second, request.cpu};
}

void DemandCollector::allocate(const TraceEvent& event) {
  if (!event.has_pfn) {
    demand_.left_out.add("failed_allocations");
    return;
  }
  if (event.order > kLargest) {
    demand_.left_out.add("beyond_order_10");
    return;
  }
  place(event.pfn, {birth_of(request_of(event), event.time), static_cast<std::uint32_t>(event.order.pages().value)},
        event.time);
  departed_.erase(event.pfn.value);
  moved_.erase(event.pfn.value);
  strays_.erase(event.pfn.value);
  mark_seen(event.pfn, event.order);
}

void DemandCollector::place(Pfn pfn, const Live& block, Ns now) {
  gigantic_.give_way(pfn, now);
  const auto [found, is_new] = live_.try_emplace(pfn.value, block);
  if (!is_new) {
    demand_.left_out.add("untraced_frees");
    die(found->second, now);
    found->second = block;
  }
}

TraceEvent DemandCollector::request_of(const TraceEvent& event) const {
  TraceEvent request = event;
  if (request.gfp == 0) {
    const auto departed = departed_.find(event.pfn.value);
    request.gfp = kUntold;
    request.type = departed != departed_.end() ? departed->second.type : event.type;
  }
  return request;
}

void DemandCollector::die(const Live& live, Ns time) {
  RecordedAllocation life = live.life;
  life.died = time;
  demand_.allocations.add(life);
  page_cache_freed_ += is_page_cache(kind(live)) ? kind(live).order.pages() : NrPages{};
  anon_freed_ += is_anon(kind(live)) ? kind(live).order.pages() : NrPages{};
}

std::unordered_map<std::uint64_t, DemandCollector::Live>::iterator DemandCollector::find(Pfn pfn) {
  for (Order order{0}; order <= kLargest; ++order) {
    const Pfn head = pfn.align_down(order);
    const auto found = live_.find(head.value);
    if (found != live_.end() && head + kind(found->second).order.pages() > pfn) {
      return found;
    }
  }
  return live_.end();
}

void DemandCollector::release(const TraceEvent& event) {
  if (gigantic_.release(event)) {
    return;
  }
  if (event.order > kLargest) {
    demand_.left_out.add("beyond_order_10");
    return;
  }
  const auto found = find(event.pfn);
  if (found == live_.end()) {
    release_unknown(event);
    return;
  }
  Live& live = found->second;
  live.pages -= std::min(live.pages, static_cast<std::uint32_t>(event.order.pages().value));
  if (live.pages == 0) {
    die(live, event.time);
    live_.erase(found);
  }
}

void DemandCollector::release_unknown(const TraceEvent& event) {
  if (moved_.erase(event.pfn.value) != 0) {
    return;
  }
  const auto stray = strays_.find(event.pfn.value);
  const bool is_old = stray != strays_.end() || !was_seen(event.pfn);
  if (!is_old && add_unannounced(event)) {
    return;
  }
  if (!is_old) {
    demand_.left_out.add("untraced_allocations");
    return;
  }
  const Pfn origin = stray != strays_.end() ? Pfn{stray->second} : event.pfn;
  demand_.old_blocks.push_back({origin, event.order, event.time});
  old_freed_ += event.order.pages();
  strays_.erase(event.pfn.value);
  mark_seen(event.pfn, event.order);
}

void DemandCollector::note_departure(const TraceEvent& event) {
  if (event.has_pfn && event.order == Order{0}) {
    departed_.insert_or_assign(event.pfn.value, Departure{event.time, event.type});
    mark_seen(event.pfn, event.order);
  }
}

bool DemandCollector::add_unannounced(const TraceEvent& freed) {
  const auto found = departed_.find(freed.pfn.value);
  if (found == departed_.end()) {
    return false;
  }
  TraceEvent request = freed;
  request.gfp = 0;
  die({birth_of(request_of(request), found->second.time), 0}, freed.time);
  demand_.left_out.add("inferred_allocations");
  departed_.erase(found);
  return true;
}

void DemandCollector::migrate(const TraceEvent& event) {
  const auto node = live_.find(event.pfn.value);
  if (node != live_.end()) {
    const Live moving = node->second;
    live_.erase(node);
    place(event.to, moving, event.time);
    ++demand_.moves[moving.life.kind];
    mark_seen(event.to, kind(moving).order);
  } else if (!was_seen(event.pfn) || strays_.contains(event.pfn.value)) {
    const auto stray = strays_.find(event.pfn.value);
    const std::uint64_t origin = stray != strays_.end() ? stray->second : event.pfn.value;
    strays_.erase(event.pfn.value);
    strays_.insert_or_assign(event.to.value, origin);
    mark_seen(event.pfn, Order{0});
    mark_seen(event.to, Order{0});
  } else {
    demand_.left_out.add("untraced_allocations");
    return;
  }
  moved_.insert(event.pfn.value);
}

std::vector<LiveBlock> DemandCollector::live() const {
  std::vector<LiveBlock> blocks;
  blocks.reserve(live_.size() + gigantic_.held().size());
  for (const auto& [pfn, entry] : live_) {
    blocks.push_back({Pfn{pfn}, kind(entry).order, kind(entry).type});
  }
  for (const auto& [first, page] : gigantic_.held()) {
    blocks.push_back({first, kGiganticOrder, Migratetype::movable});
  }
  return blocks;
}

RecordedDemand DemandCollector::finish() {
  for (const auto& [pfn, entry] : live_) {
    demand_.allocations.add(entry.life);
  }
  demand_.allocations.close();
  std::ranges::sort(demand_.old_blocks, {}, &OldBlock::pfn);
  demand_.gigantic = gigantic_.finish(demand_.begin);
  RecordedDemand result = std::move(demand_);
  *this = DemandCollector();
  return result;
}

}  // namespace gbsim
