// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "sim/recording/byte_source.h"
#include "sim/recording/event_reader.h"
#include "sim/recording/trace_event.h"

namespace gbsim {

/** Reads PGT1, the columnar format of recorded page-allocator events: plain, .xz or .zst. */
class PgtReader : public TraceReader {
 public:
  /** Throws BadRecording if @file is no PGT1. */
  explicit PgtReader(const InputFile& file);

  bool next_batch(std::vector<TraceEvent>& batch) override;
  TraceOrigin origin() const override { return {"PGT1", {}, {}, kCpus}; }
  void rewind() override;
  bool is_quick() const override { return true; }
  Ns start_time() const { return start_; }
  /** Every GFP value of the recording, as the kernel's bits. */
  const std::vector<std::uint64_t>& gfp_values() const { return gfp_; }

  static constexpr std::uint32_t kCpus = 4;  // a tag has two bits for one
  static constexpr std::size_t kColumns = 6;
  static constexpr std::size_t kMaxRecords = 262144;  // of one block

 private:
  void read_header();
  /** One column of a block, and how far it has been read. */
  struct Column {
    std::vector<std::uint8_t> bytes{};
    const std::uint8_t* at = nullptr;
    const std::uint8_t* end = nullptr;
  };

  bool next_block();
  void check_consumed();
  std::uint8_t byte(std::size_t column) {
    Column& from = columns_[column];
    if (from.at == from.end) [[unlikely]] {
      fail_in_block(column, "bytes are missing");
    }
    return *from.at++;
  }
  std::uint64_t varint(std::size_t column) {
    constexpr std::uint8_t kMore = 128;
    Column& from = columns_[column];
    return from.at != from.end && *from.at < kMore ? *from.at++ : long_varint(column);
  }
  /** Of more than one byte: eight at once where the column has as many, so that most pages cost no loop. */
  std::uint64_t long_varint(std::size_t column);
  std::uint64_t bytewise_varint(std::size_t column);
  void read(TraceEvent& event);
  void check_block(std::uint8_t byte, std::size_t column) const;
  Pfn next_pfn(unsigned cpu, EventKind kind);
  /** As far from @from as @column says. */
  Pfn page_at(Pfn from, std::size_t column);
  void read_extra(TraceEvent& event);
  [[noreturn]] void fail_in_block(std::size_t column, const char* what) const;

  ByteSource source_;
  Ns start_{0};
  std::vector<std::uint64_t> gfp_;
  std::array<Column, kColumns> columns_;
  std::size_t left_ = 0;  // records of the block not yet read
  std::uint64_t block_offset_ = 0;
  std::uint64_t record_ = 0;
  std::uint64_t micros_ = 0;
  std::array<std::array<Pfn, 16>, kCpus> last_pfn_{};  // by CPU and event
};

}  // namespace gbsim
