// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/mm/pcp_buddy.h"

#include <functional>

namespace gbsim {

namespace {

using Counts = PcpBuddyCounts;

constexpr std::array kCounters{
    &Counts::refills,       &Counts::claimed,      &Counts::adopted,       &Counts::released, &Counts::frees_owned,
    &Counts::frees_unowned, &Counts::frees_remote, &Counts::frees_refused, &Counts::splits,   &Counts::merges,
    &Counts::drains,        &Counts::drained_pages, &Counts::drained_blocks,
};
static_assert(sizeof(Counts) == sizeof(std::uint64_t) * (kCounters.size() + kNrRefillPhases));

template <class Operation>
Counts& combine(Counts& into, const Counts& other, Operation operation) {
  for (std::size_t phase = 0; phase < kNrRefillPhases; ++phase) {
    into.refill_pages[phase] = operation(into.refill_pages[phase], other.refill_pages[phase]);
  }
  for (const auto counter : kCounters) {
    into.*counter = operation(into.*counter, other.*counter);
  }
  return into;
}

}  // namespace

PcpBuddyCounts& PcpBuddyCounts::operator+=(const PcpBuddyCounts& other) {
  return combine(*this, other, std::plus<std::uint64_t>());
}

PcpBuddyCounts& PcpBuddyCounts::operator-=(const PcpBuddyCounts& other) {
  return combine(*this, other, std::minus<std::uint64_t>());
}

PcpBuddy::PcpBuddy(PageIndex pages, Order pageblock, unsigned nr_cpus)
    : pageblock_(pageblock),
      owners_((std::uint64_t{pages} + pageblock.pages().value - 1) >> pageblock.value),
      cpus_(nr_cpus),
      positions_(pages) {
  for (PcpBuddyLists& cpu : cpus_) {
    cpu.lists = std::make_unique<PcpBuddyList[]>(nr_lists());
  }
}

std::optional<CpuId> PcpBuddy::owner(std::size_t pageblock) const {
  const std::uint16_t tag = owners_[pageblock].tag;
  return tag == 0 ? std::nullopt : std::optional{CpuId{tag - 1}};
}

void PcpBuddy::release(std::size_t pageblock) {
  counts_.released += owners_[pageblock].tag != 0 ? 1 : 0;
  owners_[pageblock] = {};
}

void PcpBuddy::note_recoverable(std::size_t pageblock, CpuId cpu) {
  if (owns(cpu, pageblock) && !owners_[pageblock].recoverable) {
    owners_[pageblock].recoverable = true;
    of(cpu).recoverable.push_back(static_cast<std::uint32_t>(pageblock));
  }
}

std::uint64_t PcpBuddy::remote_pages() const {
  std::uint64_t pages = 0;
  for (const PcpBuddyLists& cpu : cpus_) {
    pages += cpu.remote_pages;
  }
  return pages;
}

std::uint64_t PcpBuddy::metadata_bytes() const {
  std::uint64_t bytes = sizeof(*this) + owners_.size() * sizeof(Owner) + positions_.committed_bytes();
  for (const PcpBuddyLists& cpu : cpus_) {
    bytes += sizeof(cpu) + nr_lists() * sizeof(PcpBuddyList);
    bytes += cpu.remote.capacity() * sizeof(PageIndex) + cpu.recoverable.capacity() * sizeof(std::uint32_t);
    for (std::size_t i = 0; i < nr_lists(); ++i) {
      bytes += cpu.lists[i].blocks.metadata_bytes();
    }
  }
  return bytes;
}

}  // namespace gbsim
