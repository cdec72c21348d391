// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/text_lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/recording/trace_event.h"

namespace gbsim {

bool TextLines::refill() {
  if (is_read_) {
    return false;
  }
  constexpr std::size_t kChunk = std::size_t{1} << 18;
  buffer_.erase(0, at_);
  buffer_offset_ += at_;
  at_ = 0;
  const std::size_t had = buffer_.size();
  buffer_.resize(had + kChunk);
  buffer_.resize(had + source_.read(buffer_.data() + had, kChunk));
  is_read_ = buffer_.size() == had;
  return !is_read_;
}

std::optional<std::string_view> TextLines::next_part() {
  const auto rest = [this] { return std::string_view(buffer_).substr(at_, kLongest + 1); };
  std::size_t size = rest().find('\n');
  while (size == std::string_view::npos && rest().size() <= kLongest && refill()) {
    size = rest().find('\n');
  }
  end_ = size != std::string_view::npos ? End::newline : rest().size() > kLongest ? End::limit : End::file;
  std::string_view line = rest().substr(0, std::min(size, kLongest));
  if (end_ == End::file && line.empty()) {
    return std::nullopt;
  }
  offset_ = buffer_offset_ + at_;
  ++number_;
  at_ += line.size() + (end_ == End::newline ? 1 : 0);
  if (end_ == End::newline && line.ends_with('\r')) {
    line.remove_suffix(1);  // from another system
  }
  return line;
}

std::optional<std::string_view> TextLines::next() {
  const auto line = next_part();
  if (line) {
    refuse_part();
  }
  return line;
}

void TextLines::refuse_part() const {
  if (end_ == End::limit) {
    fail(fmt::format("a line of more than {} bytes", kLongest));
  }
  if (end_ == End::file) {
    fail("the file ends inside a line: it was cut short");
  }
}

void TextLines::fail(const std::string& what) const {
  throw BadRecording(file().name(), offset_, number_ == 0 ? what : fmt::format("line {}: {}", number_, what));
}

Pfn TextLines::page(std::string_view word) const {
  const Pfn pfn{number<std::uint64_t>(word)};
  if (pfn >= kEndOfPages) {
    fail(fmt::format("page {}: no machine has pages from {} on", pfn.value, kEndOfPages.value));
  }
  return pfn;
}

void TextLines::check(Ns time) const {
  if (time < Ns{0} || time > kLatestTime) {
    fail(fmt::format("no clock shows such a time: 0 to {} ns are possible", kLatestTime.count()));
  }
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
