// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/call_fallbacks.h"

#include <algorithm>

#include "sim/replay/fallback_check.h"

namespace gbsim {

namespace {

FallbackVerdict compare(const ExtfragEvent& ours, const TraceEvent& recorded) {
  FallbackVerdict verdict;
  const bool same_request = ours.order == recorded.order && ours.type == recorded.type;
  verdict.own_list_empty = same_request;  // else we would not have fallen back
  verdict.same_source =
      same_request && ours.fallback_order == recorded.fallback_order && ours.fallback == recorded.fallback_type;
  verdict.same_page = verdict.same_source && ours.pfn == recorded.pfn;
  verdict.same_claim = same_request && ours.owned == claims(recorded);
  return verdict;
}

}  // namespace

void CallFallbacks::tracepoint(Tracepoint point) {
  if (const auto* fallback = std::get_if<tracepoint::Extfrag>(&point)) {
    ours_.push_back(fallback->event);
  }
}

void CallFallbacks::note(const TraceEvent& recorded) { recorded_[recorded.cpu].push_back(recorded); }

std::uint64_t CallFallbacks::score_call(unsigned cpu, FallbackScore& score) {
  std::vector<TraceEvent>& theirs = recorded_[cpu];
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    score_fallback(i < ours_.size() ? compare(ours_[i], theirs[i]) : FallbackVerdict{}, score);
  }
  const std::size_t extra = ours_.size() - std::min(ours_.size(), theirs.size());
  theirs.clear();
  last_.swap(ours_);
  ours_.clear();
  return extra;
}

}  // namespace gbsim
