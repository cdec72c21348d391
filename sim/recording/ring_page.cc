// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/ring_page.h"

#include <fmt/format.h>

#include <cstdint>

#include "sim/recording/file_cursor.h"

namespace gbsim {

namespace {

constexpr std::uint64_t kTimeBytes = 8;   // a page begins with its time
constexpr std::uint64_t kEventHead = 4;
constexpr std::uint32_t kPadding = 29;
constexpr std::uint32_t kTimeExtend = 30;  // and above, time stamps

std::uint64_t number(std::string_view bytes, std::uint64_t at, unsigned width, const RingPageFormat& format) {
  return number_in(bytes.substr(at, width), format.is_big_endian);
}

/** Bytes of the event at @at of @events; 0: what remains of the page holds none. */
std::uint64_t event_size(std::string_view events, std::uint64_t at, const RingPageFormat& format) {
  const auto head = static_cast<std::uint32_t>(number(events, at, kEventHead, format));
  const std::uint32_t type = format.is_big_endian ? head >> 27U : head & 31U;
  const std::uint32_t time = format.is_big_endian ? head & 0x7ffffffU : head >> 5U;
  if (type == kPadding && time == 0) {
    return 0;
  }
  if (type >= kTimeExtend) {
    return kEventHead + 4;
  }
  if (type != 0 && type != kPadding) {
    return kEventHead + type * std::uint64_t{4};
  }
  // The length, which counts itself, follows the head.
  return at + kEventHead + 4 > events.size() ? events.size() + 1
                                             : kEventHead + number(events, at + kEventHead, 4, format);
}

}  // namespace

std::string damage_in_page(std::string_view page, const RingPageFormat& format) {
  constexpr std::uint64_t kSizeBits = (1U << 27U) - 1;  // those above are flags
  const std::uint64_t start = kTimeBytes + format.long_size;
  const bool has_head = page.size() >= start;
  const std::uint64_t size = has_head ? number(page, kTimeBytes, format.long_size, format) & kSizeBits : 0;
  if (!has_head || size > page.size() - start) {
    return fmt::format("a page of {} bytes with more events than it has room for", page.size());
  }
  const std::string_view events = page.substr(start, size);
  for (std::uint64_t at = 0; at < size;) {
    const std::uint64_t bytes = size - at < kEventHead ? size : event_size(events, at, format);
    if (bytes == 0) {
      break;
    }
    if (bytes < kEventHead || bytes > size - at) {
      return fmt::format("the event at byte {} of a page does not end within it", start + at);
    }
    at += bytes;
  }
  return {};
}

}  // namespace gbsim
