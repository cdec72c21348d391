// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "sim/recording/event_reader.h"
#include "sim/recording/untraced_pages.h"

namespace gbsim {

/** An event kept apart from the recording it belongs to, and its place there. */
struct SideEvent {
  TraceEvent event{};
  std::optional<std::uint64_t> before{};  // the record of the recording it precedes, from 0; else placed by its time

  bool operator==(const SideEvent&) const = default;
};

/** Events that lie beside a recording in a file of their own, in order. */
class SideEvents {
 public:
  virtual ~SideEvents() = default;
  /** The next one; nothing at the end. Throws BadRecording. */
  virtual std::optional<SideEvent> next() = 0;
  /** What was out of order in the rows read so far, by kind. */
  virtual EventTally oddities() const { return {}; }
};

/**
 * hidden.csv: `rec,t_ns,cpu,event,pfn,order,migratetype,extra`, CPUs below @cpus. Rows that precede the one before them
 * are counted `hidden_rows_out_of_order` and put where they belong, so far as that lies within a thousand rows; those
 * that repeat another are counted `hidden_rows_doubled` and dropped. Throws BadRecording.
 */
std::unique_ptr<SideEvents> open_hidden(const std::filesystem::path& file, std::uint32_t cpus = kMostCpus);
/**
 * Each of @stays, which are by the time they left and outlive the result, as an allocation of order 0 at that time:
 * unmovable, without GFP bits, not announced.
 */
std::unique_ptr<SideEvents> untraced_events(const std::vector<UntracedStay>& stays);
/**
 * other.txt: `t_ns cpu name field=value...`, CPUs below @cpus; what is no event of compaction is passed over. Lines out
 * of order or doubled are treated as rows of hidden.csv, and counted `other_lines_...`. Throws BadRecording.
 */
std::unique_ptr<SideEvents> open_other(const std::filesystem::path& file, std::uint32_t cpus = kMostCpus);

/** @name beside @trace, plain, as .xz or as .zst; nothing if there is none. */
std::optional<std::filesystem::path> file_beside(const std::filesystem::path& trace, const std::string& name);

/** Events of @base with those of @sides put into their places. */
class MergedReader : public EventReader {
 public:
  MergedReader(std::unique_ptr<EventReader> base, std::vector<std::unique_ptr<SideEvents>> sides);

  bool next_batch(std::vector<TraceEvent>& batch) override;
  TraceOrigin origin() const override { return base_->origin(); }
  EventTally oddities() const override;

 private:
  struct Side {
    std::unique_ptr<SideEvents> events;
    std::optional<SideEvent> next{};
  };
  bool any_due(const TraceEvent& event, std::uint64_t record) const {
    return next_time_ < event.time || next_record_ <= record;
  }
  /** The earliest side event due before @event; nullptr if none is. */
  Side* due(const TraceEvent& event);
  void put_due(const TraceEvent& event, std::size_t limit, std::vector<TraceEvent>& batch);
  bool rest(std::vector<TraceEvent>& batch);
  void note_next();

  std::unique_ptr<EventReader> base_;
  std::vector<Side> sides_;
  std::vector<TraceEvent> read_;
  std::uint64_t record_ = 0;  // of the base
  // Of the side events to come, the earliest of those placed by time, and by record.
  Ns next_time_{0};
  std::uint64_t next_record_ = 0;
};

}  // namespace gbsim
