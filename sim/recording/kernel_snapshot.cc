// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/kernel_snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "sim/mm/pcp.h"
#include "sim/recording/byte_source.h"
#include "sim/recording/page_set.h"
#include "sim/recording/trace_event.h"
#include "sim/recording/zone_places.h"

namespace gbsim {

namespace {

constexpr std::uint32_t kMagic = 0x50414e53;
constexpr std::uint32_t kTypeBits = 7;       // of a pageblock's flags
constexpr std::uint8_t kClassBits = 0x3f;    // of a page class: the rest tells heads and tails of compound pages

/** Words of one file, read in order; whatever does not fit is an error with its offset. */
class Words {
 public:
  Words(std::string_view bytes, const std::filesystem::path& name) : bytes_(bytes), name_(name) {}

  bool at_end() const { return at_ == bytes_.size(); }
  std::uint64_t place() const { return at_ / sizeof(std::uint32_t); }

  std::uint32_t next() {
    if (at_ + sizeof(std::uint32_t) > bytes_.size()) {
      fail("the file ends within a zone");
    }
    std::uint32_t word = 0;
    std::memcpy(&word, bytes_.data() + at_, sizeof(word));
    at_ += sizeof(word);
    return word;
  }

  /** A count that is at most @limit. */
  std::uint32_t count(std::uint32_t limit, const char* what) {
    const std::uint32_t word = next();
    if (word > limit) {
      at_ -= sizeof(word);
      fail(fmt::format("{} is {}, at most {} are possible", what, word, limit));
    }
    return word;
  }

  [[noreturn]] void fail(const std::string& what) const { throw BadRecording(name_, at_, what); }

 private:
  std::string_view bytes_;
  const std::filesystem::path& name_;
  std::size_t at_ = 0;
};

ZoneType zone_type(Words& words) {
  // Zone ids of x86-64: DMA, DMA32, Normal, Movable.
  return static_cast<ZoneType>(words.count(kNrZoneTypes - 1, "the zone's number"));
}

Pfn page_of(Words& words, const ZoneImage& zone) {
  const Pfn pfn{words.next()};
  if (pfn < zone.start || pfn >= zone.start + zone.spanned) {
    words.fail(fmt::format("page {} lies outside of its zone", pfn.value));
  }
  return pfn;
}

std::vector<Pfn> pages_of(Words& words, const ZoneImage& zone, const char* what) {
  const std::uint32_t pages = words.count(static_cast<std::uint32_t>(zone.spanned.value), what);
  std::vector<Pfn> list(pages);
  for (Pfn& pfn : list) {
    pfn = page_of(words, zone);
  }
  return list;
}

/** How many lists follow the head of a zone. */
struct Shape {
  unsigned orders = 0;
  unsigned types = 0;
  unsigned pcp_lists = 0;
  unsigned cpus = 0;
};

/** What precedes the lists. */
Shape read_head(Words& words, ZoneImage& zone) {
  zone.start = Pfn{words.next()};
  zone.spanned = NrPages{words.next()};
  zone.present = NrPages{words.next()};
  zone.managed = NrPages{words.next()};
  zone.nr_free = NrPages{words.next()};
  const std::uint64_t low = words.next();
  zone.time = Ns{static_cast<std::int64_t>(low | std::uint64_t{words.next()} << 32)};
  if (zone.time < Ns{0} || zone.time > kLatestTime) {
    words.fail("a time before this that no clock shows");
  }
  for (std::uint64_t& mark : zone.watermark) {
    mark = words.next();
  }
  if (!std::ranges::is_sorted(zone.watermark)) {
    words.fail("the watermarks before this are not in order");
  }
  zone.boost = words.next();
  for (std::uint64_t& reserve : zone.lowmem_reserve) {
    reserve = words.next();
  }
  zone.reserved_highatomic = NrPages{words.next()};
  Shape shape;
  shape.orders = words.count(kMaxOrders, "the number of orders");
  shape.types = words.count(kNrMigratetypes, "the number of migratetypes");
  shape.pcp_lists = words.count(kNrPcpLists, "the number of per-CPU lists");
  shape.cpus = words.count(kMostCpus, "the number of CPUs");
  zone.orders.max = Order{std::max(shape.orders, 1U) - 1U};
  zone.orders.pageblock = Order{words.count(zone.orders.max.value, "the pageblock order")};
  return shape;
}

void read_free_lists(Words& words, ZoneImage& zone, const Shape& shape) {
  for (unsigned order = 0; order < shape.orders; ++order) {
    for (unsigned type = 0; type < shape.types; ++type) {
      zone.free[order][index(kernel_migratetype(type, shape.types))] =
          pages_of(words, zone, "the number of blocks on a free list");
    }
  }
}

/** CPUs that are not online have empty lists. */
void read_pcp(Words& words, ZoneImage& zone, const Shape& shape) {
  const std::uint32_t cpu = words.count(kMostCpus - 1, "a CPU's number");
  while (zone.pcps.size() <= cpu) {
    zone.pcps.emplace_back().lists.resize(kNrPcpLists);
  }
  PcpImage& pcp = zone.pcps[cpu];
  pcp.count = static_cast<int>(words.count(PcpImage::kMostPages, "the pages of a CPU's lists"));
  pcp.high = static_cast<int>(words.count(PcpImage::kMostPages, "the limit of a CPU's lists"));
  pcp.batch = static_cast<int>(words.count(PcpImage::kMostBatch, "the batch of a CPU's lists"));
  for (unsigned list = 0; list < shape.pcp_lists; ++list) {
    pcp.lists[list] = pages_of(words, zone, "the number of blocks on a per-CPU list");
  }
}

/** Sections without memory have all bits set. */
void read_pageblocks(Words& words, ZoneImage& zone, unsigned types) {
  const std::uint32_t blocks = words.next();
  const Order size = zone.orders.pageblock;
  const NrPages pages = (zone.start + zone.spanned).align_up(size) - zone.start.align_down(size);
  if (blocks != pages.value >> size.value) {
    words.fail(fmt::format("{} pageblocks in a zone of {} pages", blocks, zone.spanned.value));
  }
  for (std::uint32_t i = 0; i < blocks; ++i) {
    const std::uint32_t type = words.next() & kTypeBits;
    zone.pageblocks.push_back(type < types ? kernel_migratetype(type, types) : Migratetype::unmovable);
  }
}

/** Every page is on one list at most, and blocks lie whole and aligned in their zone. */
class ListedPages {
 public:
  ListedPages(const Words& words, const ZoneImage& zone)
      : words_(words), zone_(zone), listed_(zone.start, zone.spanned) {}

