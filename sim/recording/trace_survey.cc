// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/trace_survey.h"

namespace gbsim {

void KernelTell::compare(const TraceEvent& event, const Last& before) {
  const bool same_page = event.pfn == before.pfn && event.order == before.order;
  if (before.kind == EventKind::extfrag && same_page) {
    announced_first_ += event.kind == EventKind::zone_locked ? 1 : 0;
    announced_last_ += event.kind == EventKind::alloc ? 1 : 0;
  } else if (event.kind == EventKind::extfrag) {
    announced_last_ += before.kind == EventKind::zone_locked && same_page ? 1 : 0;
    announced_last_ += before.kind == EventKind::extfrag ? 1 : 0;
  }
}

std::optional<KernelVersion> KernelTell::kernel() const {
  if (announced_first_ == announced_last_) {
    return std::nullopt;
  }
  return announced_first_ > announced_last_ ? KernelVersion::v6_1 : KernelVersion::v6_12;
}

/** As far as is known by now. */
const KernelRules& Surveyor::rules() const {
  return kernel_rules(known_.value_or(tell_.kernel().value_or(kNewestKernel)));
}

bool Surveyor::takes_page(const TraceEvent& event) const {
  return event.kind == EventKind::extfrag && rules().fallback_takes_page;
}

void Surveyor::find_direct_frees(const TraceEvent& event) {
  // Others free, too, while the task that moves pages has to wait: what an allocation gave them.
  const bool is_kept = kept_targets_.note(event) && rules().announces_kept_targets &&
                       !direct_frees_.is_handed_out(event.pfn);
  if (!is_kept) {
    direct_frees_.note(event, survey_.events, takes_page(event));
  }
}

void Surveyor::note_compaction(const TraceEvent& event) {
  std::optional<Ns>& first = event.kind == EventKind::compaction ? survey_.first_compaction : first_deed_;
  first = first.value_or(event.time);
}

void Surveyor::note(const TraceEvent& event) {
  ++survey_.kinds[static_cast<std::size_t>(event.kind)];
  if (shows_compaction(event.kind)) {
    note_compaction(event);
  }
  source_scans_.note(event);
  find_direct_frees(event);
  untraced_.note(event, event.kind == EventKind::zone_locked || takes_page(event));
  survey_.events += event.announced ? 1 : 0;
  if (!is_aside(event)) {
    tell_.note(event);
  }
}

void Surveyor::note(const ZoneImage& zone) {
  direct_frees_.note(zone);
  untraced_.note(zone);
}

TraceSurvey Surveyor::finish() && {
  survey_.untraced = std::move(untraced_).stays();
  survey_.source_scans = std::move(source_scans_).take();
  survey_.kernel = tell_.kernel();
  if (!survey_.first_compaction) {
    survey_.first_compaction = first_deed_;
  }
  // Where frees to the buddy are recorded, none needs to be found.
  if (survey_.count(EventKind::buddy_free) == 0) {
    survey_.direct_frees = std::move(direct_frees_).numbers();
  }
  return std::move(survey_);
}

}  // namespace gbsim
