// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/bench/replay_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <utility>

#include "sim/base/random.h"
#include "sim/recording/byte_source.h"
#include "sim/recording/open_trace.h"
#include "sim/recording/pgt_reader.h"

namespace gbsim {

namespace {

/** What a user waits for: decoding has a thread of its own, so that CPU time would count both. */
double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::uint64_t count_events(const std::filesystem::path& trace) {
  const auto reader = open_trace(trace);
  std::vector<TraceEvent> batch;
  std::uint64_t events = 0;
  while (reader->next_batch(batch)) {
    events += batch.size();
    batch.clear();
  }
  return events;
}

/** @run returns the events it went through. No pass begins once some seconds have been spent. */
template <class Run>
BenchRow fastest(const std::string& name, int passes, Run&& run) {
  double least = std::numeric_limits<double>::max();
  std::uint64_t events = 0;
  constexpr double kEnough = 4;  // seconds
  const double begin = seconds();
  for (int pass = 0; pass < passes && (pass == 0 || seconds() - begin < kEnough); ++pass) {
    const double start = seconds();
    events = run();
    least = std::min(least, seconds() - start);
  }
  BenchRow row;
  row.name = name;
  row.operations_per_second = static_cast<double>(events) / least;
  row.ns_per_operation = 1e9 / row.operations_per_second;
  return row;
}

void append_word(std::string& bytes, std::uint64_t value, unsigned width) {
  for (unsigned i = 0; i < width; ++i) {
    bytes.push_back(static_cast<char>(value >> (8 * i)));
  }
}

void append_varint(std::string& bytes, std::uint64_t value) {
  for (; value >= 128; value >>= 7) {
    bytes.push_back(static_cast<char>(value | 128));
  }
  bytes.push_back(static_cast<char>(value));
}

/** By CPU and event: the pages of one are told by their distances. */
using Begun = std::array<bool, 4>;

/** Pages near the last one of their kind most of the time, far away once in eight, as recordings have them. */
std::string synthetic_block(RandomStream& random, Begun& begun) {
  constexpr std::uint64_t kFarFromZero = std::uint64_t{1} << 32;  // no walk of this length gets below the first page
  std::array<std::string, PgtReader::kColumns> columns;
  for (std::size_t i = 0; i < PgtReader::kMaxRecords; ++i) {
    const std::uint64_t draw = random.next();
    const bool free = (draw & 1) != 0;
    columns[0].push_back(static_cast<char>((free ? 1 : 0) | (draw >> 1 & 1) << 4));
    append_varint(columns[1], draw >> 2 & 3);
    const std::uint64_t distance = (draw >> 4 & 7) == 0 ? draw >> 8 & 0xffff : 2;
    append_varint(columns[2], std::exchange(begun[draw & 3], true) ? distance : kFarFromZero);
    columns[3].push_back(static_cast<char>(free ? 0 : 1 << 5));
    if (!free) {
      columns[4].push_back(0);
    }
  }
  std::string block;
  append_word(block, PgtReader::kMaxRecords, 4);
  for (const std::string& column : columns) {
    append_word(block, column.size(), 4);
  }
  for (const std::string& column : columns) {
    block += column;
  }
  return block;
}

}  // namespace

void write_synthetic_pgt(const std::filesystem::path& file, unsigned blocks) {
  constexpr std::uint64_t kHighuserMovable = 0x100cca;
  RandomStream random(1, "bench.replay");
  std::ofstream out(file, std::ios::binary);
  std::string header = "PGT1";
  append_word(header, 1, 4);
  append_word(header, 0, 8);
  append_word(header, kHighuserMovable, 8);
  out << header;
  Begun begun{};
  for (unsigned i = 0; i < blocks; ++i) {
    out << synthetic_block(random, begun);
  }
  if (!out.flush()) {
    throw std::runtime_error(file.string() + ": cannot be written");
  }
}

BenchRow measure_reading(const std::filesystem::path& trace) {
  constexpr int kPasses = 5;
  return fastest("replay/" + trace.filename().string(), kPasses, [&] { return count_events(trace); });
}

std::optional<BenchRow> measure_mode(const std::filesystem::path& trace, const ReplayMode& mode) {
  constexpr int kPasses = 3;
  ReplayRequest request;
  request.trace = trace;
  try {
    return fastest(fmt::format("replay/{}/{}", trace.filename().string(), mode.name), kPasses,
                   [&] { return mode.run(request).counts.events; });
  } catch (const BadRecording&) {
    return std::nullopt;
  }
}

}  // namespace gbsim
