// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/fast_search.h"

namespace gbsim {

namespace {

/** One list, tail to head. */
class ListLook {
 public:
  ListLook(TargetSearch& search, FoundTarget& found) : search_(search), found_(found) {}

  void run(const Zone& zone, Order order, const LooksInto& looks_into) {
    zone.for_each_free_from(ListEnd::tail, order, Migratetype::movable, looks_into, [&](Pfn pfn) {
      last_ = pfn;
      ++met_;
      weigh(pfn, std::max(pfn.align_down(zone.orders().pageblock), zone.start()));
      stopped_ = found_.block || met_ >= search_.limit;
      return !stopped_;
    });
    found_.scanned += met_;
    found_.block = found_.block ? found_.block : second_best_;
    if (found_.block || stopped_) {
      found_.turns.push_back({order, found_.block ? *found_.block : *last_});
    }
    if (met_ >= search_.limit) {
      search_.limit = std::max(1U, search_.limit / 2);
    }
  }

 private:
  void weigh(Pfn pfn, Pfn pageblock) {
    found_.highest = std::max(found_.highest, pageblock);
    if (pfn >= search_.preferred) {
      found_.block = pfn;
    } else if (pfn >= search_.acceptable && (!second_best_ || pfn > *second_best_)) {
      second_best_ = pfn;
      search_.limit /= 2;
    }
  }

  TargetSearch& search_;
  FoundTarget& found_;
  unsigned met_ = 0;
  bool stopped_ = false;
  Maybe<Pfn> last_{};
  Maybe<Pfn> second_best_{};
};

}  // namespace

FoundTarget find_target(const Zone& zone, TargetSearch search, const LooksInto& looks_into) {
  FoundTarget found;
  Order order = search.first;
  for (Order left = search.wish; left > Order{0} && !found.block; --left) {
    found.order = order;
    ListLook(search, found).run(zone, order, looks_into);
    order = next_search_order(order, search.wish);
  }
  return found;
}

FoundSource find_source(const Zone& zone, Order top, unsigned limit, const std::function<bool(Pfn)>& fits,
                        const LooksInto& looks_into) {
  FoundSource found;
  for (Order order = top; order >= kCostlyOrder && !found.block && found.scanned < limit; --order) {
    Maybe<Pfn> last;
    zone.for_each_free_from(ListEnd::head, order, Migratetype::movable, looks_into, [&](Pfn pfn) {
      last = pfn;
      if (found.scanned++ >= limit) {
        return false;
      }
      found.block = fits(pfn) ? Maybe<Pfn>{pfn} : std::nullopt;
      return !found.block;
    });
    if (last && (found.block || found.scanned > limit)) {
      found.turn = ListTurn{order, *last, ListEnd::tail};
    }
  }
  return found;
}

}  // namespace gbsim
