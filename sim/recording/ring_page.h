// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace gbsim {

/** How the machine that recorded a trace wrote the pages of its ring buffer. */
struct RingPageFormat {
  unsigned long_size = 8;  // bytes
  bool is_big_endian = false;
};

/**
 * In words what is wrong with @page of a ring buffer; empty: its events lie within it, one behind the other. Source:
 * the head of an event in the kernel's include/linux/ring_buffer.h. libtraceevent 1.7 dies of some that do not.
 */
std::string damage_in_page(std::string_view page, const RingPageFormat& format);

}  // namespace gbsim
