// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/base/tunables.h"
#include "sim/mm/kernel_rules.h"
#include "sim/recording/by_cpu.h"
#include "sim/recording/direct_frees.h"
#include "sim/recording/kept_targets.h"
#include "sim/recording/source_scans.h"
#include "sim/recording/trace_event.h"
#include "sim/recording/untraced_finder.h"

namespace gbsim {

/** What a first reading of a recording tells about the whole of it. */
struct TraceSurvey {
  std::uint64_t events = 0;  // announced ones: the others may be found by this very survey
  std::array<std::uint64_t, kNrEventKinds> kinds{};
  std::optional<Ns> first_compaction{};       // as announced; where nothing is, shown by its first deed
  std::optional<KernelVersion> kernel{};      // by the order of events around fallbacks; nothing without any
  std::vector<std::uint64_t> direct_frees{};  // numbers of announced events, from 0: see DirectFrees
  std::vector<Maybe<Pfn>> source_scans{};     // see SourceScans
  std::vector<UntracedStay> untraced{};       // that no event of a side file announces: see UntracedFinder

  std::uint64_t count(EventKind kind) const { return kinds[static_cast<std::size_t>(kind)]; }
};

/**
 * Tells the kernels apart by what their events look like around fallbacks: 6.1 announces a fallback and then takes a
 * page off the request's own lists; 6.12 announces it afterwards, or takes the page itself.
 */
class KernelTell {
 public:
  /** Not of those that are no step of what their CPU does: see is_aside(). */
  void note(const TraceEvent& event) {
    Last& last = last_[event.cpu];
    if (last.kind == EventKind::extfrag || event.kind == EventKind::extfrag) [[unlikely]] {
      compare(event, last);
    }
    last = {event.kind, event.order, event.pfn};
  }
  std::optional<KernelVersion> kernel() const;

 private:
  /** What the previous event of a CPU was about. */
  struct Last {
    EventKind kind = EventKind::other;
    Order order{};
    Pfn pfn{};
  };
  void compare(const TraceEvent& event, const Last& before);

  ByCpu<Last> last_;
  std::uint64_t announced_first_ = 0;
  std::uint64_t announced_last_ = 0;
};

/** Makes a survey, event by event. */
class Surveyor {
 public:
  /** @kernel: what is known already. */
  Surveyor(const PageGeometry& geometry, std::optional<KernelVersion> kernel)
      : known_(kernel), direct_frees_(geometry), untraced_(geometry.end) {}

  void note(const TraceEvent& event);
  /** A snapshot was taken at this point. */
  void note(const ZoneImage& zone);
  TraceSurvey finish() &&;

 private:
  void note_compaction(const TraceEvent& event);
  const KernelRules& rules() const;
  bool takes_page(const TraceEvent& event) const;
  void find_direct_frees(const TraceEvent& event);

  std::optional<KernelVersion> known_;
  DirectFrees direct_frees_;
  UntracedFinder untraced_;
  SourceScans source_scans_;
  KeptTargets kept_targets_;
  KernelTell tell_;
  std::optional<Ns> first_deed_;
  TraceSurvey survey_;
};

}  // namespace gbsim
