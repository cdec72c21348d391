// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/churn_folios.h"

#include <doctest/doctest.h>

#include "workload_rig.h"

using namespace gbsim;
using test::Rig;

namespace {

PageRequest request(unsigned order) {
  return PageRequest{Order{order}, gfp::kHighuserMovable, CpuId{0}, NodeId{0}};
}

}  // namespace

TEST_CASE("a group is freed as one") {
  Rig rig;
  ChurnFolios folios("churn", rig.host);
  FolioGroup group = kEmptyGroup;
  CHECK(folios.add(group, request(0), LruList::none, false));
  CHECK(folios.add(group, request(3), LruList::none, true));
  CHECK(folios.pages() == NrPages{9});
  folios.free(group, CpuId{0});
  CHECK(folios.pages() == NrPages{0});
  check_memory(rig.memory);
}

TEST_CASE("what reclaim took of a group is not freed again") {
  Rig rig;
  ChurnFolios folios("churn", rig.host);
  FolioGroup group = kEmptyGroup;
  for (int i = 0; i < 100; ++i) {
    folios.add(group, request(0), LruList::inactive_file, false);
  }
  rig.reclaim.drop_caches(CpuId{0});
  CHECK(folios.pages() == NrPages{0});
  folios.free(group, CpuId{0});
  FolioGroup next = kEmptyGroup;
  CHECK(folios.add(next, request(0), LruList::inactive_file, false));
  CHECK(folios.pages() == NrPages{1});
  check_memory(rig.memory);
}

TEST_CASE("the parts of a split folio die with its group") {
  Rig rig;
  ChurnFolios folios("churn", rig.host);
  FolioGroup group = kEmptyGroup;
  folios.add(group, request(4), LruList::inactive_file, false);
  const FolioId whole{rig.memory.lru(NodeId{0}).tail(LruList::inactive_file)};
  CHECK(rig.memory.split_folio(whole).size() == 16);
  CHECK(folios.pages() == NrPages{16});
  check_memory(rig.memory);
  folios.free(group, CpuId{0});
  CHECK(folios.pages() == NrPages{0});
  CHECK(rig.memory.folios().live() == 0);
}

TEST_CASE("a refused folio leaves its group as it was") {
  Rig rig;
  rig.fragment(300);
  ChurnFolios folios("churn", rig.host);
  FolioGroup group = kEmptyGroup;
  CHECK_FALSE(folios.add(group, PageRequest{Order{3}, gfp::kAtomic, CpuId{0}, NodeId{0}}, LruList::none, false));
  CHECK(group == kEmptyGroup);
}
