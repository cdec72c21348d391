// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/pgt_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

namespace gbsim {

namespace {

constexpr std::size_t kBatch = 4096;
constexpr std::size_t kMaxGfpValues = 65536;

enum ColumnName : std::size_t { kTags, kTimes, kPfns, kOrders, kGfps, kExtras };

constexpr std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

/** The seven low bits of each byte, one after the other. */
constexpr std::uint64_t joined_sevens(std::uint64_t bytes) {
  bytes = (bytes & 0x007f007f007f007f) | (bytes & 0x7f007f007f007f00) >> 1;
  bytes = (bytes & 0x00003fff00003fff) | (bytes & 0x3fff00003fff0000) >> 2;
  return (bytes & 0x000000000fffffff) | (bytes & 0x0fffffff00000000) >> 4;
}

constexpr std::uint8_t kHigh = 0x80;  // of a tag: a flag whose meaning is the event's

/** The bit of a tag by which such an attempt got nothing; none has it for events that are no attempts. */
constexpr std::uint8_t bit_of_failure(EventKind kind) {
  constexpr std::uint8_t kNoPfn = 0x40;
  switch (kind) {
    case EventKind::alloc:
      return kHigh;
    case EventKind::zone_locked:
      return kNoPfn;
    default:
      return 0;
  }
}

constexpr std::uint64_t kMostMicros = std::uint64_t{1} << 51;  // 71 years

constexpr Migratetype pgt_type(unsigned byte) { return kernel_migratetype(byte >> 5, kNrTypesWithoutCma); }

}  // namespace

PgtReader::PgtReader(const InputFile& file) : source_(file) {
  source_.keep_unpacked();
  read_header();
}

void PgtReader::read_header() {
  std::array<char, 4> magic{};
  std::uint32_t count = 0;
  std::uint64_t start = 0;
  source_.read_exactly(magic.data(), magic.size(), "the magic number");
  if (std::memcmp(magic.data(), "PGT1", magic.size()) != 0) {
    source_.fail("this is no PGT1 stream: it does not begin with \"PGT1\"");
  }
  source_.read_exactly(&count, sizeof count, "the header");
  source_.read_exactly(&start, sizeof start, "the header");
  if (count > kMaxGfpValues) {
    source_.fail(fmt::format("{} GFP values are more than the {} a recording can have", count, kMaxGfpValues));
  }
  if (start > kMostMicros * 1000) {
    source_.fail("the recording begins at a time that no clock shows");
  }
  start_ = Ns{static_cast<std::int64_t>(start)};
  gfp_.resize(count);
  source_.read_exactly(gfp_.data(), count * sizeof gfp_[0], "the GFP dictionary");
  if (std::ranges::any_of(gfp_, [](std::uint64_t bits) { return bits > ~std::uint32_t{0}; })) {
    source_.fail("the GFP dictionary before this has a value of more than 32 bits");
  }
}

void PgtReader::rewind() {
  source_.rewind();
  source_.keep_unpacked();
  left_ = 0;
  record_ = micros_ = 0;
  last_pfn_ = {};
  read_header();
}

bool PgtReader::next_block() {
  std::array<std::uint32_t, 1 + kColumns> header{};
  block_offset_ = source_.offset();
  const std::size_t got = source_.read(header.data(), sizeof header);
  if (got == 0) {
    return false;
  }
  if (got != sizeof header || header[0] == 0 || header[0] > kMaxRecords) {
    source_.fail(got != sizeof header ? "the file ends inside a block header"
                                      : fmt::format("a block of {} records, 1 to {} allowed", header[0], kMaxRecords));
  }
  constexpr std::size_t kMostBytes = 10;  // of one varint
  for (std::size_t i = 0; i < kColumns; ++i) {
    if (header[1 + i] > header[0] * kMostBytes) {
      source_.fail(fmt::format("column {} has {} bytes for {} records", i, header[1 + i], header[0]));
    }
    Column& column = columns_[i];
    column.bytes.resize(header[1 + i]);
    column.at = column.bytes.data();
    column.end = column.at + column.bytes.size();
    source_.read_exactly(column.bytes.data(), header[1 + i], "a column");
  }
  left_ = header[0];
  return true;
}

void PgtReader::fail_in_block(std::size_t column, const char* what) const {
  source_.fail(fmt::format("{} in record {}, column {} of the block at byte {}", what, record_, column, block_offset_));
}

void PgtReader::check_consumed() {
  for (std::size_t i = 0; i < kColumns; ++i) {
    if (columns_[i].at != columns_[i].end) {
      fail_in_block(i, "bytes are left over");
    }
  }
}

std::uint64_t PgtReader::long_varint(std::size_t column) {
  Column& from = columns_[column];
  constexpr std::uint64_t kMoreBits = 0x8080808080808080;
  std::uint64_t word = 0;
  if (from.end - from.at >= static_cast<std::ptrdiff_t>(sizeof word)) [[likely]] {
    std::memcpy(&word, from.at, sizeof word);
    if (const std::uint64_t ends = ~word & kMoreBits; ends != 0) [[likely]] {
      const unsigned bits = static_cast<unsigned>(std::countr_zero(ends));
      from.at += bits / 8 + 1;
      return joined_sevens(word & (ends ^ (ends - 1)));
    }
  }
  return bytewise_varint(column);
}

std::uint64_t PgtReader::bytewise_varint(std::size_t column) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint8_t part = byte(column);
    value |= static_cast<std::uint64_t>(part & 127U) << shift;
    if (part < 128) {
      return value;
    }
  }
  fail_in_block(column, "a number does not end");
}

