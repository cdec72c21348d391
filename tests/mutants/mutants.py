#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Breaks one rule of the simulator at a time and expects a test to turn red.

usage: mutants.py SOURCE_DIR WORK_DIR [NAME...]
       mutants.py SOURCE_DIR --fit

Works on a copy of the sources, built once and then again after each change. Exit 1 if a mutant survives, does not build
or no longer fits the sources; --fit looks at the last alone.
"""
import pathlib
import shutil
import subprocess
import sys
from typing import NamedTuple


class Mutant(NamedTuple):
    name: str
    file: str
    rule: str    # as it stands
    broken: str
    target: str  # the test program that must fail


MUTANTS = [
    Mutant("merge_ignores_pageblock_type", "sim/mm/zone_buddy.cc",
           "return other == type || (is_mergeable(other) && is_mergeable(type));", "return true || other == type;", "unit_mm"),
    Mutant("tail_add_forgotten", "sim/mm/zone_buddy.cc",
           "link(block, order, type, asked || buddy_merge_likely(block, order));", "link(block, order, type, asked);",
           "unit_mm"),
    Mutant("free_pages_not_accounted", "sim/mm/zone.h", "free_.add(cpu_, delta);", "(void)delta;", "unit_mm"),
    Mutant("drain_from_the_head", "sim/mm/pcp_rules.cc", "zone.pfn(ring.pop_tail())", "zone.pfn(ring.pop_head())",
           "unit_mm"),
    Mutant("lru_keeps_size", "sim/mm/lru.cc", "  ends.pages -= record.order.pages();\n", "", "unit_mm"),
    Mutant("noretry_goes_on", "sim/allocator/slow_path.cc",
           "return gfp.has(Gfp::noretry) || luxury ?", "return luxury ?", "unit_allocator"),
    Mutant("atomic_waits", "sim/allocator/slow_path.cc",
           "return can_wait(allocator, path) ? SlowOutcome::next_step : SlowOutcome::failed;",
           "return (can_wait(allocator, path) || true) ? SlowOutcome::next_step : SlowOutcome::failed;", "unit_allocator"),
    Mutant("oom_for_requests_that_may_fail", "sim/allocator/slow_path.cc", "return !is_costly(path) && !settles_for_less",
           "return !is_costly(path) && (!settles_for_less || true)", "unit_allocator"),
    Mutant("scanners_pass_each_other", "sim/reclaim/compact_control.h", "return block_of(free_pfn) <= block_of(migrate_pfn);",
           "return block_of(free_pfn) < block_of(migrate_pfn);", "unit_reclaim"),
    Mutant("pinned_folios_migrate", "sim/reclaim/migration.cc", "return MigrateOutcome::pinned;",
           "return MigrateOutcome::migrated;", "unit_reclaim"),
    Mutant("writeback_waited_for_again", "sim/reclaim/migration.cc",
           "waited_until_ = std::max(waited_until_, done);", "", "unit_reclaim"),
    Mutant("slab_page_freed_early", "sim/workload/packet_store.h", "size_ -= block.count;", "--size_;", "unit_workload"),
    Mutant("unannounced_events_end_refills", "sim/recording/trace_event.h", "         !event.announced;", "         false;",
           "unit_recording"),
    Mutant("reserve_grows_with_each_lead_back", "sim/replay/zone_alignment.cc",
           "    ours_.unreserve_highatomic(pages);\n", "    ;\n", "unit_replay"),
    Mutant("gib_with_a_gap", "sim/demand/gigantic_pages.cc", "pages == NrPages{0} || event.pfn != run.to",
           "pages == NrPages{0}", "unit_demand"),
    Mutant("searched_list_not_turned", "sim/replay/recorded_compaction.cc",
           "  turn_all(*zone, *found);\n  if (found->block)", "  if (found->block)", "unit_replay"),
    Mutant("frees_beside_compaction_kept", "sim/recording/trace_survey.cc", " &&\n                       !direct_frees_.is_handed_out(event.pfn);",
           ";", "unit_recording"),
    Mutant("shown_isolations_turn_nothing", "sim/replay/recorded_compaction.cc",
           "    turn_all(zone, *found);\n    foreseen = found;", "    foreseen = found;", "unit_replay"),
    Mutant("cached_pages_in_the_way", "sim/replay/vain_isolation.cc", " && cached_[at] == 0) {", ") {", "unit_replay"),
    Mutant("turned_lists_taken_for_isolation", "sim/replay/vain_isolation.cc",
           "may_be_turned ? std::pow(share, passed_over_) < kChance : passed_over_ > 1", "passed_over_ > 1", "unit_replay"),
    Mutant("shorter_side_stays", "sim/mm/pcp.cc", "    ++head_;\n", "    --tail_;\n", "unit_mm"),
    Mutant("ahead_ends_with_the_batch", "sim/recording/event_window.cc", "std::min(following_.size(), kReach - near.size())",
           "std::min<std::size_t>(following_.size(), 0)", "unit_recording"),
    Mutant("kept_target_is_freed", "sim/replay/recorded_compaction.cc",
           "runs_.any_moves_pages() && is_target", "false && is_target", "unit_replay"),
    Mutant("targets_by_every_page", "sim/replay/target_range.cc", "at += passed + NrPages{step - 1};",
           "at += passed + NrPages{step - step};", "unit_replay"),
    Mutant("second_best_shortens_nothing", "sim/reclaim/fast_search.cc", "      search_.limit /= 2;\n", "",
           "unit_reclaim"),
    Mutant("unfit_gigablocks_cost_looks", "sim/mm/zone.h", "if (!gigablocks_ || looks_into(GigablockId{at})) {",
           "if (!gigablocks_ || looks_into(GigablockId{at}) || true) {", "unit_reclaim"),
    Mutant("gigablock_lists_do_not_turn", "sim/mm/zone_buddy.cc",
           "  const PageIndex block = page(head);\n  const Migratetype type = map_.slot(block).list();\n  FreeList& list",
           "  if (gigablocks_) {\n    return;\n  }\n  const PageIndex block = page(head);\n"
           "  const Migratetype type = map_.slot(block).list();\n  FreeList& list", "unit_reclaim"),
    Mutant("snapshots_settle_no_frees", "sim/recording/direct_frees.h", "pfn < zone.end.value && stamp <= zone.stamp",
           "pfn < zone.end.value && stamp < 0 * zone.stamp", "unit_recording"),
    Mutant("batches_begin_anew", "sim/recording/checked_reader.h", "      before = event();\n", "", "unit_recording"),
    Mutant("pages_leave_rings_in_disorder", "sim/mm/pcp.cc", "ring_[place & mask_] = at(place + 1);",
           "ring_[place & mask_] = at(tail_);", "unit_mm"),
    Mutant("source_search_forgotten_until_scanned", "sim/recording/source_scans.cc",
           "event.pfn = start ? *start : Pfn{};", "event.pfn = Pfn{};", "unit_recording"),
    Mutant("contiguous_pages_keep_types", "sim/replay/contiguous_alloc.cc",
           "    zone->set_pageblock_type(at, Migratetype::movable);\n", "", "unit_replay"),
    Mutant("pages_stay_on_lists_they_left", "sim/replay/list_edit.cc", "return place_of(pfn) == 0;", "return place_of(pfn) == 1;",
           "unit_replay"),
    Mutant("held_pages_forgotten", "sim/recording/untraced_finder.cc",
           "signs = static_cast<std::uint8_t>((signs & ~held) | (is_held ? held : 0));",
           "signs = static_cast<std::uint8_t>(signs & ~held); (void)is_held;",
           "unit_recording"),
    Mutant("refuted_refills_stay", "sim/replay/call_lead_back.cc",
           "  return_list(mine, cpu_of(event), key);\n", "", "unit_replay"),
    Mutant("unseen_calls_end_frees_in_a_row", "sim/replay/allocs_replay.cc",
           "std::tie(pcp.free_count, pcp.free_factor) = in_a_row;", "(void)in_a_row;", "unit_replay"),
    Mutant("unseen_refills_end_frees_in_a_row", "sim/replay/unseen_calls.cc",
           'add("refilled_unannounced");', 'add("refilled_unannounced");\n  note_pcp_alloc(zone.pcp(cpu));',
           "unit_replay"),
    Mutant("held_pages_were_drained", "sim/replay/call_lead_back.cc", "context_.untraced.holds(block, event.time)", "false",
           "unit_replay"),
    Mutant("lists_drained_in_vain", "sim/replay/recorded_relief.cc",
           "zone.free_stat().exact() + reclaim_excess(zone)", "reclaim_excess(zone) + (1 << 20)", "unit_replay"),
    Mutant("full_lists_stay_full", "sim/replay/zone_lessons.cc",
           "lists_are_ours_ && RecordedRelief::drain_for(zone, query)", "false", "unit_replay"),
    Mutant("zones_passed_over_stay_long_enough", "sim/replay/zone_lessons.cc",
           "choice.tries != 0 && !is_lower(choice)", "choice.tries != 0 && is_lower(choice)", "unit_replay"),
    Mutant("machines_without_boosts_stay_so", "sim/replay/zone_lessons.cc",
           "!lists_are_ours_ && !counters_tell_enough(choice)", "false", "unit_replay"),
    Mutant("huge_pages_were_handed_out_singly", "sim/recording/untraced_finder.cc", "(is_single || (signs & freed) == 0) && ", "",
           "unit_recording"),
    Mutant("page_tables_empty_no_batch", "sim/replay/lru_pages.cc", " || tables_[free.pfn] != 0", "", "unit_replay"),
    Mutant("costly_batches_never_stay", "sim/replay/snapshot_memory.cc", "keeps_batch(pcp.batch, tunables.cpu_data_cache)",
           "false", "unit_replay"),
    Mutant("stopped_workloads_run", "sim/engine/workload_set.cc", "if (instance.running)", "if (true)", "unit_engine"),
    Mutant("reclaimable_does_not_taint", "sim/mm/gigablock_index.cc",
           "if (unmovable + reclaimable + reserved != 0)", "if (unmovable + reserved != 0)", "unit_mm"),
    Mutant("gigablock_sets_outlive_their_blocks", "sim/mm/gigablock_index.cc",
           "bitmap.any() ? with_[set] | mark : with_[set] & ~mark", "with_[set] | mark", "fuzz_allocator"),
    Mutant("holding_set_of_the_wrong_type", "sim/mm/gigablock_index.cc",
           "flip(holding_[1], id.value, counts.reclaimable != 0,", "flip(holding_[1], id.value, counts.unmovable != 0,",
           "fuzz_allocator"),
    Mutant("gigablocks_by_fullness_miscounted", "sim/mm/gigablock_index.cc", "  --filed_[at];\n", "", "fuzz_allocator"),
    Mutant("order_sets_never_cleared", "sim/mm/gigablock_index.cc",
           "if (with_order_[order.value].test(id.value) != any)", "if (any)", "fuzz_allocator"),
    Mutant("movable_takes_the_reserve", "sim/mm/gigablock_index.cc", "if (counts.free <= reserve(id))",
           "if (counts.free < reserve(id))", "unit_placement"),
    Mutant("empty_gigablocks_not_gated", "sim/placement/gigablock.cc",
           "return gated ? std::nullopt : take_whole_empty(view, request);",
           "return gated && false ? std::nullopt : take_whole_empty(view, request);", "unit_placement"),
    Mutant("few_gigablocks_are_split_too", "sim/placement/gigablock.cc", "if (!view.is_large())", "if (false)",
           "unit_placement"),
    Mutant("used_pageblocks_cross_types", "sim/placement/gigablock.cc",
           "{tainted, other_non_movable(request.type), whole}",
           "{tainted, other_non_movable(request.type), request.order}", "unit_placement"),
    Mutant("steal_from_clean_first", "sim/placement/gigablock.cc",
           "first_found(std::array{tainted, clean, empty}, anywhere)",
           "first_found(std::array{clean, tainted, empty}, anywhere)", "unit_placement"),
    Mutant("bitmap_hit_unchecked", "sim/placement/gigablock_search.cc",
           "if (tunables_.bitmap_at_least ? reaches(orders, order) : has_exactly(orders, order)) {",
           "if (orders != 0) {", "fuzz_search"),
    Mutant("cooldown_ignored", "sim/allocator/gigablock_defrag.cc", "return !last || memory_.clock().now >=",
           "return true || memory_.clock().now >=", "unit_allocator"),
    Mutant("atomic_taints_at_once", "sim/allocator/slow_path.cc",
           "if (rung.verdict != TaintVerdict::taint) {", "if (false) {", "unit_allocator"),
]

MOST_S = 300  # longer than any of the programs takes; some mutants never end


def build(build_dir: pathlib.Path, target: str) -> bool:
    command = ["cmake", "--build", build_dir, "--target", target]
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


def fits(mutant: Mutant, source: pathlib.Path) -> bool:
    return (source / mutant.file).read_text().count(mutant.rule) == 1


def is_caught(mutant: Mutant, build_dir: pathlib.Path) -> bool:
    program = next(path for path in (build_dir / "tests").glob(f"**/{mutant.target}") if path.is_file())
    try:
        run = subprocess.run([program], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=MOST_S, check=False)
    except subprocess.TimeoutExpired:
        return True
    return run.returncode != 0


def try_mutant(mutant: Mutant, source: pathlib.Path, build_dir: pathlib.Path) -> str:
    file = source / mutant.file
    text = file.read_text()
    if not fits(mutant, source):
        return "does not fit the sources any more"
    file.write_text(text.replace(mutant.rule, mutant.broken))
    try:
        if not build(build_dir, mutant.target):
            return "does not build"
        return "caught" if is_caught(mutant, build_dir) else "SURVIVES"
    finally:
        file.write_text(text)


def report_misfits(source: pathlib.Path) -> int:
    misfits = [mutant.name for mutant in MUTANTS if not fits(mutant, source)]
    print(f"{len(MUTANTS)} mutants, that do not fit the sources: {', '.join(misfits) or 'none'}")
    return 1 if misfits else 0


def main() -> int:
    source, work = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    if sys.argv[2] == "--fit":
        return report_misfits(source)
    copy, build_dir = work / "source", work / "build"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("build", ".git", "results"))
    (copy / "results").mkdir()
    subprocess.run(["cmake", "--preset", "release", "-B", build_dir], cwd=copy, stdout=subprocess.DEVNULL, check=True)
    wanted = [m for m in MUTANTS if not sys.argv[3:] or m.name in sys.argv[3:]]
    failed = 0
    for mutant in wanted:
        verdict = try_mutant(mutant, copy, build_dir)
        failed += verdict != "caught"
        print(f"{mutant.name}: {verdict}", flush=True)
    print(f"{len(wanted)} mutants, {failed} not caught")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
