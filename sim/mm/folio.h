// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/base/big_vector.h"
#include "sim/base/types.h"
#include "sim/mm/migratetype.h"

namespace gbsim {

inline constexpr std::uint32_t kNoFolio = 0xffffffffU;

/** Which LRU list a folio is on. Unevictable and kernel folios are on none. */
enum class LruList : std::uint8_t { inactive_anon, active_anon, inactive_file, active_file, none };

inline constexpr std::size_t kNrLruLists = 4;

/** Page flags that reclaim and migration look at; a bit set. */
enum FolioFlag : std::uint16_t {
  kReferenced = 1U << 0,
  kDirty = 1U << 1,
  kWriteback = 1U << 2,
  kPinned = 1U << 3,       // elevated reference count: cannot migrate, cannot be reclaimed
  kMigratable = 1U << 4,   // may be moved whatever its list: LRU folios and movable_ops pages
  kIsolated = 1U << 5,     // off its LRU list, held by compaction or reclaim
  kWorkingset = 1U << 6,   // was active when evicted last
  kSwapBacked = 1U << 7,   // anon or shmem: needs swap to be reclaimed
  kReclaim = 1U << 8,      // goes to the tail of its inactive list once it is written
  kYoung = 1U << 9,        // touched through a page table since reclaim looked last
};

/**
 * One live allocation of 2^order pages. Identity is the FolioId: migration changes pfn, never the id.
 * prev/next link the folio into its LRU list (FolioId values, kNoFolio at the ends).
 */
struct Folio {
  Pfn pfn;
  std::uint32_t cookie = 0;  // the owner's own index for it
  std::uint32_t prev = kNoFolio;
  std::uint32_t next = kNoFolio;
  OwnerId owner;
  Order order;
  Migratetype type = Migratetype::unmovable;  // of the request that allocated it
  LruList lru = LruList::none;
  std::uint16_t flags = 0;  // FolioFlag bits
  std::uint8_t zone = 0;  // index of its zone in Memory

  constexpr bool has(FolioFlag flag) const { return (flags & flag) != 0; }
  void set(FolioFlag flag) { flags = static_cast<std::uint16_t>(flags | flag); }
  void clear(FolioFlag flag) { flags = static_cast<std::uint16_t>(flags & ~flag); }
};

/** Who holds folios: a page cache, a process, a slab cache. Told when memory management takes one away. */
class FolioOwner {
 public:
  virtual ~FolioOwner() = default;
  virtual std::string_view name() const = 0;
  /** @folio was evicted (page cache dropped, or written to swap); the id is dead when this returns. */
  virtual void on_evicted(FolioId folio, const Folio& record) = 0;
  /** Hints that on_evicted() may follow soon for @record. */
  virtual void prefetch_evicted(const Folio& /*record*/) const {}
  /** @folio was split into base folios @parts (same pfns, ascending); the id of @folio is dead. */
  virtual void on_split(FolioId /*folio*/, const Folio& /*record*/, const std::vector<FolioId>& /*parts*/) {}
};

/** All live folios. Ids of freed folios are reused, last freed first. */
class FolioTable {
 public:
  /** Registers an owner; @owner must outlive the table's use. */
  OwnerId register_owner(FolioOwner& owner);
  FolioOwner& owner(OwnerId id) const { return *owners_[id.value]; }
  std::size_t nr_owners() const { return owners_.size(); }

  /** Room for so many live folios without moving a record; committed as it is used. */
  void reserve(std::uint64_t folios) { records_.reserve(folios); }
  /** A record with default fields. */
  FolioId create();
  void destroy(FolioId id);

  Folio& operator[](FolioId id) { return records_[id.value]; }
  const Folio& operator[](FolioId id) const { return records_[id.value]; }
  std::size_t live() const { return records_.size() - free_.size(); }
  /** One past the largest id ever used; for full recounts. */
  std::uint32_t id_limit() const { return static_cast<std::uint32_t>(records_.size()); }
  bool is_live(FolioId id) const;
  std::uint64_t metadata_bytes() const;

 private:
  BigVector<Folio> records_;
  std::vector<std::uint32_t> free_;
  std::vector<FolioOwner*> owners_;
};

}  // namespace gbsim
