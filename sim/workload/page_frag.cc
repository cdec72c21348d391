// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/page_frag.h"

#include <algorithm>

#include "sim/base/check.h"

namespace gbsim {

namespace {

constexpr Order kChunkOrder{3};  // SKB_FRAG_PAGE_ORDER: get_order(32768)

}  // namespace

PageFrags::PageFrags(std::string name, PageAllocator& allocator)
    : name_(std::move(name)),
      allocator_(allocator),
      owner_(allocator.memory().folios().register_owner(*this)),
      current_(allocator.memory().nr_cpus(), kNone) {}

bool PageFrags::refill(CpuId cpu) {
  release_current(cpu);
  const std::uint32_t chunk = unused_.empty() ? static_cast<std::uint32_t>(chunks_.size()) : unused_.back();
  const NodeId node = allocator_.memory().node_of(cpu);
  const FolioUse use{owner_, chunk};
  auto folio = allocator_.alloc_folio({kChunkOrder, gfp::kSkbFrag, cpu, node}, use);
  if (!folio) {
    ++fallbacks_;
    folio = allocator_.alloc_folio({Order{0}, gfp::kKernel.with(Gfp::nowarn), cpu, node}, use);
  }
  if (!folio) {
    return false;
  }
  if (chunk == chunks_.size()) {
    chunks_.emplace_back();
  } else {
    unused_.pop_back();
  }
  const NrPages pages = allocator_.memory().folios()[*folio].order.pages();
  chunks_[chunk] = Chunk{*folio, 1, static_cast<std::uint32_t>(pages.value * kPageSize)};
  pages_ += pages;
  current_[cpu.value] = chunk;
  return true;
}

std::optional<FragRef> PageFrags::take(CpuId cpu, std::uint32_t bytes, std::uint32_t* taken) {
  const std::uint32_t current = current_[cpu.value];
  if ((current == kNone || chunks_[current].left == 0) && !refill(cpu)) {
    return std::nullopt;
  }
  const std::uint32_t chunk = current_[cpu.value];
  *taken = std::min(bytes, chunks_[chunk].left);
  chunks_[chunk].left -= *taken;
  ++chunks_[chunk].references;
  return chunk;
}

void PageFrags::put(FragRef fragment, CpuId cpu) {
  drop(fragment, cpu);
}

void PageFrags::release_current(CpuId cpu) {
  if (current_[cpu.value] != kNone) {
    drop(current_[cpu.value], cpu);
    current_[cpu.value] = kNone;
  }
}

void PageFrags::drop(std::uint32_t chunk, CpuId cpu) {
  if (--chunks_[chunk].references != 0) {
    return;
  }
  pages_ -= allocator_.memory().folios()[chunks_[chunk].folio].order.pages();
  allocator_.free_folio(chunks_[chunk].folio, cpu);
  unused_.push_back(chunk);
}

void PageFrags::on_evicted(FolioId, const Folio&) {
  GBSIM_CHECK(false);  // fragments are on no LRU list
}

}  // namespace gbsim
