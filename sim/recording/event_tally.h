// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace gbsim {

/** Events that could not be used, took no part or contradicted a model, by kind; nothing is swallowed. */
class EventTally {
 public:
  /** Kinds of which there is none are not told. */
  void add(std::string_view kind, std::uint64_t count = 1) {
    if (count == 0) {
      return;
    }
    const auto found = counts_.find(kind);
    found == counts_.end() ? void(counts_.emplace(kind, count)) : void(found->second += count);
  }
  void add(const EventTally& other) {
    for (const auto& [kind, count] : other.counts_) {
      add(kind, count);
    }
  }
  /** How many of one kind. */
  std::uint64_t count(std::string_view kind) const {
    const auto found = counts_.find(kind);
    return found == counts_.end() ? 0 : found->second;
  }
  const std::map<std::string, std::uint64_t, std::less<>>& counts() const { return counts_; }

 private:
  std::map<std::string, std::uint64_t, std::less<>> counts_;
};

}  // namespace gbsim
