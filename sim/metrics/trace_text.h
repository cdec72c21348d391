// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "sim/mm/tracepoint.h"

namespace gbsim {

/** A tracepoint in words: its event's name and its fields as the kernel's print fmt has them. */
struct TraceText {
  std::string_view event;  // empty where the kernel has no such event
  std::string fields;
};

TraceText trace_text(const Tracepoint& point);

}  // namespace gbsim
