// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/page_cache.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "sim/reclaim/reclaim.h"

namespace gbsim {

namespace {

/** btrfs file data: the mapping's mask, as recorded from 6.1 and 6.12. */
constexpr Gfp kMapping = gfp::kNofs.with(Gfp::highmem | Gfp::hardwall | Gfp::movable);
constexpr Gfp kReadahead = kMapping.with(Gfp::noretry | Gfp::nowarn);
constexpr Gfp kWrite = kMapping.with(Gfp::write);
/** Large folios for writes may fail cheaply: __filemap_get_folio(). */
constexpr std::uint32_t kLargeWrite = Gfp::noretry | Gfp::nowarn;
constexpr unsigned kOrderStep = 2;  // page_cache_async_ra(): each window's folios are two orders larger

Order floor_order(std::uint32_t pages) { return Order{static_cast<unsigned>(std::bit_width(pages)) - 1U}; }

}  // namespace

PageCache::PageCache(std::string name, WorkloadHost& host, const PageCacheRules& rules)
    : name_(std::move(name)), host_(host), rules_(rules), owner_(host.memory.folios().register_owner(*this)) {
  rules_.max_order = std::min(rules_.max_order, kMaxOrder);
}

FileId PageCache::create(std::uint32_t pages) {
  FileId id{files_.size()};
  if (free_files_.empty()) {
    files_.emplace_back();
  } else {
    id = free_files_.back();
    free_files_.pop_back();
  }
  File& file = files_[id.value];
  file.pages = pages;
  file.runs.assign((pages + slots_.run_length() - 1) / slots_.run_length(), kNoRun);
  return id;
}

std::uint32_t PageCache::position(FileId file, std::uint32_t index) {
  std::uint32_t& run = files_[file.value].runs[index / slots_.run_length()];
  if (run == kNoRun) {
    run = slots_.acquire();
    file_of_run_.resize(std::max<std::size_t>(file_of_run_.size(), run + 1));
    file_of_run_[run] = file;
  }
  return slots_.position(run, index % slots_.run_length());
}

PageSlot PageCache::slot(FileId file, std::uint32_t index) const {
  const std::uint32_t run = files_[file.value].runs[index / slots_.run_length()];
  return run == kNoRun ? PageSlot{} : slots_[slots_.position(run, index % slots_.run_length())];
}

FileRange PageCache::clip(FileId file, FileRange range) const {
  const std::uint32_t pages = files_[file.value].pages;
  const std::uint32_t first = std::min(range.first, pages);
  return FileRange{first, std::min(range.pages, pages - first)};
}

std::uint32_t PageCache::folio_end(FileId file, std::uint32_t index) const {
  const Folio& folio = host_.memory.folios()[slot(file, index).folio()];
  const std::uint32_t size = static_cast<std::uint32_t>(folio.order.pages().value);
  return index - (index & (size - 1)) + size;
}

void PageCache::remove(FileId id, CpuId cpu) {
  for (std::uint32_t index = 0; index < files_[id.value].pages;) {
    const PageSlot at = slot(id, index);
    if (!at.is_folio()) {
      index += files_[id.value].runs[index / slots_.run_length()] == kNoRun ? slots_.run_length() : 1;
      continue;
    }
    index = folio_end(id, index);
    resident_ -= host_.memory.folios()[at.folio()].order.pages();
    host_.reclaim.forget(at.folio());
    host_.allocator.free_folio(at.folio(), cpu);
  }
  for (const std::uint32_t run : files_[id.value].runs) {
    if (run != kNoRun) {
      slots_.release(run);
    }
  }
  files_[id.value] = File{};
  free_files_.push_back(id);
}

// get_init_ra_size() for the first window, get_next_ra_size() for those after it.
PageCache::Window PageCache::next_window(const Window& last, FileRange wanted) const {
  const std::uint32_t max = rules_.readahead_pages;
  if (last.pages == 0) {
    const std::uint32_t size = std::bit_ceil(std::max(wanted.pages, 1U));
    const std::uint32_t first = size <= max / 32 ? size * 4 : size <= max / 4 ? size * 2 : max;
    return Window{first, Order{0}};
  }
  const std::uint32_t size = std::min(last.pages < max / 16 ? last.pages * 4 : last.pages * 2, max);
  const Order larger{last.order.value + kOrderStep};
  return Window{size, std::min({larger, rules_.max_order, floor_order(size)})};
}

void PageCache::prefetch_folios(FileId file, FileRange range) const {
  constexpr std::uint32_t kMost = 64;
  PageSlot last;
  const std::uint32_t end = std::min(range.end(), range.first + kMost);
  for (std::uint32_t index = range.first; index < end; ++index) {
    const PageSlot here = slot(file, index);
    if (here.is_folio() && !(here == last)) {
      host_.memory.prefetch_folio(here.folio());
    }
    last = here;
  }
}

void PageCache::read(FileId file, FileRange range, CpuId cpu) {
  const FileRange wanted = clip(file, range);
  prefetch_folios(file, wanted);
  Window window;
  for (std::uint32_t index = wanted.first; index < wanted.end();) {
    if (slot(file, index).is_folio()) {
      index = touch(file, index, wanted.end());
      continue;
    }
    window = next_window(window, wanted);
    const std::uint32_t end = read_ahead(file, clip(file, FileRange{index, window.pages}), window.order, cpu);
    index = end == index ? read_one(file, index, cpu) : end;
    if (index == 0) {
      return;
    }
  }
}

std::uint32_t PageCache::touch(FileId file, std::uint32_t index, std::uint32_t end) {
  const PageSlot here = slot(file, index);
  host_.reclaim.mark_accessed(here.folio());
  return std::min(folio_end(file, index), end);
}

/** Fills the gaps of @window; a refused large folio leaves the rest to base pages. Returns where it had to stop. */
std::uint32_t PageCache::read_ahead(FileId file, FileRange window, Order order, CpuId cpu) {
  Order largest = order;
  std::uint32_t index = window.first;
  while (index < window.end()) {
    if (slot(file, index).is_folio()) {
      index = folio_end(file, index);
      continue;
    }
    const Order fits = fitting_order(file, index, window.end(), largest);
    if (insert(Insertion{file, index, fits, kReadahead.with(Gfp::comp), cpu})) {
      host_.memory.meter().charge(WorkKind::file_read_page, fits.pages().value);
      host_.memory.vmstat().add(VmEvent::pgpgin, fits.pages().value * (kPageSize / 1024));
      index += static_cast<std::uint32_t>(fits.pages().value);
    } else if (fits > Order{0}) {
      largest = Order{0};
    } else {
      return index;
    }
  }
  return index;
}

/** The page itself, when readahead may not insist; 0 if even that was refused, which ends the read. */
std::uint32_t PageCache::read_one(FileId file, std::uint32_t index, CpuId cpu) {
  const bool read = insert(Insertion{file, index, Order{0}, kMapping, cpu});
  return read ? index + 1 : 0;
}

Order PageCache::fitting_order(FileId file, std::uint32_t index, std::uint32_t end, Order largest) {
  Order order = index == 0 ? largest : std::min(largest, Order{static_cast<unsigned>(std::countr_zero(index))});
  order = std::min(order, floor_order(end - index));
  const std::uint32_t at = position(file, index);
  std::uint32_t gap = 1;
  while (gap < order.pages().value && !slots_[at + gap].is_folio()) {
    ++gap;
  }
  return std::min(order, floor_order(gap));
}

bool PageCache::insert(const Insertion& what) {
  const std::uint32_t at = position(what.file, what.index);
  const Shadow shadow = slots_[at].shadow();
  const PageRequest request{what.order, what.gfp, what.cpu, host_.memory.node_of(what.cpu)};
  const auto folio = host_.allocator.alloc_folio(request, FolioUse{owner_, at, LruList::inactive_file});
  if (!folio) {
    return false;
  }
  for (std::uint32_t i = 0; i < what.order.pages().value; ++i) {
    slots_[at + i] = PageSlot::of(*folio);
  }
  files_[what.file.value].resident += static_cast<std::uint32_t>(what.order.pages().value);
  resident_ += what.order.pages();
  host_.reclaim.refault(*folio, shadow);
  return true;
}

void PageCache::write(FileId file, FileRange range, CpuId cpu) {
  const FileRange wanted = clip(file, range);
  std::uint32_t index = wanted.first;
  while (index < wanted.end()) {
    const std::uint32_t next = write_step(file, index, wanted.end(), cpu);
    if (next == index) {
      return;
    }
    index = next;
  }
}

bool PageCache::insert_for_write(FileId file, std::uint32_t index, std::uint32_t end, CpuId cpu) {
  for (Order order = fitting_order(file, index, end, rules_.max_order); order > Order{0}; --order) {
    if (insert(Insertion{file, index, order, kWrite.with(kLargeWrite | Gfp::comp), cpu})) {
      return true;
    }
  }
  return insert(Insertion{file, index, Order{0}, kWrite, cpu});
}

/** One folio: the one that is there, or a new one of the largest order that can be had. */
std::uint32_t PageCache::write_step(FileId file, std::uint32_t index, std::uint32_t end, CpuId cpu) {
  if (!slot(file, index).is_folio() && !insert_for_write(file, index, end, cpu)) {
    return index;
  }
  const FolioId folio = slot(file, index).folio();
  host_.reclaim.mark_accessed(folio);
  host_.reclaim.mark_dirty(folio);
  return std::min(folio_end(file, index), end);
}

NrPages PageCache::sync(FileId file) {
  NrPages written;
  const FolioTable& folios = host_.memory.folios();
  for (std::uint32_t index = 0; index < files_[file.value].pages;) {
    const PageSlot at = slot(file, index);
    if (!at.is_folio()) {
      index += files_[file.value].runs[index / slots_.run_length()] == kNoRun ? slots_.run_length() : 1;
      continue;
    }
    const Folio& folio = folios[at.folio()];
    if (folio.has(kDirty) && !folio.has(kWriteback)) {
      written += folio.order.pages();
      host_.reclaim.writeback().start(at.folio());
    }
    index = folio_end(file, index);
  }
  return written;
}

void PageCache::on_evicted(FolioId /*folio*/, const Folio& record) {
  const Shadow shadow = host_.reclaim.shadow_of(record);
  const PageSlot left = shadow == 0 ? PageSlot{} : PageSlot::evicted(shadow);
  const auto size = static_cast<std::uint32_t>(record.order.pages().value);
  for (std::uint32_t i = 0; i < size; ++i) {
    slots_[record.cookie + i] = left;
  }
  files_[file_of_run_[slots_.run_of(record.cookie)].value].resident -= size;
  resident_ -= record.order.pages();
}

void PageCache::on_split(FolioId /*folio*/, const Folio& record, const std::vector<FolioId>& parts) {
  for (std::uint32_t i = 0; i < parts.size(); ++i) {
    slots_[record.cookie + i] = PageSlot::of(parts[i]);
    host_.memory.folios()[parts[i]].cookie = record.cookie + i;
  }
}

}  // namespace gbsim
