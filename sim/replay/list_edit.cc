// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/list_edit.h"

#include <algorithm>
#include <iterator>

namespace gbsim {

ListEdit ListComparison::between(std::span<const Pfn> ours, std::span<const Pfn> wanted) {
  ListEdit edit;
  if (std::ranges::equal(ours, wanted)) {
    return edit;
  }
  const auto place_of = [&](Pfn pfn) -> std::uint32_t& { return place_[zone_.page(pfn)]; };
  for (std::uint32_t i = 0; i < wanted.size(); ++i) {
    place_of(wanted[i]) = i + 1;
  }
  const Run kept = longest_common_run(ours, wanted);
  std::ranges::copy_if(ours, std::back_inserter(edit.leave), [&](Pfn pfn) { return place_of(pfn) == 0; });
  for (const Pfn pfn : wanted) {
    place_of(pfn) = 0;
  }
  edit.head.assign(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(kept.begin));
  edit.tail.assign(wanted.begin() + static_cast<std::ptrdiff_t>(kept.end()), wanted.end());
  return edit;
}

ListComparison::Run ListComparison::longest_common_run(std::span<const Pfn> ours, std::span<const Pfn> wanted) {
  runs_.assign(wanted.size() + 1, 0);
  Run longest;
  for (const Pfn pfn : ours) {
    const std::uint32_t place = place_[zone_.page(pfn)];
    if (place == 0) {
      continue;
    }
    runs_[place] = runs_[place - 1] + 1;
    if (runs_[place] > longest.length) {
      longest = {place - runs_[place], runs_[place]};
    }
  }
  return longest;
}

}  // namespace gbsim
