// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/replay/replay_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/base/text.h"
#include "sim/mm/kernel_rules.h"

namespace gbsim {

namespace {

using Json = nlohmann::ordered_json;

double seconds(Ns time) { return std::chrono::duration<double>(time).count(); }

Json to_json(const ExactCount& count) {
  return {{"predicted", count.predicted}, {"total", count.total}, {"share", count.share()}};
}

Json to_json(const FallbackScore& score) {
  return {{"total", score.total},
          {"same_decision", score.same_decision},
          {"same_share", ExactCount{score.same_decision, score.total}.share()},
          {"own_list_empty", score.own_list_empty},
          {"same_order_and_type", score.same_order_and_type},
          {"same_page", score.same_page},
          {"same_claim", score.same_claim}};
}

Json to_json(const Score& score) {
  Json json = to_json(score.all);
  for (std::size_t type = 0; type < kNrMigratetypes; ++type) {
    if (type < kNrPcpTypes || score.by_type[type].total != 0) {
      json["by_type"][lower_case(name(static_cast<Migratetype>(type)))] = to_json(score.by_type[type]);
    }
  }
  return json;
}

Json to_json(const EventTally& tally) {
  Json json = Json::object();
  for (const auto& [kind, count] : tally.counts()) {
    json[kind] = count;
  }
  return json;
}

Json to_json(const std::vector<Pfn>& list) {
  Json json = Json::array();
  for (const Pfn pfn : list) {
    json.push_back(pfn.value);
  }
  return json;
}

Json to_json(const Mismatch& mismatch) {
  Json json{{"time_s", seconds(mismatch.time)},
            {"cpu", mismatch.cpu},
            {"order", mismatch.order.value},
            {"type", lower_case(name(mismatch.type))},
            {"kernel_pfn", mismatch.kernel.value},
            {"kernel_page_is", mismatch.where}};
  json["our_pfn"] = mismatch.ours ? Json(mismatch.ours->value) : Json(nullptr);
  json["our_list"] = to_json(mismatch.our_list);
  json["list_of_kernel_page"] = to_json(mismatch.kernel_list);
  return json;
}

bool in_order(const SnapshotScore& score) { return score.lists.same_order == score.lists.lists; }

bool same_blocks(const SnapshotScore& score) { return score.lists.same_blocks(); }

/** Of snapshots that know the kernel's lists. */
struct ListsSummary {
  std::uint64_t compared = 0;
  std::uint64_t equal_as_sets = 0;
  std::uint64_t equal_in_order = 0;

  explicit ListsSummary(const std::vector<SnapshotScore>& snapshots) {
    for (const SnapshotScore& score : snapshots) {
      if (!score.drawn) {
        ++compared;
        equal_as_sets += same_blocks(score) ? 1 : 0;
        equal_in_order += in_order(score) ? 1 : 0;
      }
    }
  }
};

Json snapshots_json(const std::vector<SnapshotScore>& snapshots) {
  Json json = Json::array();
  for (const SnapshotScore& score : snapshots) {
    json.push_back(to_json(score));
  }
  return json;
}

std::string score_line(std::string_view what, const Score& score) {
  if (score.all.total == 0) {
    return fmt::format("{:<26} nothing to foretell\n", what);
  }
  std::string text = fmt::format("{:<26} {:>10} of {:>10} exact ({:.4f} %)", what, score.all.predicted,
                                 score.all.total, 100 * score.all.share());
  const FallbackScore& fallbacks = score.fallbacks;
  if (fallbacks.total == 0) {
    return text + "\n";
  }
  const double same = ExactCount{fallbacks.same_decision, fallbacks.total}.share();
  return text + fmt::format(", fallbacks {} of {} as decided ({:.3f} %)\n", fallbacks.same_decision, fallbacks.total,
                            100 * same);
}

std::string type_lines(const Score& score) {
  std::string text;
  for (std::size_t type = 0; type < kNrMigratetypes; ++type) {
    const ExactCount& count = score.by_type[type];
    if (count.total != 0) {
      const std::string key = lower_case(name(static_cast<Migratetype>(type)));
      text += fmt::format("  {:<24} {:>10} of {:>10}       ({:.4f} %)\n", key, count.predicted, count.total,
                          100 * count.share());
    }
  }
  return text;
}

std::string pages(const std::vector<Pfn>& list) {
  std::string text;
  for (const Pfn pfn : list) {
    text += fmt::format(" {}", pfn.value);
  }
  return text.empty() ? " (empty)" : text;
}

std::string mismatch_lines(const Mismatch& mismatch) {
  std::string text = fmt::format("first mismatch at {:.6f} s, CPU {}, order {}, {}: the kernel took {}, which is {}\n",
                                 seconds(mismatch.time), mismatch.cpu, mismatch.order.value,
                                 lower_case(name(mismatch.type)), mismatch.kernel.value, mismatch.where);
  text += fmt::format("  our list:{}\n", pages(mismatch.our_list));
  return text + fmt::format("  list with the kernel's page:{}\n", pages(mismatch.kernel_list));
}

std::string lists_line(const std::vector<SnapshotScore>& snapshots) {
  const ListsSummary summary(snapshots);
  if (summary.compared == 0) {
    return {};
  }
  return fmt::format("free lists at snapshots: {} compared by zone, {} equal as sets, {} in order\n", summary.compared,
                     summary.equal_as_sets, summary.equal_in_order);
}

std::string window_line(const std::vector<ScoreWindow>& windows) {
  std::string text;
  for (const ScoreWindow& window : windows) {
    text += fmt::format(" {:.1f}s:{:.2f}%", seconds(window.begin), 100 * window.count.share());
  }
  return text.empty() ? text : "exact by window:" + text + '\n';
}

}  // namespace

std::string tally_line(std::string_view what, const EventTally& tally) {
  std::string text;
  for (const auto& [kind, count] : tally.counts()) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", kind, count);
  }
  return text.empty() ? text : fmt::format("{}: {}\n", what, text);
}

