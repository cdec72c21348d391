// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/pageblock_pack.h"

#include <algorithm>
#include <bit>

#include "sim/metrics/pageblock_file.h"
#include "sim/report/html_page.h"

namespace gbsim {
namespace {

constexpr std::size_t kFramesPerPiece = 12;  // a browser unpacks 12 frames of 256 GiB in a few milliseconds
constexpr std::size_t kMaxStep = std::size_t{1} << 30U;

/** Gathers frames into pieces and keeps count of what they will take. */
class Packer {
 public:
  explicit Packer(PageblockPack& pack) : pack_(pack) {}

  void add(double time, const std::vector<PageblockCode>& codes) {
    const bool key = pack_.times.size() % kFramesPerPiece == 0;
    if (key) {
      close();
    }
    for (std::size_t i = 0; i < codes.size(); ++i) {
      piece_ += static_cast<char>(key ? codes[i] : codes[i] ^ last_[i]);
    }
    last_ = codes;
    pack_.times.push_back(time);
  }

  /** Ends the piece under way. */
  void close() {
    if (!piece_.empty()) {
      pack_.pieces.push_back(packed_text(piece_));
      bytes_ += pack_.pieces.back().size();
      piece_.clear();
    }
  }

  std::size_t bytes() const { return bytes_; }

 private:
  PageblockPack& pack_;
  std::string piece_;
  std::vector<PageblockCode> last_;
  std::size_t bytes_ = 0;
};

/** What a pack may take. */
struct PackLimit {
  std::size_t frames = 0;
  std::size_t bytes = 0;
};

/** Every @step-th frame; nullopt if that goes beyond @limit. */
std::optional<PageblockPack> pack_every(std::size_t step, const std::filesystem::path& path, PackLimit limit) {
  PageblockPack pack;
  pack.frames_per_piece = kFramesPerPiece;
  Packer packer(pack);
  auto reader = PageblockReader::open(path);
  std::size_t number = 0;
  while (const PageblockFrame* frame = reader ? reader->next() : nullptr) {
    if (number++ % step == 0) {
      packer.add(static_cast<double>(reader->time().count()) / 1e9, frame->codes);
    }
    if (packer.bytes() > limit.bytes || pack.times.size() > limit.frames) {
      return std::nullopt;
    }
    pack.ranges = frame->ranges;
    pack.pageblock = frame->pageblock;
    pack.gigablock = frame->gigablock;
  }
  packer.close();
  return packer.bytes() <= limit.bytes ? std::optional(std::move(pack)) : std::nullopt;
}

std::size_t nr_frames(const std::filesystem::path& path) {
  auto reader = PageblockReader::open(path);
  std::size_t count = 0;
  while (reader && reader->next() != nullptr) {
    ++count;
  }
  return count;
}

}  // namespace

std::optional<PageblockPack> pack_pageblocks(const std::filesystem::path& path, std::size_t max_frames,
                                             std::size_t budget) {
  const std::size_t frames = nr_frames(path);
  const std::size_t most = std::max<std::size_t>(1, max_frames);
  for (std::size_t step = std::bit_ceil((frames + most - 1) / most); step <= kMaxStep; step *= 2) {
    if (auto pack = pack_every(step, path, {max_frames, budget})) {
      return pack->times.empty() ? std::nullopt : std::move(pack);
    }
  }
  return std::nullopt;
}

}  // namespace gbsim
