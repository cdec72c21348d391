// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/untraced_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <span>
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

/** A page leaves the buddy again only after it was freed. @stays are in order of the time they began. */
void refuse_overlaps(const std::filesystem::path& file, const std::vector<UntracedStay>& stays) {
  ByPage<std::uint32_t, kFewPages> latest;  // 1 + place of the page's latest stay
  for (std::uint32_t i = 0; i < stays.size(); ++i) {
    const UntracedStay& stay = stays[i];
    const std::uint32_t before = latest[stay.pfn];
    if (before != 0 && stay.from < stays[before - 1].until) {
      throw BadRecording(file, 0,
                         fmt::format("page {} leaves the buddy at {} ns and at {} ns, and is not freed between",
                                     stay.pfn.value, stays[before - 1].from.count(), stay.from.count()));
    }
    latest.fill(stay.pfn, NrPages{1}, i + 1);
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
  // Rows are in the order in which pages were freed, which is when a recorder learns of them.
  std::ranges::stable_sort(stays, {}, &UntracedStay::from);
  refuse_overlaps(file, stays);
  return stays;
}

UntracedPages::UntracedPages(std::vector<UntracedStay> stays) : stays_(std::move(stays)) {
  std::ranges::sort(stays_, {}, by_page);
  for (auto at = stays_.begin(); at != stays_.end();) {
    const auto end = std::find_if_not(at, stays_.end(), [&](const UntracedStay& stay) { return stay.pfn == at->pfn; });
    const Run run{static_cast<std::uint32_t>(at - stays_.begin()), static_cast<std::uint32_t>(end - at)};
    runs_.fill(at->pfn, NrPages{1}, run);
    at = end;
  }
}

bool UntracedPages::stays_at(Run run, Ns now) const {
  const auto stays = std::span(stays_).subspan(run.first, run.count);
  const auto later = std::ranges::upper_bound(stays, now, {}, &UntracedStay::from);
  return later != stays.begin() && now < std::prev(later)->until;
}

}  // namespace gbsim
