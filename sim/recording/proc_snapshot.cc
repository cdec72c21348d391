// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/proc_snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <optional>
#include <set>

#include "sim/mm/pcp.h"
#include "sim/recording/byte_source.h"
#include "sim/recording/proc_file.h"
#include "sim/recording/trace_event.h"
#include "sim/recording/zone_places.h"

namespace gbsim {

namespace {

constexpr std::array<std::string_view, kNrZoneTypes> kZoneNames{"DMA", "DMA32", "Normal", "Movable"};

std::optional<ZoneType> zone_named(std::string_view name) {
  const auto found = std::ranges::find(kZoneNames, name);
  return found == kZoneNames.end() ? std::nullopt
                                   : std::optional{static_cast<ZoneType>(std::distance(kZoneNames.begin(), found))};
}

std::optional<Migratetype> type_named(std::string_view name_of) {
  for (std::size_t i = 0; i < kNrMigratetypes; ++i) {
    if (name(static_cast<Migratetype>(i)) == name_of) {
      return static_cast<Migratetype>(i);
    }
  }
  return std::nullopt;
}

class ProcReader {
 public:
  explicit ProcReader(const RecordedFiles& files)
      : zoneinfo_(files, "zoneinfo"), buddyinfo_(files, "buddyinfo"), pagetypeinfo_(files, "pagetypeinfo") {}

  std::vector<ProcZone> read() {
    read_zoneinfo();
    refuse_unfinished();
    const bool has_types = !pagetypeinfo_.lines().empty();
    if (has_types) {
      read_pagetypeinfo();
      complete_counts();
    } else {
      read_buddyinfo();
    }
    refuse_uncounted(has_types ? pagetypeinfo_ : buddyinfo_, free_counted_, "free blocks");
    if (has_types) {
      refuse_uncounted(pagetypeinfo_, pageblocks_counted_, "pageblocks");
    }
    std::erase_if(zones_, [](const ProcZone& zone) { return zone.image.managed == NrPages{}; });
    for (ProcZone& zone : zones_) {
      settle(zone);
    }
    std::ranges::sort(zones_, {}, [](const ProcZone& zone) { return zone.image.start; });
    check_places();
    return std::move(zones_);
  }

 private:
  ProcZone* find(const ProcFile& file, const ProcLine& line) {
    const auto type = zone_named(line.words[3]);
    const NodeId node = node_of(file, line);
    const auto found = std::ranges::find_if(zones_, [&](const ProcZone& zone) {
      return type == zone.image.type && node == zone.image.node;
    });
    return found == zones_.end() ? nullptr : &*found;
  }

  static NodeId node_of(const ProcFile& file, const ProcLine& line) {
    constexpr std::uint32_t kMostNodes = 1024;
    return NodeId{file.number(line, 1, kMostNodes - 1)};
  }

  /** Throws BadRecording at the line of @file that @zone is first named in. */
  [[noreturn]] static void fail_at(const ProcFile& file, const ZoneImage& zone, const std::string& what) {
    const auto names_it = [&](const ProcLine& line) {
      return line.starts_zone() && zone_named(line.words[3]) == zone.type && node_of(file, line) == zone.node;
    };
    const auto line = std::ranges::find_if(file.lines(), names_it);
    file.fail(line == file.lines().end() ? ProcLine{} : *line, what);
  }

  /** Zones of which a file tells something, with the migratetype it tells it of. */
  using Counted = std::set<std::pair<const ProcZone*, Migratetype>>;

  static void note_counted(const ProcFile& file, const ProcLine& line, const ProcZone& zone, Migratetype type,
                           Counted& counted) {
    if (!counted.insert({&zone, type}).second) {
      file.fail(line, "this was counted on an earlier line");
    }
  }

  void refuse_uncounted(const ProcFile& file, const Counted& counted, const char* what) const {
    for (const ProcZone& zone : zones_) {
      const auto of_zone = [&](const auto& entry) { return entry.first == &zone; };
      if (zone.image.managed != NrPages{} && std::ranges::none_of(counted, of_zone)) {
        file.fail(file.lines().empty() ? ProcLine{} : file.lines().back(),
                  fmt::format("the file ends without counts of the {} of zone {}, which zoneinfo has", what,
                              kZoneNames[static_cast<std::size_t>(zone.image.type)]));
      }
    }
  }

  void refuse_unfinished() const {
    const auto is_unfinished = [](const ProcZone& zone) {
      return zone.image.present != NrPages{} && zone.image.start == kEndOfPages;
    };
    if (std::ranges::any_of(zones_, is_unfinished)) {
      zoneinfo_.fail(zoneinfo_.lines().back(), "the file ends within a zone, before its start_pfn");
    }
  }

  /** Zones are by their start. */
  void check_places() const {
    ZonePlaces places;
    for (const ProcZone& zone : zones_) {
      if (const std::string wrong = places.wrong_with(zone.image); !wrong.empty()) {
        fail_at(zoneinfo_, zone.image, wrong);
      }
    }
  }

