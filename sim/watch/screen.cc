// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/watch/screen.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "sim/watch/buddy_lines.h"
#include "sim/watch/gigablock_map.h"

namespace gbsim {
namespace {

constexpr double kPageBytes = 4096;
constexpr std::size_t kBarWidth = 20;
constexpr const char* kKeys = "q: leave this view, the run goes on   Ctrl-C: stop the run, its samples are kept";
constexpr double kEnoughToGuess = 0.01;  // of a run, before the time left is told
constexpr std::size_t kCpuPrefix = 6;    // "CPU   "
constexpr std::size_t kCpuCell = 34;     // a CPU user with its time so far
constexpr std::size_t kShortCpuCell = 26;

double seconds(Ns time) {
  return static_cast<double>(time.count()) * 1e-9;
}

std::string clock_text(double value) {
  const auto whole = static_cast<long>(std::max(0.0, value));
  if (whole >= 3600) {
    return fmt::format("{}h{:02}m{:02}s", whole / 3600, whole / 60 % 60, whole % 60);
  }
  return whole >= 60 ? fmt::format("{}m{:02}s", whole / 60, whole % 60) : fmt::format("{}s", whole);
}

std::string memory_text(NrPages pages) {
  const double mib = static_cast<double>(pages.value) * kPageBytes / (1 << 20U);
  return mib >= 1024 ? fmt::format("{:.1f} GiB", mib / 1024) : fmt::format("{:.0f} MiB", mib);
}

std::string bar(double fraction) {
  const auto full = static_cast<std::size_t>(std::clamp(fraction, 0.0, 1.0) * kBarWidth);
  return '[' + std::string(full, '=') + std::string(kBarWidth - full, ' ') + ']';
}

ScreenLine progress_line(const WatchState& state) {
  const WatchProgress& progress = state.progress;
  const char* phase = state.sample->time < Ns{0} ? " (warm-up)" : "";
  const std::string left = progress.fraction < kEnoughToGuess ? "?" : clock_text(progress.seconds_left);
  return line_of(Keep::progress,
                 fmt::format("{:3.0f}% {} {} simulated{}, {} left", 100 * progress.fraction, bar(progress.fraction),
                             clock_text(seconds(progress.simulated)), phase, left),
                 TextStyle::bold);
}

ScreenLine rate_line(const WatchProgress& progress) {
  return line_of(Keep::detail, fmt::format("rate  {:.0f} simulated s/s  {:.1f} M page operations/s",
                                           progress.simulated_per_second, progress.page_operations_per_second / 1e6));
}

ScreenLine memory_line(const Sample& sample) {
  NrPages managed;
  NrPages pcp;
  for (const ZoneSample& zone : sample.zones) {
    managed += zone.managed;
    pcp += zone.pcp;
  }
  const double all = std::max(1.0, static_cast<double>(managed.value));
  const double share = static_cast<double>(sample.free_pages().value) / all;
  return line_of(Keep::memory, fmt::format("free  {} of {} ({:.1f}%)  on per-CPU lists {}  swapped {}",
                                           memory_text(sample.free_pages()), memory_text(managed), 100 * share,
                                           memory_text(pcp), memory_text(sample.swap_used)));
}

ScreenLine gigablock_line(const Sample& sample) {
  return line_of(Keep::detail,
                 fmt::format("gigablocks  {} empty  {} clean  {} tainted  {} could be had whole now",
                             sample.gigablocks_in(GigablockState::empty), sample.gigablocks_in(GigablockState::clean),
                             sample.gigablocks_in(GigablockState::tainted), sample.allocatable_1g));
}

/** One user of CPU: share of one CPU now, and seconds so far where there is room. */
std::string cpu_cell(const WatchState& state, CpuUser user, bool with_time) {
  const double share = 100 * state.cpu.share[static_cast<std::size_t>(user)];
  const std::string used = fmt::format("{:.1f}s", seconds(state.sample->counters.cpu[user]));
  return with_time ? fmt::format("{:<17} {:5.1f}% {:>7}  ", name(user), share, used)
                   : fmt::format("{:<17} {:5.1f}%  ", name(user), share);
}

/** Simulated CPU of daemons and of stalled workloads. */
std::vector<ScreenLine> cpu_lines(const WatchState& state, std::size_t columns) {
  constexpr std::array shown{CpuUser::kswapd,         CpuUser::kcompactd,         CpuUser::khugepaged,
                             CpuUser::direct_reclaim, CpuUser::direct_compaction, CpuUser::gigablock_defrag};
  const bool with_time = columns >= kCpuPrefix + 2 * kCpuCell;
  const std::size_t room = columns > kCpuPrefix ? columns - kCpuPrefix : 0;
  const std::size_t a_row = std::max<std::size_t>(1, room / (with_time ? kCpuCell : kShortCpuCell));
  std::vector<ScreenLine> lines;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (i % a_row == 0) {
      lines.push_back(line_of(Keep::detail, i == 0 ? "CPU   " : "      "));
    }
    lines.back().spans.back().text += cpu_cell(state, shown[i], with_time);
  }
  return lines;
}

void append(std::vector<ScreenLine>& lines, std::vector<ScreenLine> more) {
  lines.push_back(line_of(Keep::spacing, ""));
  std::ranges::move(more, std::back_inserter(lines));
}

}  // namespace

CpuShares cpu_shares(const CpuTimes& before, const CpuTimes& now, Ns elapsed) {
  CpuShares shares;
  for (std::size_t i = 0; elapsed > Ns{0} && i < kNrCpuUsers; ++i) {
    const Ns used = std::max(now.time[i] - before.time[i], Ns{0});
    shares.share[i] = static_cast<double>(used.count()) / static_cast<double>(elapsed.count());
  }
  return shares;
}

std::vector<ScreenLine> screen_lines(const WatchState& state, const ScreenSize& size) {
  const Sample& sample = *state.sample;
  std::vector<ScreenLine> lines{line_of(Keep::heading, state.title), progress_line(state), rate_line(state.progress),
                                memory_line(sample), gigablock_line(sample)};
  std::ranges::move(cpu_lines(state, size.columns), std::back_inserter(lines));
  append(lines, buddy_lines(sample.zones, size.columns));
  const std::size_t taken = lines.size() + 2;  // and the keys under a blank line
  const ScreenSize room{size.rows > taken + 1 ? size.rows - taken - 1 : 0, size.columns};
  append(lines, gigablock_map(sample.gigablocks, room));
  append(lines, {line_of(Keep::keys, kKeys)});
  return fit(std::move(lines), size);
}

}  // namespace gbsim
