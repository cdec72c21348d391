// SPDX-License-Identifier: GPL-2.0-or-later
// Keys of the btrfs model.
#include <array>
#include <bit>

#include "sim/workload/btrfs.h"

namespace gbsim {

namespace {

constexpr std::string_view kEstimate = "estimate for a 256 GiB, 32-CPU file server";

constexpr std::array kParams{
    ParamSpec{"files.total", ParamType::size, "300GiB",
              "bytes of all files at scale 1; more than memory, so that the page cache takes what is left",
              "published-figures 2.1, thpfioscale: files of 150 % of RAM", 0, 1e15},
    ParamSpec{"files.size", ParamType::law, "lognormal 32KiB p90 1MiB", "size of a file, at most 1 GiB", kEstimate},
    ParamSpec{"files.popularity", ParamType::real, "0.8",
              "exponent of the Zipf law by which files are read: 0 all alike, 1 a small hot set", kEstimate, 0, 3},
    ParamSpec{"create.rate", ParamType::rate, "50/s", "files created and written, whole machine at scale 1", kEstimate},
    ParamSpec{"delete.rate", ParamType::rate, "55/s",
              "files deleted, whole machine at scale 1; none while a tenth of files.total is missing", kEstimate},
    ParamSpec{"read.rate", ParamType::rate, "450/s", "sequential reads begun, whole machine at scale 1",
              "published-figures 2.2: 183-190 k pages freed a second on a real server, of which files are a part"},
    ParamSpec{"read.length", ParamType::law, "lognormal 64KiB p90 1MiB", "bytes of one read", kEstimate},
    ParamSpec{"overwrite.rate", ParamType::rate, "60/s", "pieces of existing files written anew", kEstimate},
    ParamSpec{"overwrite.length", ParamType::law, "lognormal 16KiB p90 128KiB", "bytes of one such piece", kEstimate},
    ParamSpec{"fsync.share", ParamType::share, "10%",
              "of finished writes that ask for their data on disk", kEstimate, 0, 1},
    ParamSpec{"backup.bandwidth", ParamType::size, "160MiB",
              "bytes a second, at scale 1, of a reader that goes through all files in turn",
              "published-figures 2.1, thpfioscale: read-only fio over all files for half of the time", 0, 1e12},
    ParamSpec{"data.max_order", ParamType::integer, "5",
              "largest folio of file data; 0 for kernels whose btrfs has no large folios, such as 6.1 and 6.12",
              "128 KiB readahead; btrfs itself stops at order 6", 0, 6},
    ParamSpec{"data.readahead", ParamType::size, "128KiB", "readahead window", "read_ahead_kb of the kernel", 4096,
              16777216},
    ParamSpec{"data.prefill", ParamType::size, "120GiB", "read before the run begins, at scale 1",
              "saves warm-up: a server that has been up for a while", 0, 1e15},
    ParamSpec{"metadata.large_folios", ParamType::flag, "false",
              "an extent buffer is one order-2 folio if that can be had, else four base pages",
              "kernel-traces: four order-0 pages, NOFS|NOFAIL, in 6.1 and 6.12"},
    ParamSpec{"metadata.commit", ParamType::time, "30s", "time between transaction commits", "btrfs commit=30", 1e6,
              1e18},
    ParamSpec{"snapshots.keep", ParamType::integer, "6", "older snapshots are deleted", kEstimate, 0, 1000},
    ParamSpec{"phases.length", ParamType::time, "60s",
              "of each phase: serve, create, snapshot, serve, delete, idle, and again", kEstimate, 1e6, 1e18},
};

std::unique_ptr<Workload> make(std::string instance, const Params& params, double scale, WorkloadHost& host) {
  return std::make_unique<Btrfs>(std::move(instance), BtrfsRules(params), scale, host);
}

}  // namespace

BtrfsRules::BtrfsRules(const Params& params)
    : total_bytes(static_cast<double>(params.bytes("files.total"))),
      size(params.law("files.size")),
      popularity(params.real("files.popularity")),
      creates(params.real("create.rate")),
      deletes(params.real("delete.rate")),
      reads(params.real("read.rate")),
      read_length(params.law("read.length")),
      overwrites(params.real("overwrite.rate")),
      overwrite_length(params.law("overwrite.length")),
      fsync_share(params.real("fsync.share")),
      backup_bytes(static_cast<double>(params.bytes("backup.bandwidth"))),
      cache{Order{static_cast<unsigned>(params.integer("data.max_order"))},
            static_cast<std::uint32_t>(params.bytes("data.readahead") / kPageSize)},
      prefill_bytes(static_cast<double>(params.bytes("data.prefill"))),
      large_metadata(params.flag("metadata.large_folios")),
      commit_interval(params.time("metadata.commit")),
      snapshots_kept(static_cast<std::size_t>(params.integer("snapshots.keep"))),
      phase_length(params.time("phases.length")) {}

const WorkloadModel& btrfs_model() {
  static constexpr WorkloadModel kModel{
      "btrfs", "files on btrfs: page cache with readahead and large folios, extent buffers, inodes, snapshots", kParams,
      make};
  return kModel;
}

}  // namespace gbsim