  /** What follows from other numbers. zoneinfo shows watermarks with their boost. */
  void settle(ProcZone& zone) const {
    if (zone.image.orders.max < zone.image.orders.pageblock) {
      fail_at(pagetypeinfo_.lines().empty() ? buddyinfo_ : pagetypeinfo_, zone.image,
              fmt::format("free blocks of {} orders, a pageblock is of order {}", zone.image.orders.max.value + 1,
                          zone.image.orders.pageblock.value));
    }
    for (std::uint64_t& mark : zone.image.watermark) {
      mark -= std::min(mark, zone.image.boost);
    }
    zone.image.reserved_highatomic =
        zone.image.orders.pageblock.pages() * zone.pageblocks[index(Migratetype::highatomic)];
  }

  void read_zoneinfo() {
    for (const ProcLine& line : zoneinfo_.lines()) {
      if (line.starts_zone()) {
        begin_zone(line);
      } else if (current_ != nullptr && line.words.size() > 1) {
        read_zone_line(line, current_->image);
      }
    }
  }

  /** Zones of other kinds, such as Device, are passed over. */
  void begin_zone(const ProcLine& line) {
    const auto type = zone_named(line.words[3]);
    current_ = type ? &zones_.emplace_back() : nullptr;
    if (current_ != nullptr) {
      current_->image.type = *type;
      current_->image.node = node_of(zoneinfo_, line);
      cpu_.reset();
      current_->image.is_drawn = true;
      current_->image.start = kEndOfPages;  // until its line comes, which is the last of a zone with pages
    }
  }

  void read_zone_line(const ProcLine& line, ZoneImage& zone) {
    const auto field = std::ranges::find(kZoneFields, line.words[0], &ZoneField::name);
    if (field != kZoneFields.end()) {
      (this->*field->read)(line, zone);
    }
  }

  std::uint64_t value(const ProcLine& line) const { return zoneinfo_.number(line, 1); }
  void read_free(const ProcLine& line, ZoneImage& zone) { zone.nr_free = NrPages{zoneinfo_.number(line, 2)}; }
  void read_boost(const ProcLine& line, ZoneImage& zone) { zone.boost = value(line); }
  void read_min(const ProcLine& line, ZoneImage& zone) { zone.watermark[0] = value(line); }
  void read_low(const ProcLine& line, ZoneImage& zone) { zone.watermark[1] = value(line); }
  void read_spanned(const ProcLine& line, ZoneImage& zone) { zone.spanned = NrPages{value(line)}; }
  void read_present(const ProcLine& line, ZoneImage& zone) { zone.present = NrPages{value(line)}; }
  void read_managed(const ProcLine& line, ZoneImage& zone) { zone.managed = NrPages{value(line)}; }
  void read_start(const ProcLine& line, ZoneImage& zone) { zone.start = Pfn{value(line)}; }
  /** CPUs that are not online are not named: their lists are empty. */
  void read_cpu(const ProcLine& line, ZoneImage& zone) {
    cpu_ = zoneinfo_.number(line, 1, kMostCpus - 1);
    while (zone.pcps.size() <= *cpu_) {
      zone.pcps.emplace_back().lists.resize(kNrPcpLists);
    }
  }
  void read_count(const ProcLine& line, ZoneImage& zone) {
    set_pcp(line, PcpImage::kMostPages, zone, &PcpImage::count);
  }
  void read_batch(const ProcLine& line, ZoneImage& zone) {
    set_pcp(line, PcpImage::kMostBatch, zone, &PcpImage::batch);
  }

  /** "high" is a watermark first, and a size of per-CPU lists once a CPU was named. */
  void read_high(const ProcLine& line, ZoneImage& zone) {
    if (cpu_) {
      return set_pcp(line, PcpImage::kMostPages, zone, &PcpImage::high);
    }
    zone.watermark[2] = value(line);
  }

  void set_pcp(const ProcLine& line, std::uint32_t limit, ZoneImage& zone, int PcpImage::*number) const {
    if (cpu_) {
      zone.pcps[*cpu_].*number = static_cast<int>(zoneinfo_.number(line, 1, limit));
    }
  }

  void read_reserves(const ProcLine& line, ZoneImage& zone) {
    for (std::size_t i = 0; i < zone.lowmem_reserve.size() && i + 1 < line.words.size(); ++i) {
      zone.lowmem_reserve[i] = zoneinfo_.number(line, i + 1);
    }
  }

  /** Node N zone Z type T counts..., then Node N zone Z and numbers of pageblocks in the order of a heading. */
  void read_pagetypeinfo() {
    std::vector<std::string> heading;
    for (const ProcLine& line : pagetypeinfo_.lines()) {
      if (line.words.size() > 3 && line.words[0] == "Page" && line.words[2] == "order") {
        read_pageblock_order(line);
      } else if (line.words.size() > 4 && line.words[0] == "Number" && line.words[3] == "type") {
        heading.assign(line.words.begin() + 4, line.words.end());
      } else if (line.starts_zone() && line.words.size() > 5 && line.words[4] == "type") {
        read_free_counts(pagetypeinfo_, line, type_of(line, line.words[5]), 6);
      } else if (line.starts_zone()) {
        read_pageblock_counts(line, heading);
      }
    }
  }

