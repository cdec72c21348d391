// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/folio_fate.h"

#include <doctest/doctest.h>

using namespace gbsim;

namespace {

/** Rule and fate, as in "clean: reclaim". */
struct Expected {
  std::string_view rule;
  FolioFate fate;
};

void check(unsigned flags, Expected expected) {
  const FateRule& rule = fate_rule(static_cast<std::uint16_t>(flags));
  CHECK(rule.name == expected.rule);
  CHECK(rule.fate == expected.fate);
}

constexpr unsigned kAnon = kSwapBacked | kDirty | kMayWrite;

}  // namespace

TEST_CASE("clean file memory is reclaimed, referenced once or not") {
  check(0, {"clean", FolioFate::reclaim});
  check(kReferenced, {"clean", FolioFate::reclaim});
  check(kWorkingset, {"clean", FolioFate::reclaim});
}

TEST_CASE("anon memory with a valid copy in swap is reclaimed without a write") {
  check(kSwapBacked, {"clean", FolioFate::reclaim});
}

TEST_CASE("dirty file memory is left to the flusher and comes back first when written") {
  check(kDirty, {"dirty_file", FolioFate::await_writeback});
  check(kDirty | kReferenced, {"dirty_file", FolioFate::await_writeback});
}

TEST_CASE("memory under writeback waits whatever else is true of it") {
  check(kWriteback | kYoung | kReferenced, {"under_writeback", FolioFate::await_writeback});
}

TEST_CASE("a mapped folio touched once stays inactive, touched in two rounds it is activated") {
  check(kAnon | kYoung, {"touched_once", FolioFate::keep_referenced});
  check(kAnon | kYoung | kReferenced, {"touched_again", FolioFate::activate});
}

TEST_CASE("pinned memory stays: file memory goes to the active list, anon memory where it was") {
  check(kPinned, {"pinned", FolioFate::activate});
  check(kAnon | kPinned | kSwapFitsWhole, {"pinned_and_not_in_swap", FolioFate::keep});
}

TEST_CASE("anon memory goes to swap whole, in pieces, or not at all") {
  check(kAnon | kSwapFitsWhole, {"to_swap", FolioFate::swap_out});
  check(kAnon | kLarge | kSwapFitsPage, {"to_swap_in_pieces", FolioFate::split});
  check(kAnon, {"swap_full", FolioFate::activate});
}

TEST_CASE("anon memory is kept while writing is forbidden") {
  check(kSwapBacked | kDirty | kSwapFitsWhole, {"writing_forbidden", FolioFate::keep});
}

TEST_CASE("what compaction holds is left alone") { check(kIsolated, {"isolated", FolioFate::keep}); }
