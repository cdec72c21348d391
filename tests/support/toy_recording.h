// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "sim/recording/kernel_snapshot.h"
#include "temp_dir.h"

namespace gbsim::test {

inline void append_list(std::vector<std::uint32_t>& words, const std::vector<Pfn>& list) {
  words.push_back(static_cast<std::uint32_t>(list.size()));
  for (const Pfn pfn : list) {
    words.push_back(static_cast<std::uint32_t>(pfn.value));
  }
}

/** A zone as pgsnap writes it, without pages on per-CPU lists; kernels without CMA have five types. */
inline std::vector<std::uint32_t> pgsnap_words(const ZoneImage& zone) {
  constexpr std::uint32_t kTypes = 4;  // the fifth, isolate, is empty
  const auto word = [](auto value) { return static_cast<std::uint32_t>(value); };
  std::vector<std::uint32_t> words{0x50414e53, 0, word(zone.type), word(zone.start.value), word(zone.spanned.value),
                                   word(zone.present.value), word(zone.managed.value), 0, word(zone.time.count()), 0};
  for (const std::uint64_t mark : zone.watermark) {
    words.push_back(word(mark));
  }
  words.push_back(word(zone.boost));
  words.insert(words.end(), 4 + 1, 0);                     // reserves
  words.insert(words.end(), {zone.orders.max.value + 1U, kTypes + 1, 1, 1, zone.orders.pageblock.value});
  for (unsigned order = 0; order <= zone.orders.max.value; ++order) {
    for (std::uint32_t type = 0; type < kTypes; ++type) {
      append_list(words, zone.free[order][type]);
    }
    words.push_back(0);
  }
  words.insert(words.end(), {0, 0, 0, 1, 0});  // one CPU with one empty list
  words.push_back(word(zone.pageblocks.size()));
  for (const Migratetype type : zone.pageblocks) {
    words.push_back(word(index(type)));
  }
  words[1] = word(words.size());
  return words;
}

/** A trace of text with exact snapshots beside it. */
class ToyRecording {
 public:
  ToyRecording() { std::filesystem::create_directories(dir_.path() / "snaps"); }

  /** Snapshots are numbered in the order they are added; @micros: since boot. */
  void add(const std::string& label, std::int64_t micros, KernelSnapshot snapshot) {
    snapshot.zones[0].time = Ns{micros * 1000};
    const auto words = pgsnap_words(snapshot.zones[0]);
    const auto dir = dir_.path() / "snaps" / fmt::format("{:03}_{}", count_, label);
    std::filesystem::create_directories(dir);
    std::ofstream(dir / "pgsnap", std::ios::binary)
        .write(reinterpret_cast<const char*>(words.data()), static_cast<std::streamsize>(words.size() * 4));
    index_ += fmt::format("{},{},pgsnap,{},1\n", count_++, label, micros * 1000 + 500);
    std::ofstream(dir_.path() / "snaps/index.csv") << index_;
  }
  /** A line of the trace; @offset of the page from pfn 1024. */
  void event(std::int64_t micros, const std::string& name, std::uint64_t offset, const std::string& fields) {
    text_ += fmt::format("  toy-1  [000]  {}.{:06}: {}: pfn=0x{:x} {}\n", micros / 1000000, micros % 1000000, name,
                         1024 + offset, fields);
    std::ofstream(trace()) << text_;
  }
  std::filesystem::path trace() const { return dir_.path() / "trace.txt"; }
  std::filesystem::path dir() const { return dir_.path(); }

 private:
  TempDir dir_{};
  std::string index_ = "seq,label,name,t_ns,bytes\n";
  std::string text_{};
  unsigned count_ = 0;
};

}  // namespace gbsim::test
