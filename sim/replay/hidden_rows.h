// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "sim/replay/event_reader.h"

namespace gbsim {

/**
 * What no tracepoint shows, woven into the events of @base: rows `rec,t_ns,cpu,event,pfn,order,migratetype,extra` of
 * @hidden (hidden.csv, perhaps compressed), each before the event whose number is `rec`, counted from 0 as @base gives
 * them. Throws BadRecording with the offset of a row that cannot be read.
 */
std::unique_ptr<EventReader> with_hidden_rows(std::unique_ptr<EventReader> base, const std::filesystem::path& hidden);

/** When compaction first began, out of the other.txt (perhaps compressed) beside a PGT1 recording; nothing if never. */
std::optional<Ns> first_compaction(const std::filesystem::path& other);

/** The file @stem, @stem.xz, @stem.zst or @stem.gz beside @trace, whichever is there first. */
std::optional<std::filesystem::path> beside(const std::filesystem::path& trace, std::string_view stem);

}  // namespace gbsim
