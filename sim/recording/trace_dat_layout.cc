// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/trace_dat_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "sim/recording/file_cursor.h"
#include "sim/recording/ring_page.h"
#include "sim/recording/trace_event.h"

namespace gbsim {

namespace {

/** Options that say something about events; the numbers are those of both file versions. */
enum OptionId : std::uint16_t { kDone = 0, kCpuStat = 2, kBuffer = 3, kTraceClock = 4, kUname = 5 };

constexpr std::uint16_t kSectionCompressed = 1;
constexpr std::uint16_t kSectionOptions = 0;
constexpr std::size_t kSectionHeader = 16;
constexpr std::uint32_t kMostFormats = 65536;

/** The clock between brackets in "local global [mono]". */
std::string chosen_clock(const std::string& text) {
  const auto open = text.find('[');
  const auto close = text.find(']', open);
  return open == std::string::npos || close == std::string::npos ? "" : text.substr(open + 1, close - open - 1);
}

/** Sum of the counts after every @name in the text of per_cpu/cpuN/stats. */
std::uint64_t count_of(const std::string& text, std::string_view name) {
  const auto at = text.find(name);
  if (at == std::string::npos) {
    return 0;
  }
  std::uint64_t value = 0;
  std::from_chars(text.data() + at + name.size(), text.data() + text.size(), value);
  return value;
}

class Walker {
 public:
  Walker(int fd, const std::filesystem::path& shown) : file_(fd, shown) {}

  TraceDatLayout walk() {
    read_start();
    if (layout_.version == 6) {
      walk_v6();
    } else {
      walk_v7();
    }
    if (layout_.cpus.empty()) {
      file_.fail("no CPU's events are in it");
    }
    return layout_;
  }

 private:
  void read_start() {
    if (file_.size() < kTraceDatMagic.size() || file_.bytes(kTraceDatMagic.size(), "the start") != kTraceDatMagic) {
      file_.seek(0, "the start");
      file_.fail("this is no trace.dat: it does not begin with its magic number");
    }
    const std::string version = file_.string("the version");
    if (version != "6" && version != "7") {
      file_.fail(fmt::format("version '{}' of trace.dat, 6 and 7 can be read", version.substr(0, 16)));
    }
    layout_.version = version == "6" ? 6 : 7;
    pages_.is_big_endian = file_.u8("the byte order") != 0;
    file_.set_big_endian(pages_.is_big_endian);
    pages_.long_size = file_.u8("the size of a long");
    if (pages_.long_size != 4 && pages_.long_size != 8) {
      file_.fail(fmt::format("a long of {} bytes, 4 and 8 allowed", pages_.long_size));
    }
    layout_.page_size = page_size("the page size");
  }

  std::uint32_t page_size(const char* what) {
    const std::uint32_t size = file_.u32(what);
    if (size < 4096 || size > 1U << 20) {
      file_.fail(fmt::format("a page size of {}, 4096 to 1 MiB allowed", size));
    }
    return size;
  }

  void expect(std::string_view text, const char* what) {
    if (file_.bytes(text.size(), what) != text) {
      file_.fail(fmt::format("{} is missing", what));
    }
  }

  void skip_formats(const char* what) {
    const std::uint32_t count = file_.u32(what);
    if (count > kMostFormats) {
      file_.fail(fmt::format("{}: {} of them", what, count));
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      file_.skip(file_.u64(what), what);
    }
  }

  /** Everything of version 6 up to the number of CPUs, in the order that its manual page gives. */
  void skip_descriptions() {
    expect({"header_page\0", 12}, "the description of a ring-buffer page");
    file_.skip(file_.u64("header_page"), "header_page");
    expect({"header_event\0", 13}, "the description of an event's header");
    file_.skip(file_.u64("header_event"), "header_event");
    skip_formats("the formats of ftrace events");
    const std::uint32_t systems = file_.u32("the number of event systems");
    for (std::uint32_t i = 0; i < systems; ++i) {
      file_.string("the name of an event system");
      skip_formats("event formats");
    }
    file_.skip(file_.u32("kallsyms"), "kallsyms");
    file_.skip(file_.u32("printk formats"), "printk formats");
    file_.skip(file_.u64("saved command lines"), "saved command lines");
  }

  void walk_v6() {
    skip_descriptions();
    const std::uint32_t cpus = file_.u32("the number of CPUs");
    check_cpus(cpus);
    std::string kind = file_.bytes(10, "the kind of data");
    if (kind == std::string_view("options  \0", 10)) {
      while (read_option(false)) {
      }
      kind = file_.bytes(10, "the kind of data");
    }
    if (kind != std::string_view("flyrecord\0", 10)) {
      file_.fail("no events are in it: record with trace-cmd record, not as a latency trace");
    }
    for (std::uint32_t i = 0; i < cpus; ++i) {
      const std::uint64_t offset = file_.u64("where a CPU's events are");
      add_cpu(offset, file_.u64("the size of a CPU's events"), false);
    }
  }

