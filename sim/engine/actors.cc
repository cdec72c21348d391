// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/actors.h"

#include <array>
#include <simgrid/s4u.hpp>
#include <vector>

#include "sim/base/check.h"

#if defined(__SANITIZE_ADDRESS__)
#define GBSIM_CONTEXTS "--cfg=contexts/factory:thread"
#else
#define GBSIM_CONTEXTS "--cfg=contexts/factory:raw"
#endif

namespace gbsim {

namespace s4u = simgrid::s4u;

namespace {

// SimGrid reads options of its own from argv and would answer --help: it gets a command line of ours.
struct SyntheticArguments {
  std::array<std::string, 4> words{"gbsim", "--log=root.thresh:error", "--cfg=cpu/optim:Lazy", GBSIM_CONTEXTS};
  std::vector<char*> pointers;
  int count = 4;

  SyntheticArguments() {
    for (std::string& word : words) {
      pointers.push_back(word.data());
    }
    pointers.push_back(nullptr);
  }
};

constexpr double kHostFlops = 1e9;

}  // namespace

struct Actors::Impl {
  SyntheticArguments arguments;
  s4u::Engine engine{&arguments.count, arguments.pointers.data()};
  std::vector<s4u::Host*> hosts;
};

Actors::Actors(unsigned nr_hosts) : impl_(std::make_unique<Impl>()) {
  s4u::NetZone* machine = s4u::create_full_zone("machine");
  for (unsigned host = 0; host < nr_hosts; ++host) {
    impl_->hosts.push_back(machine->create_host("cpu" + std::to_string(host), kHostFlops));
  }
  machine->seal();
}

Actors::~Actors() = default;

s4u::Actor* Actors::spawn(const std::string& name, unsigned host, std::function<void()> body) {
  GBSIM_CHECK(host < impl_->hosts.size());
  auto guard = [this, work = std::move(body)] { guarded(work); };
  return s4u::Actor::create(name, impl_->hosts[host], guard).get();
}

void Actors::guarded(const std::function<void()>& body) {
  try {
    body();
  } catch (const simgrid::ForcefulKillException&) {
    throw;
  } catch (...) {
    if (!failure_) {
      failure_ = std::current_exception();
    }
    clock_.stop();
  }
}

void Actors::run() {
  impl_->engine.run();
  if (failure_) {
    std::rethrow_exception(failure_);
  }
  GBSIM_CHECK(clock_.stopping());  // otherwise everybody waits for somebody: a deadlock
}

}  // namespace gbsim