  Migratetype type_of(const ProcLine& line, const std::string& word) const {
    const auto type = type_named(word);
    if (!type) {
      pagetypeinfo_.fail(line, fmt::format("'{}' is no migratetype", word));
    }
    return *type;
  }

  void read_pageblock_order(const ProcLine& line) {
    const Order order{pagetypeinfo_.number(line, 3, static_cast<unsigned>(kMaxOrders) - 1)};
    for (ProcZone& zone : zones_) {
      zone.image.orders.pageblock = order;
    }
  }

  /** Of the blocks of an order that buddyinfo has more, a list whose count was cut off has the rest. */
  void complete_counts() {
    for (const ProcLine& line : buddyinfo_.lines()) {
      ProcZone* zone = line.starts_zone() ? find(buddyinfo_, line) : nullptr;
      for (std::size_t at = 4; zone != nullptr && at < line.words.size() && at - 4 < kMaxOrders; ++at) {
        complete_count(zone->free_blocks[at - 4], buddyinfo_.number(line, at));
      }
    }
  }

  static void complete_count(std::array<std::uint64_t, kNrMigratetypes>& by_type, std::uint64_t total) {
    constexpr std::uint64_t kMostPrinted = 100'000;
    const auto cut_off = std::ranges::find(by_type, kMostPrinted);
    const std::uint64_t counted = std::accumulate(by_type.begin(), by_type.end(), std::uint64_t{0});
    if (cut_off != by_type.end() && total > counted) {
      *cut_off += total - counted;
    }
  }

  void read_free_counts(const ProcFile& file, const ProcLine& line, Migratetype type, std::size_t first) {
    ProcZone* zone = find(file, line);
    if (zone == nullptr) {
      return;
    }
    note_counted(file, line, *zone, type, free_counted_);
    for (std::size_t at = first; at < line.words.size() && at - first < kMaxOrders; ++at) {
      zone->free_blocks[at - first][index(type)] = file.number(line, at);
      zone->image.orders.max = Order{static_cast<unsigned>(at - first)};
    }
  }

  void read_pageblock_counts(const ProcLine& line, const std::vector<std::string>& heading) {
    ProcZone* zone = find(pagetypeinfo_, line);
    for (std::size_t i = 0; zone != nullptr && i < heading.size(); ++i) {
      const Migratetype type = type_of(line, heading[i]);
      note_counted(pagetypeinfo_, line, *zone, type, pageblocks_counted_);
      zone->pageblocks[index(type)] = pagetypeinfo_.number(line, i + 4);
    }
  }

  void read_buddyinfo() {
    for (const ProcLine& line : buddyinfo_.lines()) {
      if (line.starts_zone()) {
        read_free_counts(buddyinfo_, line, Migratetype::movable, 4);
      }
    }
  }

  struct ZoneField {
    std::string_view name;
    void (ProcReader::*read)(const ProcLine&, ZoneImage&);
  };
  static const std::array<ZoneField, 13> kZoneFields;

  ProcFile zoneinfo_;
  ProcFile buddyinfo_;
  ProcFile pagetypeinfo_;
  std::vector<ProcZone> zones_;
  Counted free_counted_;
  Counted pageblocks_counted_;
  ProcZone* current_ = nullptr;
  std::optional<std::uint32_t> cpu_{};  // of the current zone, whose lines are read; nothing before the first
};

/** First words of zoneinfo's lines. */
constexpr std::array<ProcReader::ZoneField, 13> ProcReader::kZoneFields{{
    {"pages", &ProcReader::read_free},
    {"boost", &ProcReader::read_boost},
    {"min", &ProcReader::read_min},
    {"low", &ProcReader::read_low},
    {"high", &ProcReader::read_high},
    {"spanned", &ProcReader::read_spanned},
    {"present", &ProcReader::read_present},
    {"managed", &ProcReader::read_managed},
    {"protection", &ProcReader::read_reserves},
    {"start_pfn", &ProcReader::read_start},
    {"cpu", &ProcReader::read_cpu},
    {"count", &ProcReader::read_count},
    {"batch", &ProcReader::read_batch},
}};

}  // namespace

std::vector<ProcZone> read_proc_files(const RecordedFiles& files) {
  std::vector<ProcZone> zones = ProcReader(files).read();
  if (zones.empty()) {
    throw BadRecording(files.path_of("zoneinfo"), 0,
                       "no zone: a snapshot without pgsnap needs zoneinfo, and pagetypeinfo or buddyinfo");
  }
  return zones;
}

}  // namespace gbsim
