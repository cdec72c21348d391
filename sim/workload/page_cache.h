// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/allocator/page_allocator.h"
#include "sim/workload/page_slot.h"
#include "sim/workload/workload.h"

namespace gbsim {

using FileId = Id<struct FileTag, std::uint32_t>;

/** A run of pages of a file by index. */
struct FileRange {
  std::uint32_t first = 0;
  std::uint32_t pages = 0;

  std::uint32_t end() const { return first + pages; }
};

/** How the cache fills itself. */
struct PageCacheRules {
  Order max_order{5};                // of one folio
  std::uint32_t readahead_pages = 32;  // read_ahead_kb of the device, 128 KiB by default
};

/**
 * File data in memory: folios by file and index, shadows of those that were evicted. Readahead ramps its folio order
 * as page_cache_ra_order() does; what reclaim takes comes back as a refault.
 */
class PageCache final : public FolioOwner {
 public:
  /** Largest folio: btrfs tracks the blocks of a folio in one word of 64 bits. */
  static constexpr Order kMaxOrder{6};

  PageCache(std::string name, WorkloadHost& host, const PageCacheRules& rules);

  /** An empty cache for a file of @pages. */
  FileId create(std::uint32_t pages);
  /** Truncates to nothing: every folio goes at once, shadows are forgotten. */
  void remove(FileId file, CpuId cpu);
  /** Brings @range in where it is missing, and marks what was there accessed. Clipped to the file. */
  void read(FileId file, FileRange range, CpuId cpu);
  /** Dirties @range, which is filled without being read. */
  void write(FileId file, FileRange range, CpuId cpu);
  /** Hands the dirty folios of the file to the disk: fsync() without its wait. Returns pages. */
  NrPages sync(FileId file);

  std::uint32_t pages_of(FileId file) const { return files_[file.value].pages; }
  std::uint32_t resident(FileId file) const { return files_[file.value].resident; }
  NrPages resident() const { return resident_; }
  /** What the cache knows of one page. */
  PageSlot slot(FileId file, std::uint32_t index) const;

  std::string_view name() const override { return name_; }
  void on_evicted(FolioId folio, const Folio& record) override;
  void prefetch_evicted(const Folio& record) const override { slots_.prefetch(record.cookie); }
  void on_split(FolioId folio, const Folio& record, const std::vector<FolioId>& parts) override;

 private:
  struct File {
    std::uint32_t pages = 0;
    std::uint32_t resident = 0;
    std::vector<std::uint32_t> runs;  // of slots, kNoRun where nothing was ever cached
  };
  /** One folio to be added. */
  struct Insertion {
    FileId file;
    std::uint32_t index = 0;
    Order order{};
    Gfp gfp{};
    CpuId cpu{};
  };
  /** How far readahead has got within one sequential read. */
  struct Window {
    std::uint32_t pages = 0;
    Order order{};
  };

  static constexpr std::uint32_t kNoRun = ~std::uint32_t{0};

  std::uint32_t position(FileId file, std::uint32_t index);
  FileRange clip(FileId file, FileRange range) const;
  Window next_window(const Window& last, FileRange wanted) const;
  std::uint32_t read_ahead(FileId file, FileRange window, Order order, CpuId cpu);
  std::uint32_t read_one(FileId file, std::uint32_t index, CpuId cpu);
  void prefetch_folios(FileId file, FileRange range) const;
  std::uint32_t touch(FileId file, std::uint32_t index, std::uint32_t end);
  bool insert_for_write(FileId file, std::uint32_t index, std::uint32_t end, CpuId cpu);
  std::uint32_t write_step(FileId file, std::uint32_t index, std::uint32_t end, CpuId cpu);
  /** Largest order that is aligned at @index, ends by @end and covers no page that is cached. */
  Order fitting_order(FileId file, std::uint32_t index, std::uint32_t end, Order largest);
  bool insert(const Insertion& what);
  std::uint32_t folio_end(FileId file, std::uint32_t index) const;

  std::string name_;
  WorkloadHost& host_;
  PageCacheRules rules_;
  OwnerId owner_;
  SlotPool slots_{kMaxOrder};
  std::vector<FileId> file_of_run_;
  std::vector<File> files_;
  std::vector<FileId> free_files_;
  NrPages resident_;
};

}  // namespace gbsim