inline Pfn PgtReader::page_at(Pfn from, std::size_t column) {
  const Pfn pfn{from.value + static_cast<std::uint64_t>(unzigzag(varint(column)))};
  if (pfn >= kEndOfPages) [[unlikely]] {
    fail_in_block(column, "a page that no machine has");
  }
  return pfn;
}

inline Pfn PgtReader::next_pfn(unsigned cpu, EventKind kind) {
  Pfn& last = last_pfn_[cpu][static_cast<std::size_t>(kind)];
  last = page_at(last, kPfns);
  return last;
}

/** @byte tells an order and a migratetype. */
void PgtReader::check_block(std::uint8_t byte, std::size_t column) const {
  if ((byte & 31U) >= kMaxOrders || byte >> 5 >= static_cast<int>(kNrMigratetypes)) [[unlikely]] {
    fail_in_block(column, "an order or a migratetype that no kernel has");
  }
}

inline void PgtReader::read_extra(TraceEvent& event) {
  if (event.kind == EventKind::alloc) {
    const std::uint8_t index = byte(kGfps);
    if (index >= gfp_.size()) {
      fail_in_block(kGfps, "a GFP value that the dictionary lacks");
    }
    event.gfp = static_cast<std::uint32_t>(gfp_[index]);
  } else if (event.kind == EventKind::extfrag) {
    const std::uint8_t fallback = byte(kExtras);
    check_block(fallback, kExtras);
    event.fallback_order = Order{fallback & 31U};
    event.fallback_type = pgt_type(fallback);
    event.flag = byte(kExtras) != 0;
  } else if (event.kind == EventKind::migrate) {
    event.to = page_at(event.pfn, kExtras);
  }
}

inline void PgtReader::read(TraceEvent& event) {
  const std::uint8_t tag = byte(kTags);
  const unsigned kind = tag & 15U;
  if (kind > static_cast<unsigned>(EventKind::migrate)) {
    fail_in_block(kTags, "an unknown event");
  }
  event.kind = static_cast<EventKind>(kind);
  event.cpu = (tag >> 4) % kCpus;
  micros_ += std::min(varint(kTimes), kMostMicros + 1);
  if (micros_ > kMostMicros) [[unlikely]] {
    fail_in_block(kTimes, "a time that no clock shows");
  }
  event.time = start_ + Ns{static_cast<std::int64_t>(micros_ * 1000)};
  event.has_pfn = (tag & bit_of_failure(event.kind)) == 0;
  event.flag = event.kind != EventKind::alloc && (tag & kHigh) != 0;
  if (event.has_pfn) {
    event.pfn = next_pfn(event.cpu, event.kind);
  }
  const std::uint8_t order = byte(kOrders);
  check_block(order, kOrders);
  event.order = Order{order & 31U};
  event.type = pgt_type(order);
  read_extra(event);
}

bool PgtReader::next_batch(std::vector<TraceEvent>& batch) {
  if (left_ == 0 && !next_block()) {
    return false;
  }
  const std::size_t count = std::min(left_, kBatch);
  batch.reserve(batch.size() + count);
  for (std::size_t i = 0; i < count; ++i) {
    read(batch.emplace_back());
    ++record_;
  }
  left_ -= count;
  if (left_ == 0) {
    check_consumed();
  }
  return true;
}

}  // namespace gbsim
