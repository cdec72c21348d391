// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/untraced_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "sim/recording/text_lines.h"

namespace gbsim {

namespace {

constexpr std::int64_t kNsPerUs = 1000;

std::int64_t number(const TextLines& lines, std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    lines.fail(fmt::format("'{}' is no number: rows are t_zone_locked_us,t_free_us,pfn", text));
  }
  return value;
}

}  // namespace

UntracedPages::UntracedPages(const std::filesystem::path& file, Ns origin) {
  TextLines lines(file);
  lines.next();  // the heading
  while (const auto line = lines.next()) {
    const std::size_t first = std::min(line->find(','), line->size());
    const std::size_t second = std::min(line->find(',', first + 1), line->size());
    if (second == line->size()) {
      lines.fail("three fields are wanted");
    }
    const std::string_view freed = line->substr(first + 1, second - first - 1);
    const auto pfn = static_cast<std::uint64_t>(number(lines, line->substr(second + 1)));
    const Ns until = freed.empty() ? Ns::max() : origin + Ns{number(lines, freed) * kNsPerUs};
    add({Pfn{pfn}, origin + Ns{number(lines, line->substr(0, first)) * kNsPerUs}, until});
  }
}

void UntracedPages::add(const std::vector<UntracedStay>& stays) {
  for (const UntracedStay& stay : stays) {
    add(stay);
  }
}

void UntracedPages::add(const UntracedStay& stay) {
  stays_[stay.pfn.value].push_back(stay);
  any_.fill(stay.pfn, NrPages{1}, 1);
  ++size_;
}

bool UntracedPages::holds(Pfn pfn, Ns now) const {
  if (any_[pfn] == 0) {
    return false;
  }
  const auto found = stays_.find(pfn.value);
  return found != stays_.end() && std::ranges::any_of(found->second, [&](const UntracedStay& stay) {
           return stay.from <= now && now < stay.until;
         });
}

}  // namespace gbsim
