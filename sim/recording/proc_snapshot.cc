// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/proc_snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <concepts>
#include <iterator>
#include <numeric>
#include <optional>
#include <sstream>

#include "sim/base/text.h"
#include "sim/mm/pcp.h"
#include "sim/recording/byte_source.h"
#include "sim/recording/page_bytes.h"
#include "sim/recording/trace_event.h"
#include "sim/recording/zone_places.h"

namespace gbsim {

namespace {

/** One line of a /proc file, split at white space, commas and brackets. */
struct Line {
  std::uint64_t offset = 0;
  std::uint64_t number = 1;
  std::vector<std::string> words{};

  bool starts_zone() const { return words.size() > 3 && words[0] == "Node" && words[2] == "zone"; }
};

bool is_separator(char c) { return std::string_view(",():").find(c) != std::string_view::npos; }

std::vector<Line> lines_of(const std::string& text) {
  std::vector<Line> lines;
  std::uint64_t offset = 0;
  std::istringstream in(text);
  for (std::string row; std::getline(in, row);) {
    Line line{offset, lines.size() + 1};
    offset += row.size() + 1;
    std::ranges::replace_if(row, is_separator, ' ');
    std::istringstream words(row);
    for (std::string word; words >> word;) {
      line.words.push_back(word);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

/** A file of lines, and the numbers in them. */
class ProcFile {
 public:
  ProcFile(const RecordedFiles& files, const char* name) : path_(files.path_of(name)) {
    const std::string text = files.text(name);
    lines_ = lines_of(text);
    if (!text.empty() && !text.ends_with('\n')) {
      fail(lines_.back(), "the file ends inside a line: it was cut short");
    }
  }

  const std::vector<Line>& lines() const { return lines_; }

  /** The kernel writes ">100000" where it stopped counting. */
  std::uint64_t number(const Line& line, std::size_t at) const {
    std::string_view word = at < line.words.size() ? std::string_view(line.words[at]) : std::string_view();
    word.remove_prefix(word.starts_with('>') ? 1 : 0);
    const auto value = whole_number<std::uint64_t>(word);
    if (!value) {
      fail(line, fmt::format("word {} of the line is no number", at + 1));
    }
    return *value;
  }

  /** The same, of at most @limit. */
  template <std::integral Number>
  Number number(const Line& line, std::size_t at, Number limit) const {
    const std::uint64_t value = number(line, at);
    if (value > static_cast<std::uint64_t>(limit)) {
      fail(line, fmt::format("{} where {} is the most that can be", value, limit));
    }
    return static_cast<Number>(value);
  }

  [[noreturn]] void fail(const Line& line, const std::string& what) const {
    throw BadRecording(path_, line.offset, fmt::format("line {}: {}", line.number, what));
  }

 private:
  std::filesystem::path path_;
  std::vector<Line> lines_;
};

std::optional<ZoneType> zone_named(std::string_view name) {
  constexpr std::array<std::string_view, kNrZoneTypes> kNames{"DMA", "DMA32", "Normal", "Movable"};
  const auto found = std::ranges::find(kNames, name);
  return found == kNames.end() ? std::nullopt
                               : std::optional{static_cast<ZoneType>(std::distance(kNames.begin(), found))};
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
    std::erase_if(zones_, [](const ProcZone& zone) { return zone.image.managed == NrPages{}; });
    for (ProcZone& zone : zones_) {
      settle(zone);
    }
    std::ranges::sort(zones_, {}, [](const ProcZone& zone) { return zone.image.start; });
    check_places();
    return std::move(zones_);
  }

 private:
  ProcZone* find(const ProcFile& file, const Line& line) {
    const auto type = zone_named(line.words[3]);
    const NodeId node = node_of(file, line);
    const auto found = std::ranges::find_if(zones_, [&](const ProcZone& zone) {
      return type == zone.image.type && node == zone.image.node;
    });
    return found == zones_.end() ? nullptr : &*found;
  }

  static NodeId node_of(const ProcFile& file, const Line& line) {
    constexpr std::uint32_t kMostNodes = 1024;
    return NodeId{file.number(line, 1, kMostNodes - 1)};
  }

  /** Throws BadRecording at the line of @file that @zone is first named in. */
  [[noreturn]] static void fail_at(const ProcFile& file, const ZoneImage& zone, const std::string& what) {
    const auto names_it = [&](const Line& line) {
      return line.starts_zone() && zone_named(line.words[3]) == zone.type && node_of(file, line) == zone.node;
    };
    const auto line = std::ranges::find_if(file.lines(), names_it);
    file.fail(line == file.lines().end() ? Line{} : *line, what);
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
    for (const Line& line : zoneinfo_.lines()) {
      if (line.starts_zone()) {
        begin_zone(line);
      } else if (current_ != nullptr && line.words.size() > 1) {
        read_zone_line(line, current_->image);
      }
    }
  }

  /** Zones of other kinds, such as Device, are passed over. */
  void begin_zone(const Line& line) {
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

  void read_zone_line(const Line& line, ZoneImage& zone) {
    const auto field = std::ranges::find(kZoneFields, line.words[0], &ZoneField::name);
    if (field != kZoneFields.end()) {
      (this->*field->read)(line, zone);
    }
  }

  std::uint64_t value(const Line& line) const { return zoneinfo_.number(line, 1); }
  void read_free(const Line& line, ZoneImage& zone) { zone.nr_free = NrPages{zoneinfo_.number(line, 2)}; }
  void read_boost(const Line& line, ZoneImage& zone) { zone.boost = value(line); }
  void read_min(const Line& line, ZoneImage& zone) { zone.watermark[0] = value(line); }
  void read_low(const Line& line, ZoneImage& zone) { zone.watermark[1] = value(line); }
  void read_spanned(const Line& line, ZoneImage& zone) { zone.spanned = NrPages{value(line)}; }
  void read_present(const Line& line, ZoneImage& zone) { zone.present = NrPages{value(line)}; }
  void read_managed(const Line& line, ZoneImage& zone) { zone.managed = NrPages{value(line)}; }
  void read_start(const Line& line, ZoneImage& zone) { zone.start = Pfn{value(line)}; }
  /** CPUs that are not online are not named: their lists are empty. */
  void read_cpu(const Line& line, ZoneImage& zone) {
    cpu_ = zoneinfo_.number(line, 1, kMostCpus - 1);
    while (zone.pcps.size() <= *cpu_) {
      zone.pcps.emplace_back().lists.resize(kNrPcpLists);
    }
  }
  void read_count(const Line& line, ZoneImage& zone) { set_pcp(line, PcpImage::kMostPages, zone, &PcpImage::count); }
  void read_batch(const Line& line, ZoneImage& zone) { set_pcp(line, PcpImage::kMostBatch, zone, &PcpImage::batch); }

  /** "high" is a watermark first, and a size of per-CPU lists once a CPU was named. */
  void read_high(const Line& line, ZoneImage& zone) {
    if (cpu_) {
      return set_pcp(line, PcpImage::kMostPages, zone, &PcpImage::high);
    }
    zone.watermark[2] = value(line);
  }

  void set_pcp(const Line& line, std::uint32_t limit, ZoneImage& zone, int PcpImage::*number) const {
    if (cpu_) {
      zone.pcps[*cpu_].*number = static_cast<int>(zoneinfo_.number(line, 1, limit));
    }
  }

  void read_reserves(const Line& line, ZoneImage& zone) {
    for (std::size_t i = 0; i < zone.lowmem_reserve.size() && i + 1 < line.words.size(); ++i) {
      zone.lowmem_reserve[i] = zoneinfo_.number(line, i + 1);
    }
  }

  /** Node N zone Z type T counts..., then Node N zone Z and numbers of pageblocks in the order of a heading. */
  void read_pagetypeinfo() {
    std::vector<std::string> heading;
    for (const Line& line : pagetypeinfo_.lines()) {
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

  Migratetype type_of(const Line& line, const std::string& word) const {
    const auto type = type_named(word);
    if (!type) {
      pagetypeinfo_.fail(line, fmt::format("'{}' is no migratetype", word));
    }
    return *type;
  }

  void read_pageblock_order(const Line& line) {
    const Order order{pagetypeinfo_.number(line, 3, static_cast<unsigned>(kMaxOrders) - 1)};
    for (ProcZone& zone : zones_) {
      zone.image.orders.pageblock = order;
    }
  }

  /** Of the blocks of an order that buddyinfo has more, a list whose count was cut off has the rest. */
  void complete_counts() {
    for (const Line& line : buddyinfo_.lines()) {
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

  void read_free_counts(const ProcFile& file, const Line& line, std::optional<Migratetype> type, std::size_t first) {
    ProcZone* zone = find(file, line);
    if (zone == nullptr || !type) {
      return;
    }
    for (std::size_t at = first; at < line.words.size() && at - first < kMaxOrders; ++at) {
      zone->free_blocks[at - first][index(*type)] += file.number(line, at);
      zone->image.orders.max = Order{static_cast<unsigned>(at - first)};
    }
  }

  void read_pageblock_counts(const Line& line, const std::vector<std::string>& heading) {
    ProcZone* zone = find(pagetypeinfo_, line);
    for (std::size_t i = 0; zone != nullptr && i < heading.size(); ++i) {
      zone->pageblocks[index(type_of(line, heading[i]))] = pagetypeinfo_.number(line, i + 4);
    }
  }

  void read_buddyinfo() {
    for (const Line& line : buddyinfo_.lines()) {
      if (line.starts_zone()) {
        read_free_counts(buddyinfo_, line, Migratetype::movable, 4);
      }
    }
  }

  struct ZoneField {
    std::string_view name;
    void (ProcReader::*read)(const Line&, ZoneImage&);
  };
  static const std::array<ZoneField, 13> kZoneFields;

  ProcFile zoneinfo_;
  ProcFile buddyinfo_;
  ProcFile pagetypeinfo_;
  std::vector<ProcZone> zones_;
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