  void check() {
    const auto add_block = [this](Pfn head, Order order) { add(head, order); };
    zone_.for_each_free(add_block);
    zone_.for_each_on_pcp(add_block);
  }

 private:
  void add(Pfn head, Order order) {
    if (!head.is_aligned(order) || head + order.pages() > zone_.start + zone_.spanned) {
      words_.fail(fmt::format("page {} of the zone that ends here heads no block of order {}", head.value,
                              order.value));
    }
    if (listed_.contains_any(head, order)) {
      words_.fail(fmt::format("page {} or one behind it is twice on lists of the zone that ends here", head.value));
    }
    listed_.add(head, order);
  }

  const Words& words_;
  const ZoneImage& zone_;
  PageSet listed_;
};

ZoneImage read_zone(Words& words) {
  const std::uint64_t first = words.place();
  if (words.next() != kMagic) {
    words.fail("no zone begins here: this is no pgsnap file");
  }
  const std::uint32_t length = words.next();
  ZoneImage zone;
  zone.type = zone_type(words);
  const Shape shape = read_head(words, zone);
  read_free_lists(words, zone, shape);
  for (unsigned cpu = 0; cpu < shape.cpus; ++cpu) {
    read_pcp(words, zone, shape);
  }
  read_pageblocks(words, zone, shape.types);
  if (words.place() - first != length) {
    words.fail(fmt::format("the zone has {} words, its head says {}", words.place() - first, length));
  }
  ListedPages(words, zone).check();
  return zone;
}

}  // namespace

PageClass KernelSnapshot::page_class(Pfn pfn) const {
  if (pfn.value >= classes.size()) {
    return PageClass::no_page;
  }
  const std::uint8_t value = classes[pfn.value] & kClassBits;
  return value <= static_cast<std::uint8_t>(PageClass::other) ? static_cast<PageClass>(value) : PageClass::other;
}

KernelSnapshot parse_pgsnap(std::string_view bytes, const std::filesystem::path& name) {
  Words words(bytes, name);
  KernelSnapshot snapshot;
  snapshot.file = name;
  ZonePlaces places;
  while (!words.at_end()) {
    snapshot.zones.push_back(read_zone(words));
    if (const std::string wrong = places.wrong_with(snapshot.zones.back()); !wrong.empty()) {
      words.fail(fmt::format("before this, {}", wrong));
    }
  }
  if (snapshot.zones.empty()) {
    words.fail("the file holds no zone");
  }
  snapshot.time = snapshot.zones.front().time;
  return snapshot;
}

}  // namespace gbsim
