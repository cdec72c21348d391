// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/allocator/page_allocator.h"
#include "sim/base/big_vector.h"
#include "sim/base/prefetch.h"

namespace gbsim {

/** One reference to a chunk, held by a fragment of a packet. */
using FragRef = std::uint32_t;

/**
 * Per-CPU page fragments: data is cut from a 32 KiB chunk, which is freed when its last fragment goes. A refused
 * order-3 chunk is replaced by one page, as skb_page_frag_refill() does.
 */
class PageFrags final : public FolioOwner {
 public:
  PageFrags(std::string name, PageAllocator& allocator);

  /**
   * Up to @bytes from @cpu's chunk; *@taken says how many. A page in place of a refused chunk is asked for with @gfp.
   * nullopt if not even that could be had.
   */
  std::optional<FragRef> take(CpuId cpu, std::uint32_t bytes, Gfp gfp, std::uint32_t* taken);
  void put(FragRef fragment, CpuId cpu);
  void prefetch(FragRef fragment) const { prefetch_line(&chunks_[fragment]); }
  /** The CPU lets go of its current chunk. */
  void release_current(CpuId cpu);

  /** Chunks refused. */
  std::uint64_t fallbacks() const { return fallbacks_; }
  std::uint64_t chunks() const { return chunks_.size() - unused_.size(); }
  NrPages pages() const { return pages_; }
  std::string_view name() const override { return name_; }
  void on_evicted(FolioId folio, const Folio& record) override;

 private:
  static constexpr std::uint32_t kNone = 0xffffffffU;

  struct Chunk {
    FolioId folio{};
    std::uint32_t references = 0;  // fragments, and one of the CPU that still cuts from it
    std::uint32_t left = 0;        // bytes not yet handed out
    std::uint32_t size = 0;
  };

  bool has_room(CpuId cpu);
  bool refill(CpuId cpu, Gfp gfp);
  void drop(std::uint32_t chunk, CpuId cpu);

  std::string name_;
  PageAllocator& allocator_;
  OwnerId owner_;
  BigVector<Chunk> chunks_;
  std::vector<std::uint32_t> unused_;
  std::vector<std::uint32_t> current_;  // by CPU
  std::uint64_t fallbacks_ = 0;
  NrPages pages_;
};

}  // namespace gbsim
