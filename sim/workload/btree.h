// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "sim/allocator/page_allocator.h"
#include "sim/workload/page_slot.h"
#include "sim/workload/workload.h"

namespace gbsim {

using TreeNode = std::uint32_t;

/**
 * Pages of a btree inode: one extent buffer of 16 KiB a node, on the LRU, evictable when clean. Their type follows
 * btrfs.movable_metadata at the time of the allocation.
 */
class ExtentBuffers final : public FolioOwner {
 public:
  /** @large_folios: one order-2 folio a node if it can be had, else four base pages. */
  ExtentBuffers(std::string name, WorkloadHost& host, bool large_folios);

  /** A new dirty node. */
  TreeNode create(CpuId cpu);
  /** Reads what is not resident; marks the rest accessed. */
  void read(TreeNode node, CpuId cpu);
  void write_out(TreeNode node);
  void free(TreeNode node, CpuId cpu);

  std::size_t nodes() const { return slots_.runs_in_use(); }
  NrPages resident() const { return resident_; }
  PageSlot slot(TreeNode node, std::uint32_t page) const { return slots_[slots_.position(node, page)]; }

  std::string_view name() const override { return name_; }
  void on_evicted(FolioId folio, const Folio& record) override;
  void on_split(FolioId folio, const Folio& record, const std::vector<FolioId>& parts) override;

 private:
  bool insert(TreeNode node, std::uint32_t page, Order order, CpuId cpu);
  void fill(TreeNode node, CpuId cpu);

  std::string name_;
  WorkloadHost& host_;
  bool large_folios_;
  OwnerId owner_;
  SlotPool slots_{Order{2}};
  NrPages resident_;
};

/**
 * Leaves of a copy-on-write tree. A change in a new transaction goes to a new node; the old one stays until the next
 * commit, or as long as a snapshot needs it. So nodes outlive what they describe.
 */
class Btree {
 public:
  Btree(std::string name, WorkloadHost& host, bool large_folios) : buffers_(std::move(name), host, large_folios) {}

  /** The tree has @leaves from now on. */
  void resize(std::uint32_t leaves) { leaves_.resize(leaves); }
  std::uint32_t nr_leaves() const { return static_cast<std::uint32_t>(leaves_.size()); }
  void read(std::uint32_t leaf, CpuId cpu);
  void modify(std::uint32_t leaf, CpuId cpu);
  /** Ends the transaction: dirty nodes go to disk, replaced ones and a part of dropped snapshots are freed. */
  void commit(CpuId cpu);
  /** Every leaf is shared from now on; the oldest snapshots beyond @keep are dropped. */
  void snapshot(std::size_t keep);
  /** Frees everything. */
  void clear(CpuId cpu);

  std::size_t snapshots() const { return snapshots_.size(); }
  const ExtentBuffers& buffers() const { return buffers_; }
  /** The node of @leaf, or kNoNode if nothing was ever written there. */
  TreeNode node(std::uint32_t leaf) const { return leaves_[leaf].node; }

  static constexpr TreeNode kNoNode = ~TreeNode{0};

 private:
  struct Leaf {
    TreeNode node = kNoNode;
    std::uint32_t transaction = 0;  // of its last change
    std::uint32_t epoch = 0;        // snapshots taken when the node was made
  };

  void keep_or_retire(const Leaf& leaf);
  void free_all(std::vector<TreeNode>& nodes, CpuId cpu);

  ExtentBuffers buffers_;
  std::vector<Leaf> leaves_;
  std::vector<TreeNode> dirty_;
  std::vector<TreeNode> retired_;   // freed by the next commit
  std::vector<TreeNode> orphaned_;  // of dropped snapshots, for the cleaner
  std::deque<std::vector<TreeNode>> snapshots_;
  std::uint32_t transaction_ = 1;
  std::uint32_t epoch_ = 0;
};

}  // namespace gbsim
