// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/text_lines.h"

#include <fmt/format.h>

namespace gbsim {

bool TextLines::refill() {
  constexpr std::size_t kChunk = std::size_t{1} << 18;
  buffer_.erase(0, at_);
  buffer_offset_ += at_;
  at_ = 0;
  const std::size_t had = buffer_.size();
  buffer_.resize(had + kChunk);
  const std::size_t got = source_.read(buffer_.data() + had, kChunk);
  buffer_.resize(had + got);
  return got != 0;
}

std::optional<std::string_view> TextLines::next() {
  std::size_t end = buffer_.find('\n', at_);
  while (end == std::string::npos) {
    if (!refill()) {
      end = buffer_.size();
      break;
    }
    end = buffer_.find('\n', at_);
  }
  if (at_ >= buffer_.size()) {
    return std::nullopt;
  }
  offset_ = buffer_offset_ + at_;
  const std::string_view line = std::string_view(buffer_).substr(at_, end - at_);
  at_ = std::min(end + 1, buffer_.size());
  return line;
}

CsvLines::CsvLines(const std::filesystem::path& file, std::string_view heading)
    : lines_(file), columns_(split_fields(heading, ',').size()) {
  if (lines_.next() != heading) {
    lines_.fail(fmt::format("the header is not '{}'", heading));
  }
}

std::optional<std::vector<std::string_view>> CsvLines::next() {
  const auto line = lines_.next();
  if (!line) {
    return std::nullopt;
  }
  auto fields = split_fields(*line, ',');
  if (fields.size() != columns_) {
    lines_.fail(fmt::format("{} fields where {} belong", fields.size(), columns_));
  }
  return fields;
}

}  // namespace gbsim
