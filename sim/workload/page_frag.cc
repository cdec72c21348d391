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

bool PageFrags::refill(CpuId cpu, Gfp gfp) {
  release_current(cpu);
  const NodeId node = allocator_.memory().node_of(cpu);
  const FolioUse use{owner_};
  auto folio = allocator_.alloc_folio({kChunkOrder, gfp::kSkbFrag, cpu, node}, use);
  if (!folio) {
    ++fallbacks_;
    folio = allocator_.alloc_folio({Order{0}, gfp.with(Gfp::nowarn), cpu, node}, use);
  }
  if (!folio) {
    return false;
  }
  auto chunk = static_cast<std::uint32_t>(chunks_.size());
  if (unused_.empty()) {
    chunks_.emplace_back();
  } else {
    chunk = unused_.back();
    unused_.pop_back();
  }
  Folio& record = allocator_.memory().folios()[*folio];
  record.cookie = chunk;
  const NrPages pages = record.order.pages();
  const auto bytes = static_cast<std::uint32_t>(pages.value * kPageSize);
  chunks_[chunk] = Chunk{*folio, 1, bytes, bytes};
  pages_ += pages;
  current_[cpu.value] = chunk;
  return true;
}

// A chunk whose fragments are all gone is cut anew.
bool PageFrags::has_room(CpuId cpu) {
  const std::uint32_t current = current_[cpu.value];
  if (current == kNone) {
    return false;
  }
  Chunk& chunk = chunks_[current];
  if (chunk.references == 1) {
    chunk.left = chunk.size;
  }
  return chunk.left != 0;
}

std::optional<FragRef> PageFrags::take(CpuId cpu, std::uint32_t bytes, Gfp gfp, std::uint32_t* taken) {
  if (!has_room(cpu) && !refill(cpu, gfp)) {
    return std::nullopt;
  }
  Chunk& chunk = chunks_[current_[cpu.value]];
  *taken = std::min(bytes, chunk.left);
  chunk.left -= *taken;
  ++chunk.references;
  return current_[cpu.value];
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
