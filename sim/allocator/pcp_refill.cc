// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/allocator/pcp_refill.h"

#include <algorithm>
#include <array>
#include <bit>

namespace gbsim {

namespace {

constexpr std::array kSteps{
    RefillStep{RefillPhase::recover, [](PcpRefill& refill, NrPages wanted) { return refill.recover(wanted); }},
    RefillStep{RefillPhase::claim, [](PcpRefill& refill, NrPages wanted) { return refill.claim(wanted); }},
    RefillStep{RefillPhase::adopt, [](PcpRefill& refill, NrPages wanted) { return refill.adopt(wanted); }},
    RefillStep{RefillPhase::chunk, [](PcpRefill& refill, NrPages wanted) { return refill.chunk(wanted); }},
    RefillStep{RefillPhase::fallback, [](PcpRefill& refill, NrPages wanted) { return refill.fallback(wanted); }},
};

}  // namespace

std::span<const RefillStep> refill_steps() { return kSteps; }

void PcpRefill::run(NrPages wanted) {
  PcpBuddyCounts& counts = buddy().counts();
  ++counts.refills;
  queue_.memory().charge_zone_lock();
  // Whole pageblocks go to whoever asks for one: nothing is split, so nobody needs to own it.
  const bool splits = request_.order < buddy().pageblock();
  NrPages got;
  for (const RefillStep& step : kSteps) {
    if (got >= wanted || (!splits && step.phase != RefillPhase::fallback)) {
      continue;
    }
    const NrPages gained = step.run(*this, wanted - got);
    counts.refill_pages[static_cast<std::size_t>(step.phase)] += gained.value;
    got += gained;
  }
}

NrPages PcpRefill::gather(std::size_t pageblock) { return cpu_.gather(pageblock, request_.type); }

NrPages PcpRefill::recover(NrPages wanted) {
  std::vector<std::uint32_t>& blocks = buddy().of(queue_.cpu()).recoverable;
  NrPages got;
  const auto is_done = [&](std::uint32_t block) {
    if (!buddy().owns(queue_.cpu(), block) || !buddy().is_recoverable(block)) {
      return true;
    }
    if (got >= wanted || zone().pageblock_at(block).type != request_.type) {
      return false;
    }
    buddy().clear_recoverable(block);
    got += gather(block);
    return true;
  };
  std::erase_if(blocks, is_done);
  return got;
}

bool PcpRefill::may_claim(NrPages wanted) const {
  const auto pages = static_cast<double>(buddy().pageblock().pages().value);
  const bool worth_it = static_cast<double>(wanted.value) >= pages * tunables().pcpbuddy_claim_at;
  return worth_it && cpu_.room() >= buddy().pageblock().pages();
}

NrPages PcpRefill::claim(NrPages wanted) {
  NrPages got;
  while (got < wanted && may_claim(wanted - got)) {
    const auto block = queue_.take_own({buddy().pageblock(), request_.type, request_.flags});
    if (!block) {
      break;
    }
    const std::size_t pageblock = zone().page(block->pfn) >> buddy().pageblock().value;
    buddy().own(pageblock, queue_.cpu());
    cpu_.add(block->pfn, buddy().pageblock(), request_.type, true);
    ++buddy().counts().claimed;
    got += buddy().pageblock().pages();
  }
  if (got != NrPages{}) {
    cpu_.raise_high();
  }
  return got;
}

bool PcpRefill::may_adopt() const {
  const bool anywhere = tunables().pcpbuddy_adopt == PcpAdopt::anywhere;
  const bool in_tainted = tunables().pcpbuddy_adopt == PcpAdopt::tainted && zone().gigablocks() != nullptr;
  return request_.type != Migratetype::movable && (anywhere || in_tainted);
}

std::optional<std::size_t> PcpRefill::adoptable() const {
  for (unsigned value = buddy().pageblock().value; value-- > request_.order.value;) {
    const auto part = queue_.look_own({Order{value}, request_.type, request_.flags});
    if (!part || part->found >= buddy().pageblock() || !zone().spans_pageblock(part->block)) {
      continue;
    }
    const std::size_t pageblock = zone().page(part->block) >> buddy().pageblock().value;
    const bool labelled = zone().pageblock_at(pageblock).type == request_.type;
    if (labelled && !buddy().owner(pageblock)) {
      return pageblock;
    }
  }
  return std::nullopt;
}

NrPages PcpRefill::adopt(NrPages wanted) {
  NrPages got;
  while (got < wanted && may_adopt()) {
    const auto pageblock = adoptable();
    if (!pageblock) {
      break;
    }
    buddy().own(*pageblock, queue_.cpu());
    ++buddy().counts().adopted;
    got += gather(*pageblock);
  }
  return got;
}

NrPages PcpRefill::chunks_of(Order order, NrPages wanted) {
  NrPages got;
  // Blocks that are larger than what is wanted come only if the request needs them.
  while (got + order.pages() <= wanted || (got < wanted && order == request_.order)) {
    const auto block = queue_.take_own({order, request_.type, request_.flags});
    if (!block) {
      break;
    }
    cpu_.add(block->pfn, order, request_.type, false);
    got += order.pages();
  }
  return got;
}

NrPages PcpRefill::chunk(NrPages wanted) {
  const unsigned below_whole = buddy().pageblock().value - 1U;
  const unsigned fitting = static_cast<unsigned>(std::bit_width(wanted.value)) - 1;
  const unsigned most = std::max<unsigned>(std::min(below_whole, fitting), request_.order.value);
  NrPages got;
  for (unsigned value = most + 1; got < wanted && value-- > request_.order.value;) {
    got += chunks_of(Order{value}, wanted - got);
  }
  return got;
}

NrPages PcpRefill::fallback(NrPages wanted) {
  PlacementMode mode = PlacementMode::normal;
  NrPages got;
  while (got < wanted) {
    const auto block = queue_.take_any(request_, mode);
    if (!block) {
      break;
    }
    cpu_.add(block->pfn, request_.order, request_.type, false);
    got += request_.order.pages();
  }
  return got;
}

}  // namespace gbsim
