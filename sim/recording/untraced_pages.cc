// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/untraced_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "sim/recording/text_lines.h"
#include "sim/recording/trace_event.h"

namespace gbsim {

namespace {

/** @text: microseconds since @origin. */
Ns time_of(const TextLines& lines, std::string_view text, Ns origin) {
  constexpr std::int64_t kMostMicros = kLatestTime.count() / 1000;
  const auto micros = lines.number<std::int64_t>(text);
  const bool may_be_added = micros >= -kMostMicros && micros <= kMostMicros;
  const Ns time = may_be_added ? origin + std::chrono::microseconds(micros) : Ns::max();
  lines.check(time);
  return time;
}

std::pair<Pfn, Ns> by_page(const UntracedStay& stay) { return {stay.pfn, stay.from}; }

/** A page leaves the buddy again only after it was freed. */
void refuse_overlaps(const std::filesystem::path& file, std::vector<UntracedStay> stays) {
  std::ranges::sort(stays, {}, by_page);
  const auto overlap = [](const UntracedStay& stay, const UntracedStay& later) {
    return stay.pfn == later.pfn && later.from < stay.until;
  };
  const auto found = std::ranges::adjacent_find(stays, overlap);
  if (found != stays.end()) {
    throw BadRecording(file, 0, fmt::format("page {} leaves the buddy at {} ns and at {} ns, and is not freed between",
                                            found->pfn.value, found->from.count(), std::next(found)->from.count()));
  }
}

}  // namespace

std::vector<UntracedStay> read_untraced(const std::filesystem::path& file, Ns origin) {
  CsvLines csv(file, "t_zone_locked_us,t_free_us,pfn");
  std::vector<UntracedStay> stays;
  while (const auto row = csv.next()) {
    const TextLines& lines = csv.lines();
    const std::vector<std::string_view>& fields = *row;
    const Ns until = fields[1].empty() ? Ns::max() : time_of(lines, fields[1], origin);
    stays.push_back({lines.page(fields[2]), time_of(lines, fields[0], origin), until});
    if (until < stays.back().from) {
      lines.fail("the page is freed before it leaves the buddy");
    }
  }
  refuse_overlaps(file, stays);
  // Rows are in the order in which pages were freed, which is when a recorder learns of them.
  std::ranges::stable_sort(stays, {}, &UntracedStay::from);
  return stays;
}

UntracedPages::UntracedPages(std::vector<UntracedStay> stays) : stays_(std::move(stays)) {
  std::ranges::sort(stays_, {}, by_page);
  for (auto at = stays_.begin(); at != stays_.end();) {
    const auto end = std::find_if_not(at, stays_.end(), [&](const UntracedStay& stay) { return stay.pfn == at->pfn; });
    any_.fill(at->pfn, NrPages{1}, 1);
    by_page_.emplace(at->pfn.value, std::span(at, end));
    at = end;
  }
}

bool UntracedPages::stays_at(Pfn pfn, Ns now) const {
  const auto page = by_page_.find(pfn.value);
  if (page == by_page_.end()) {
    return false;
  }
  const auto later = std::ranges::upper_bound(page->second, now, {}, &UntracedStay::from);
  return later != page->second.begin() && now < std::prev(later)->until;
}

}  // namespace gbsim
