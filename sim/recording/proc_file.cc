// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/proc_file.h"

#include <algorithm>
#include <sstream>
#include <string_view>

#include "sim/base/text.h"
#include "sim/recording/byte_source.h"

namespace gbsim {

namespace {

bool is_separator(char c) { return std::string_view(",():").find(c) != std::string_view::npos; }

std::vector<ProcLine> lines_of(const std::string& text) {
  std::vector<ProcLine> lines;
  std::uint64_t offset = 0;
  std::istringstream in(text);
  for (std::string row; std::getline(in, row);) {
    ProcLine line{offset, lines.size() + 1};
    offset += row.size() + 1;
    std::ranges::replace_if(row, is_separator, ' ');
    std::istringstream words(row);
    for (std::string word; words >> word;) {
      line.words.push_back(word);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace

ProcFile::ProcFile(const RecordedFiles& files, const char* name) : path_(files.path_of(name)) {
  const std::string text = files.text(name);
  lines_ = lines_of(text);
  if (!text.empty() && !text.ends_with('\n')) {
    fail(lines_.back(), "the file ends inside a line: it was cut short");
  }
}

std::uint64_t ProcFile::number(const ProcLine& line, std::size_t at) const {
  std::string_view word = at < line.words.size() ? std::string_view(line.words[at]) : std::string_view();
  word.remove_prefix(word.starts_with('>') ? 1 : 0);
  const auto value = whole_number<std::uint64_t>(word);
  if (!value) {
    fail(line, fmt::format("word {} of the line is no number", at + 1));
  }
  return *value;
}

void ProcFile::fail(const ProcLine& line, const std::string& what) const {
  throw BadRecording(path_, line.offset, fmt::format("line {}: {}", line.number, what));
}

}  // namespace gbsim