std::string replay_json(const ReplayOutcome& outcome) {
  const ReplayCounts& counts = outcome.counts;
  const Score& before = counts.before_compaction.value_or(counts.whole);
  Json json{{"mode", outcome.mode},
            {"kernel", kernel_rules(outcome.kernel).name},
            {"outcome", outcome.is_interrupted ? "interrupted" : "completed"},
            {"events", counts.events},
            {"skipped", to_json(counts.skipped)},
            {"corrections", to_json(counts.corrections)},
            {"exact", to_json(counts.whole)}};
  json["before_first_compaction"] = to_json(before);
  const auto& until = outcome.first_compaction;
  json["before_first_compaction"]["until_s"] = until ? Json(seconds(*until)) : Json(nullptr);
  json["before_first_compaction"]["fallbacks"] = to_json(before.fallbacks);
  json["fallbacks"] = to_json(counts.whole.fallbacks);
  json["windows"] = Json::array();
  for (const ScoreWindow& window : counts.windows) {
    Json row = to_json(window.count);
    row["time_s"] = seconds(window.begin);
    json["windows"].push_back(std::move(row));
  }
  json["first_mismatch"] = counts.first_mismatch ? to_json(*counts.first_mismatch) : Json(nullptr);
  const ListsSummary lists(outcome.snapshots);
  json["lists"] = {{"compared", lists.compared},
                   {"equal_as_sets", lists.equal_as_sets},
                   {"equal_in_order", lists.equal_in_order}};
  json["snapshots"] = snapshots_json(outcome.snapshots);
  json["remarks"] = outcome.remarks;
  return json.dump(1) + '\n';
}

std::string replay_text(const ReplayOutcome& outcome) {
  const ReplayCounts& counts = outcome.counts;
  std::string text = fmt::format("mode {}, kernel {}, {} events\n", outcome.mode, kernel_rules(outcome.kernel).name,
                                 counts.events);
  if (counts.before_compaction) {
    text += score_line("up to the first compaction", *counts.before_compaction);
  }
  text += score_line("whole recording", counts.whole) + type_lines(counts.whole);
  text += window_line(counts.windows) + lists_line(outcome.snapshots);
  if (counts.first_mismatch) {
    text += mismatch_lines(*counts.first_mismatch);
  }
  text += tally_line("led back to the recording", counts.corrections) + tally_line("left out", counts.skipped);
  for (const std::string& remark : outcome.remarks) {
    text += "note: " + remark + '\n';
  }
  return text;
}

}  // namespace gbsim
