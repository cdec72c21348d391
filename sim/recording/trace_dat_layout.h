// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace gbsim {

/** Where one CPU's ring-buffer pages lie in a trace.dat. */
struct TraceDatCpu {
  std::uint64_t offset = 0;
  std::uint64_t stored = 0;    // bytes in the file
  std::uint64_t unpacked = 0;  // bytes of ring-buffer pages; the same unless compressed
};

/** What a trace.dat says of itself before any event: trace-cmd.dat.v6(5), trace-cmd.dat.v7(5). */
struct TraceDatLayout {
  unsigned version = 0;
  std::string compression = "none";
  std::uint64_t page_size = 4096;
  std::string uname{};
  std::string clock{};
  std::vector<TraceDatCpu> cpus{};       // of the top trace instance
  unsigned other_instances = 0;          // whose events are not read
  std::uint64_t lost_events = 0;         // overrun or dropped, by the kernel's count at the end of recording
};

/** The first bytes of every trace.dat. */
inline constexpr std::string_view kTraceDatMagic{"\x17\x08\x44tracing", 10};

/**
 * Walks the sections of the trace.dat open as @fd, so that damage gets an offset instead of the library's silence.
 * Throws BadRecording, under the name @shown, where a section points outside the file or into itself.
 */
TraceDatLayout read_trace_dat_layout(int fd, const std::filesystem::path& shown);

}  // namespace gbsim
