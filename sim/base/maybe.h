// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <limits>
#include <optional>

#include "sim/base/check.h"

namespace gbsim {

/**
 * A page number, order or id, or none: std::optional in the space of the value itself, its largest value kept for
 * none. Returned in one register, where std::optional makes every caller wait for two stores of different widths.
 */
template <class T>
class Maybe {
 public:
  using Rep = decltype(T::value);

  constexpr Maybe() = default;
  constexpr Maybe(std::nullopt_t) {}
  /** Requires: not the value that stands for none. */
  constexpr Maybe(T known) : value_(known) { GBSIM_DCHECK(has_value()); }

  constexpr bool has_value() const { return value_.value != kNone; }
  constexpr explicit operator bool() const { return has_value(); }
  /** Requires: has_value(). */
  constexpr const T& operator*() const { return value_; }
  constexpr const T* operator->() const { return &value_; }
  constexpr T value_or(T other) const { return has_value() ? value_ : other; }
  constexpr void reset() { value_ = none(); }
  constexpr operator std::optional<T>() const { return has_value() ? std::optional<T>{value_} : std::nullopt; }

  constexpr bool operator==(const Maybe&) const = default;
  constexpr bool operator==(const T& known) const { return value_ == known; }

 private:
  static constexpr Rep kNone = std::numeric_limits<Rep>::max();
  static constexpr T none() {
    T none;
    none.value = kNone;
    return none;
  }

  T value_ = none();
};

}  // namespace gbsim