  void walk_v7() {
    layout_.compression = file_.string("the compression's name");
    file_.string("the compression's version");
    std::set<std::uint64_t> seen;
    for (next_options_ = file_.u64("where the options are"); next_options_ != 0;) {
      file_.seek(next_options_, "the options section");
      if (!seen.insert(next_options_).second) {
        file_.fail("the options sections go round in a circle");
      }
      const std::uint16_t id = file_.u16("a section's header");
      const std::uint16_t flags = file_.u16("a section's header");
      if (id != kSectionOptions || (flags & kSectionCompressed) != 0) {
        file_.fail(fmt::format("section {} with flags {} where an options section should be", id, flags));
      }
      file_.skip(kSectionHeader - 4, "a section's header");
      while (read_option(true)) {
      }
    }
  }

  /** False: it was the last of its section. Version 6 gives the last one no size. */
  bool read_option(bool v7) {
    const std::uint16_t id = file_.u16("an option");
    if (id == kDone && !v7) {
      return false;
    }
    const std::uint32_t size = file_.u32("an option");
    const std::uint64_t start = file_.at();
    if (id == kDone) {
      next_options_ = file_.u64("where the next options are");
      return false;
    }
    read_option_data(id, size, v7);
    file_.seek(start, "an option");
    file_.skip(size, "an option");
    return true;
  }

  void read_option_data(std::uint16_t id, std::uint32_t size, bool v7) {
    if (id == kBuffer) {
      v7 ? read_buffer() : void(++layout_.other_instances);
    } else if (id == kUname) {
      layout_.uname = file_.bytes(size, "the uname").c_str();
    } else if (id == kTraceClock) {
      layout_.clock = chosen_clock(file_.bytes(size, "the clock"));
    } else if (id == kCpuStat) {
      const std::string stats = file_.bytes(size, "the statistics of a CPU");
      layout_.lost_events += count_of(stats, "\noverrun: ") + count_of(stats, "dropped events: ");
    }
  }

  void read_buffer() {
    const std::uint64_t section = file_.u64("where a buffer is");
    if (!file_.string("a trace instance's name").empty()) {
      ++layout_.other_instances;
      return;
    }
    layout_.clock = file_.string("the clock");
    layout_.page_size = page_size("a buffer's page size");
    const std::uint32_t cpus = file_.u32("the number of CPUs");
    check_cpus(cpus);
    const std::uint64_t table = file_.at();
    file_.seek(section, "a buffer");
    file_.u16("a buffer's header");
    const bool compressed = (file_.u16("a buffer's header") & kSectionCompressed) != 0;
    constexpr std::uint64_t kRow = 20;
    for (std::uint32_t i = 0; i < cpus; ++i) {
      file_.seek(table + i * kRow, "a CPU of a buffer");
      file_.u32("a CPU's number");
      const std::uint64_t offset = file_.u64("where a CPU's events are");
      add_cpu(offset, file_.u64("the size of a CPU's events"), compressed);
    }
  }

  void check_cpus(std::uint32_t cpus) {
    if (cpus > kMostCpus) {
      file_.fail(fmt::format("{} CPUs, at most {} allowed", cpus, kMostCpus));
    }
  }

  void add_cpu(std::uint64_t offset, std::uint64_t size, bool compressed) {
    const std::uint64_t row = file_.at();
    if (size != 0) {
      file_.seek(offset, "a CPU's events");
      file_.skip(size, "a CPU's events");
      if (!compressed) {
        check_pages(offset, size);
      }
    }
    layout_.cpus.push_back({offset, size, compressed && size != 0 ? unpacked_size(offset, size) : size});
    file_.seek(row, "the table of CPUs");
  }

  void check_pages(std::uint64_t offset, std::uint64_t size) {
    const std::uint64_t end = offset + size;
    for (std::uint64_t at = offset; at < end; at += layout_.page_size) {
      file_.seek(at, "a CPU's events");
      const std::string page = file_.bytes(std::min(layout_.page_size, end - at), "a CPU's events");
      if (const std::string damage = damage_in_page(page, pages_); !damage.empty()) {
        file_.seek(at, "a CPU's events");
        file_.fail(damage);
      }
    }
  }

  /** Steps over the compressed chunks of one CPU. Their size does not count the number of chunks in front. */
  std::uint64_t unpacked_size(std::uint64_t offset, std::uint64_t size) {
    file_.seek(offset, "a CPU's events");
    std::uint64_t unpacked = 0;
    const std::uint64_t end = offset + size + sizeof(std::uint32_t);
    const std::uint32_t chunks = file_.u32("the number of compressed chunks");
    for (std::uint32_t i = 0; i < chunks; ++i) {
      const std::uint32_t packed = file_.u32("a compressed chunk");
      unpacked += file_.u32("a compressed chunk");
      file_.skip(packed, "a compressed chunk");
      if (file_.at() > end) {
        file_.fail("a compressed chunk reaches beyond its CPU's events");
      }
    }
    return unpacked;
  }

  FileCursor file_;
  RingPageFormat pages_;
  TraceDatLayout layout_;
  std::uint64_t next_options_ = 0;
};

}  // namespace

TraceDatLayout read_trace_dat_layout(int fd, const std::filesystem::path& shown) { return Walker(fd, shown).walk(); }

}  // namespace gbsim
