// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "sim/mm/zone.h"
#include "sim/recording/kernel_snapshot.h"
#include "sim/replay/page_types.h"
#include "sim/replay/snapshot_memory.h"

namespace gbsim {

/** One number of the model and of the kernel. */
struct Versus {
  std::uint64_t ours = 0;
  std::uint64_t kernel = 0;
};

/** Free lists block by block. */
struct ListAgreement {
  std::uint64_t only_ours = 0;    // blocks of order and list type that only we have
  std::uint64_t only_kernel = 0;
  std::uint64_t lists = 0;        // not empty in the kernel or with us
  std::uint64_t same_order = 0;   // of these, equal head to tail
  std::uint64_t same_types = 0;   // pageblocks whose type agrees

  bool same_blocks() const { return only_ours == 0 && only_kernel == 0; }
};

/** One zone of the model against the kernel's at the instant of a snapshot. */
struct SnapshotScore {
  unsigned sequence = 0;
  std::string label{};
  Ns time{0};
  std::string zone{};
  bool drawn = false;           // the kernel's positions are not known, so that list agreement means nothing
  bool knows_mixed = false;     // the recording was followed, so that the contents of the kernel's pageblocks are known
  NrPages managed;
  Versus free_pages{};
  Versus pcp_pages{};
  std::vector<std::array<Versus, kNrMigratetypes>> free_blocks{};  // by order, then list type
  std::array<Versus, kNrMigratetypes> pageblocks{};
  Versus fully_free{};          // pageblocks of which no page is in use: on free lists, or per-CPU lists
  Versus mixed{};               // pageblocks with pages in use of another type than theirs
  Versus unusable_index{};      // for blocks of a pageblock, in thousandths
  ListAgreement lists{};
  std::uint64_t all_pageblocks = 0;

  Versus free_blocks_of(unsigned order) const;
  /** Free blocks of at least a pageblock. */
  Versus large_free_blocks(Order pageblock) const;
};

/** What is known of a model beside its memory, and of the kernel beside its snapshot. */
struct ScoredSides {
  const PageTypes* ours = nullptr;    // nullptr: what the model's own pageblocks count
  const PageTypes* kernel = nullptr;  // nullptr: mixed pageblocks of the kernel are unknown
  PcpLoad pcp = PcpLoad::lists;       // `allocated`: pages on the kernel's per-CPU lists are out of use with us too
};

/** @kernel is a zone of @snapshot, and @zone the model's. */
SnapshotScore score_snapshot(const Zone& zone, const KernelSnapshot& snapshot, const ZoneImage& kernel,
                             const ScoredSides& sides);

/** An entry of "snapshots" in replay.json; every pair is [ours, kernel]. */
nlohmann::ordered_json to_json(const SnapshotScore& score);

}  // namespace gbsim
