// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/run_report.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "sim/report/csv_pack.h"
#include "sim/report/html_page.h"
#include "sim/report/pageblock_pack.h"
#include "sim/report/run_files.h"

namespace gbsim {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kRows = 1500;       // samples in a line: more than a screen has pixels
constexpr std::size_t kMapColumns = 720;  // samples in the gigablock map
constexpr std::size_t kFrames = 480;      // instants of the pageblock view
constexpr std::size_t kEvents = 5000;

void add_gigablocks(HtmlPage& page, const fs::path& dir) {
  const GigablockPlanes planes = read_gigablock_planes(dir / "gigablocks.csv", kMapColumns);
  const std::size_t row = planes.gigablocks.size();
  page.add("gigablocks", json{{"times", planes.times}, {"gigablocks", planes.gigablocks}}.dump());
  std::vector<std::string> pieces;
  for (const auto* plane : {&planes.state, &planes.free, &planes.movable, &planes.unmovable, &planes.reclaimable,
                            &planes.pinned}) {
    pieces.push_back(packed_text(differences(*plane, row)));
  }
  page.add_pieces("gigablock_planes", pieces);
}

json ranges_of(const PageblockPack& pack) {
  json ranges = json::array();
  for (const PageblockRange& range : pack.ranges) {
    ranges.push_back({range.start.value, range.count});
  }
  return ranges;
}

void add_pageblocks(HtmlPage& page, const fs::path& dir, std::size_t budget) {
  const std::optional<PageblockPack> pack = pack_pageblocks(dir / "pageblocks.bin", kFrames, budget);
  if (!pack) {
    return;
  }
  page.add("pageblocks", json{{"ranges", ranges_of(*pack)},
                              {"pageblock_pages", pack->pageblock.pages().value},
                              {"gigablock_pages", pack->gigablock.pages().value},
                              {"frames_per_piece", pack->frames_per_piece},
                              {"times", pack->times}}
                             .dump());
  page.add_pieces("pageblock_frames", pack->pieces);
}

}  // namespace

std::string run_report(const fs::path& dir, std::size_t budget) {
  const std::optional<RunFiles> run = read_run(dir);
  HtmlPage page(run ? run->label() : dir.filename().string(), "run.js");
  for (const char* name : {"summary.json", "scenario.yaml", "latency.csv", "buddyinfo.txt"}) {
    page.add(name, file_text(dir / name));
  }
  page.add("gigablock_size", gigablock_size_of(dir / "scenario.yaml"));
  page.add("events.csv", thin_csv(file_text(dir / "events.csv"), kEvents));
  page.add("timeseries.csv", thin_csv(file_text(dir / "timeseries.csv"), kRows));
  page.add("vmstat.csv", thin_csv(file_text(dir / "vmstat.csv"), kRows));
  add_gigablocks(page, dir);
  const std::size_t used = page.html().size() + 1024;  // and the description of the frames
  add_pageblocks(page, dir, used < budget ? budget - used : 0);
  return page.html();
}

}  // namespace gbsim
