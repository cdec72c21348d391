// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/btree.h"

#include <algorithm>
#include <utility>

#include "sim/reclaim/reclaim.h"

namespace gbsim {

namespace {

constexpr std::uint32_t kPagesPerNode = 4;   // nodesize 16 KiB
constexpr std::size_t kCleanedPerCommit = 2000;  // nodes of dropped snapshots
constexpr Gfp kNode = gfp::kNofs.with(Gfp::nofail | Gfp::comp);

}  // namespace

ExtentBuffers::ExtentBuffers(std::string name, WorkloadHost& host, bool large_folios)
    : name_(std::move(name)),
      host_(host),
      large_folios_(large_folios),
      owner_(host.memory.folios().register_owner(*this)) {}

bool ExtentBuffers::insert(TreeNode node, std::uint32_t page, Order order, CpuId cpu) {
  Memory& memory = host_.memory;
  const bool movable = memory.tunables().btrfs_movable_metadata;
  Gfp gfp = order > Order{0} ? kNode.without(Gfp::nofail).with(Gfp::noretry | Gfp::nowarn) : kNode;
  gfp = movable ? gfp.with(Gfp::movable) : gfp;
  const std::uint32_t at = slots_.position(node, page);
  const Shadow shadow = slots_[at].shadow();
  const FolioUse use{owner_, at, LruList::inactive_file};
  const auto folio = host_.allocator.alloc_folio(PageRequest{order, gfp, cpu, memory.node_of(cpu)}, use);
  if (!folio) {
    return false;
  }
  if (!movable) {
    memory.set_migratable(*folio, true);
  }
  for (std::uint32_t i = 0; i < order.pages().value; ++i) {
    slots_[at + i] = PageSlot::of(*folio);
  }
  resident_ += order.pages();
  host_.reclaim.refault(*folio, shadow);
  return true;
}

/** Adds the pages of @node that are missing; one order-2 folio if all are. */
void ExtentBuffers::fill(TreeNode node, CpuId cpu) {
  const std::uint32_t first = slots_.position(node, 0);
  bool empty = true;
  for (std::uint32_t i = 0; i < kPagesPerNode; ++i) {
    empty = empty && !slots_[first + i].is_folio();
  }
  if (large_folios_ && empty && insert(node, 0, Order{2}, cpu)) {
    return;
  }
  for (std::uint32_t i = 0; i < kPagesPerNode; ++i) {
    if (!slots_[first + i].is_folio()) {
      insert(node, i, Order{0}, cpu);
    }
  }
}

TreeNode ExtentBuffers::create(CpuId cpu) {
  const TreeNode node = slots_.acquire();
  fill(node, cpu);
  for (std::uint32_t i = 0; i < kPagesPerNode; ++i) {
    if (slot(node, i).is_folio()) {
      host_.reclaim.mark_dirty(slot(node, i).folio());
    }
  }
  return node;
}

void ExtentBuffers::read(TreeNode node, CpuId cpu) {
  bool missing = false;
  for (std::uint32_t i = 0; i < kPagesPerNode; ++i) {
    missing = missing || !slot(node, i).is_folio();
  }
  if (missing) {
    host_.memory.meter().charge(WorkKind::file_read_page, kPagesPerNode);
    fill(node, cpu);
  }
  for (std::uint32_t i = 0; i < kPagesPerNode; ++i) {
    const PageSlot at = slot(node, i);
    if (at.is_folio() && (i == 0 || at != slot(node, i - 1))) {
      host_.reclaim.mark_accessed(at.folio());
    }
  }
}

void ExtentBuffers::write_out(TreeNode node) {
  for (std::uint32_t i = 0; i < kPagesPerNode; ++i) {
    const PageSlot at = slot(node, i);
    if (!at.is_folio()) {
      continue;
    }
    const Folio& folio = host_.memory.folios()[at.folio()];
    if (folio.has(kDirty) && !folio.has(kWriteback)) {
      host_.reclaim.writeback().start(at.folio());
    }
  }
}

void ExtentBuffers::free(TreeNode node, CpuId cpu) {
  for (std::uint32_t i = 0; i < kPagesPerNode; ++i) {
    const PageSlot at = slot(node, i);
    if (!at.is_folio() || (i > 0 && at == slot(node, i - 1))) {
      continue;
    }
    resident_ -= host_.memory.folios()[at.folio()].order.pages();
    host_.reclaim.forget(at.folio());
    host_.allocator.free_folio(at.folio(), cpu);
  }
  slots_.release(node);
}

void ExtentBuffers::on_evicted(FolioId /*folio*/, const Folio& record) {
  const Shadow shadow = host_.reclaim.shadow_of(record);
  const PageSlot left = shadow == 0 ? PageSlot{} : PageSlot::evicted(shadow);
  for (std::uint32_t i = 0; i < record.order.pages().value; ++i) {
    slots_[record.cookie + i] = left;
  }
  resident_ -= record.order.pages();
}

void ExtentBuffers::on_split(FolioId /*folio*/, const Folio& record, const std::vector<FolioId>& parts) {
  for (std::uint32_t i = 0; i < parts.size(); ++i) {
    slots_[record.cookie + i] = PageSlot::of(parts[i]);
    host_.memory.folios()[parts[i]].cookie = record.cookie + i;
  }
}

void Btree::read(std::uint32_t leaf, CpuId cpu) {
  if (leaves_[leaf].node != kNoNode) {
    buffers_.read(leaves_[leaf].node, cpu);
  }
}

void Btree::modify(std::uint32_t leaf, CpuId cpu) {
  read(leaf, cpu);
  const Leaf before = leaves_[leaf];
  if (before.node != kNoNode && before.transaction == transaction_ && before.epoch == epoch_) {
    return;
  }
  const TreeNode node = buffers_.create(cpu);
  dirty_.push_back(node);
  leaves_[leaf] = Leaf{node, transaction_, epoch_};
  if (before.node != kNoNode) {
    keep_or_retire(before);
  }
}

void Btree::keep_or_retire(const Leaf& leaf) {
  const bool in_snapshot = leaf.epoch != epoch_ && !snapshots_.empty();
  (in_snapshot ? snapshots_.back() : retired_).push_back(leaf.node);
}

void Btree::free_all(std::vector<TreeNode>& nodes, CpuId cpu) {
  for (const TreeNode node : nodes) {
    buffers_.free(node, cpu);
  }
  nodes.clear();
}

void Btree::commit(CpuId cpu) {
  for (const TreeNode node : dirty_) {
    buffers_.write_out(node);
  }
  dirty_.clear();
  const std::size_t cleaned = std::min(orphaned_.size(), kCleanedPerCommit);
  retired_.insert(retired_.end(), orphaned_.end() - static_cast<std::ptrdiff_t>(cleaned), orphaned_.end());
  orphaned_.resize(orphaned_.size() - cleaned);
  free_all(retired_, cpu);
  ++transaction_;
}

void Btree::snapshot(std::size_t keep) {
  ++epoch_;
  snapshots_.emplace_back();
  while (snapshots_.size() > keep) {
    orphaned_.insert(orphaned_.end(), snapshots_.front().begin(), snapshots_.front().end());
    snapshots_.pop_front();
  }
}

void Btree::clear(CpuId cpu) {
  dirty_.clear();
  for (Leaf& leaf : leaves_) {
    if (leaf.node != kNoNode) {
      retired_.push_back(leaf.node);
    }
    leaf = Leaf{};
  }
  for (const std::vector<TreeNode>& nodes : snapshots_) {
    retired_.insert(retired_.end(), nodes.begin(), nodes.end());
  }
  snapshots_.clear();
  retired_.insert(retired_.end(), orphaned_.begin(), orphaned_.end());
  orphaned_.clear();
  free_all(retired_, cpu);
}

}  // namespace gbsim
