// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

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

 private:
  bool refill();

  ByteSource source_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::uint64_t buffer_offset_ = 0;
  std::uint64_t offset_ = 0;
};

}  // namespace gbsim
