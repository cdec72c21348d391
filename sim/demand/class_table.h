// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "sim/demand/recording_moments.h"

namespace gbsim {

/** Where page cache is found by reclaim. */
inline constexpr std::string_view kPageCacheList = "inactive_file";
/** The same of anonymous memory. */
inline constexpr std::string_view kAnonList = "inactive_anon";
/** The list of what has been used again, where reclaim looks last, for one of the two above; other names stay. */
std::string_view list_of_used(std::string_view lru);

/** What classes of a fit are told apart by. */
struct ClassKey {
  Order order{};
  Migratetype type = Migratetype::unmovable;
  std::string_view gfp{};  // the name of a shape
  std::string_view lru{};

  auto operator<=>(const ClassKey&) const = default;
};

/** The shape among kGfpShapes that behaves most like the kernel's @bits, mobility aside. */
std::string_view nearest_shape(std::uint32_t bits);

/** The key of what was there before a recording, of which only order and type are known. */
ClassKey old_class_key(Order order, Migratetype type);

/**
 * The classes of a demand: each recorded kind belongs to one. Those with few pages and few allocations join the most
 * frequent of their order and type.
 */
class ClassTable {
 public:
  explicit ClassTable(const RecordedDemand& demand);

  const std::vector<ClassKey>& keys() const { return keys_; }
  std::uint16_t class_of(std::uint32_t kind) const { return class_of_kind_[kind]; }

 private:
  std::uint16_t number_of(const ClassKey& key);

  std::vector<ClassKey> keys_;
  std::vector<std::uint16_t> class_of_kind_;
};

}  // namespace gbsim
