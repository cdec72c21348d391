// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/text.h"
#include "sim/base/types.h"
#include "sim/recording/byte_source.h"

namespace gbsim {

/** Lines of a text file, unpacked on the way if it is compressed; in memory that does not grow with the file. */
class TextLines {
 public:
  static constexpr std::size_t kLongest = std::size_t{1} << 16;  // bytes of a line

  explicit TextLines(const InputFile& file) : source_(file, ByteSource::Empty::allowed) {}

  /**
   * The next line without its newline, valid until the next call; nothing at the end. Throws BadRecording on a line
   * longer than kLongest, on a last one without newline (it was cut), and where packed data is damaged.
   */
  std::optional<std::string_view> next();
  /** The same of what may be no text: lines without an end are given too, and long ones in parts. */
  std::optional<std::string_view> next_part();
  /** What ends the line that was given last. */
  enum class End : std::uint8_t { newline, file, limit };
  End end() const { return end_; }
  /** Throws BadRecording unless that is a newline. */
  void refuse_part() const;
  /** Throws BadRecording at the line that was given last. */
  [[noreturn]] void fail(const std::string& what) const;
  /** @word of the line that was given last. Throws BadRecording if it is no such number. */
  template <std::integral Number>
  Number number(std::string_view word) const {
    const auto value = whole_number<Number>(word);
    if (!value) {
      fail("'" + std::string(word) + "' is no whole number");
    }
    return *value;
  }
  /** @word as a page's number. Throws BadRecording if no machine has such a page. */
  Pfn page(std::string_view word) const;
  /** Throws BadRecording if no clock shows @time, which the line that was given last tells. */
  void check(Ns time) const;
  const InputFile& file() const { return source_.file(); }

 private:
  bool refill();

  ByteSource source_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::uint64_t buffer_offset_ = 0;  // of the buffer's first byte in the unpacked file
  std::uint64_t offset_ = 0;         // of the line that was given last
  std::uint64_t number_ = 0;         // its own, from 1
  End end_ = End::newline;
  bool is_read_ = false;             // the file is at its end: to ask it again would cost as much as to read on
};

/** Rows of a text file under a heading that says what their fields, between commas, are. */
class CsvLines {
 public:
  /** Throws BadRecording if the first line is not @heading. */
  CsvLines(const std::filesystem::path& file, std::string_view heading);

  /** Fields of the next row, valid until the next call; nothing at the end. Throws BadRecording on too few or many. */
  std::optional<std::vector<std::string_view>> next();
  /** The row that was given last. */
  const TextLines& lines() const { return lines_; }

 private:
  TextLines lines_;
  std::size_t columns_;
};

}  // namespace gbsim
