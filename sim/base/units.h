// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/base/types.h"

namespace gbsim {

/** "4KiB", "2MiB", "256GiB", "16TiB", or plain bytes. nullopt if it is no size. */
std::optional<std::uint64_t> parse_size(std::string_view text);
/** "10us", "5s", "2h30m", "1.5us"; a bare "0" is zero. */
std::optional<Ns> parse_time(std::string_view text);
/** "20k/s", "300/min", "1.5M/s": events per second. */
std::optional<double> parse_rate(std::string_view text);
/** "85%" or "0.85": a fraction. */
std::optional<double> parse_share(std::string_view text);
/** Decimal numbers only; "010" and "0x10" are refused, as YAML readers disagree on them. */
std::optional<double> parse_real(std::string_view text);
std::optional<std::int64_t> parse_integer(std::string_view text);
std::optional<bool> parse_flag(std::string_view text);

/** Shortest exact spelling that parse_size reads back. */
std::string format_size(std::uint64_t bytes);
std::string format_time(Ns time);

}  // namespace gbsim
