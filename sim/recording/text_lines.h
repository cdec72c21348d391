// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/text.h"
#include "sim/recording/byte_source.h"

namespace gbsim {

/** Lines of a text file, unpacked on the way if it is compressed. */
class TextLines {
 public:
  explicit TextLines(const InputFile& file) : source_(file, ByteSource::Empty::allowed) {}

  /** The next line without its end; valid until the next call. Throws BadRecording where packed data is damaged. */
  std::optional<std::string_view> next();
  /** Throws BadRecording at the line that was returned last. */
  [[noreturn]] void fail(const std::string& what) const { throw BadRecording(source_.file().name(), offset_, what); }
  /** @word of the line that was returned last. Throws BadRecording if it is no such number. */
  template <std::integral Number>
  Number number(std::string_view word) const {
    const auto value = whole_number<Number>(word);
    if (!value) {
      fail("'" + std::string(word) + "' is no whole number");
    }
    return *value;
  }

 private:
  bool refill();

  ByteSource source_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::uint64_t buffer_offset_ = 0;
  std::uint64_t offset_ = 0;
};

/** Rows of a text file under a heading that says what their fields, between commas, are. */
class CsvLines {
 public:
  /** Throws BadRecording if the first line is not @heading. */
  CsvLines(const std::filesystem::path& file, std::string_view heading);

  /** Fields of the next row, valid until the next call; nothing at the end. Throws BadRecording on too few or many. */
  std::optional<std::vector<std::string_view>> next();
  /** The row that was returned last. */
  const TextLines& lines() const { return lines_; }

 private:
  TextLines lines_;
  std::size_t columns_;
};

}  // namespace gbsim
