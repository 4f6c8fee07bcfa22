#include "actors/engine/engine.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/atom.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <chrono>
#include <future>

#include "actors/engine/customer_actor.hpp"
#include "actors/engine/lane_actor.hpp"
#include "actors/engine/pool_policy.hpp"
#include "actors/engine/reader_actor.hpp"
#include "actors/engine/reads.hpp"
#include "engine/basics/check.hpp"

namespace reckoner::actors {

Instant system_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(now).count()};
}

namespace {

// "stealing", the default, walks a list under two locks and can all but stop with many runnable
// actors; "sharing" wakes a thread for each of them.
struct SystemConfig : caf::actor_system_config {
  explicit SystemConfig(const EngineOptions& options) {
    set("scheduler.max-threads", options.threads);
    if (options.deterministic)
      set("scheduler.policy", caf::atom("testing"));
    else
      load<caf::scheduler::coordinator<PoolPolicy>>();
  }
};

EngineOptions with_clock(EngineOptions options) {
  if (!options.now) options.now = system_now;
  return options;
}

EngineEvents without_gaps(EngineEvents events) {
  if (!events.dead) events.dead = [](const storage::StoreError&) {};
  if (!events.alarm) events.alarm = [](std::string_view, std::string_view) {};
  if (!events.charge) events.charge = [](const ChargeNews&) {};
  return events;
}

}  // namespace

class Engine::System {
 public:
  System(storage::OpenedStore store, EngineOptions options, EngineEvents events)
      : opened_(std::make_shared<storage::OpenedStore>(std::move(store))),
        surroundings_{opened_->intake->books(),
                      with_clock(std::move(options)),
                      without_gaps(std::move(events)),
                      {}},
        config_(surroundings_.options),
        system_(config_) {
    storage::Store& raw_store = opened_->intake->store();
    if (surroundings_.options.deterministic) {
      lane_ = system_.spawn<LaneActor>(std::ref(surroundings_), opened_);
      reader_ = system_.spawn<ReaderActor>(std::ref(surroundings_), std::ref(raw_store));
      scanner_ = system_.spawn<ReaderActor>(std::ref(surroundings_), std::ref(raw_store));
    } else {
      lane_ = system_.spawn<LaneActor, caf::detached>(std::ref(surroundings_), opened_);
      reader_ =
          system_.spawn<ReaderActor, caf::detached>(std::ref(surroundings_), std::ref(raw_store));
      scanner_ =
          system_.spawn<ReaderActor, caf::detached>(std::ref(surroundings_), std::ref(raw_store));
    }
    reads_.ask(lane_, reader_, scanner_);
    await_lane();
  }

  // Customers that still have messages end with the actor system; what they refer to is above it.
  ~System() {
    tell_lane(Leave{});
    await_end(lane_);
    for (caf::actor* const reader : {&scanner_, &reader_}) {
      caf::anon_send_exit(*reader, caf::exit_reason::user_shutdown);
      await_end(*reader);
    }
    surroundings_.directory.clear();
  }

  void run(std::size_t most = SIZE_MAX) {
    if (!surroundings_.options.deterministic) return;
    dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler()).run(most);
  }

  template <class Message>
  void tell_lane(Message message) {
    caf::anon_send(lane_, std::move(message));
  }

  Surroundings& surroundings() { return surroundings_; }
  Reads& reads() { return reads_; }

 private:
  // The lane takes over who is awake in its first turn: whoever asks before would be told what the
  // tables say, which are behind.
  void await_lane() {
    auto begun = std::make_shared<std::promise<void>>();
    tell_lane(RunThere{[begun] { begun->set_value(); }});
    run();
    begun->get_future().wait();
  }

  void await_end(caf::actor& actor) {
    run();
    if (!surroundings_.options.deterministic) {
      caf::scoped_actor self(system_);
      self->wait_for(actor);
    }
    actor = nullptr;
  }

  std::shared_ptr<storage::OpenedStore> opened_;
  Surroundings surroundings_;
  Reads reads_{surroundings_};
  SystemConfig config_;
  caf::actor_system system_;
  caf::actor lane_, reader_, scanner_;
};

Engine::Engine(storage::OpenedStore store, EngineOptions options, EngineEvents events)
    : system_(std::make_unique<System>(std::move(store), std::move(options), std::move(events))) {}

Engine::~Engine() = default;

const Books& Engine::books() const {
  return system_->surroundings().books;
}

// --- what changes something -----------------------------------------------------------------

void Engine::usage(std::shared_ptr<UsageBatch> batch) {
  system_->tell_lane(Submit{make_request(std::move(batch))});
}
void Engine::webhook(WebhookRequest request) {
  system_->tell_lane(Submit{make_request(std::move(request))});
}
void Engine::customer(CustomerRequest request) {
  system_->tell_lane(Submit{make_request(std::move(request))});
}
void Engine::operator_act(ChargeRequest<OperatorAct> request) {
  system_->tell_lane(Submit{make_request(std::move(request))});
}
void Engine::settlement(ChargeRequest<Settlement> request) {
  system_->tell_lane(Submit{make_request(std::move(request))});
}

// --- what only looks ------------------------------------------------------------------------

void Engine::view(std::string customer_id, OnView on_view) {
  system_->reads().view(std::move(customer_id), std::move(on_view));
}
void Engine::show(std::string customer_id, OnShow on_show) {
  system_->reads().show(std::move(customer_id), std::move(on_show));
}
void Engine::authorize(std::string customer_id, std::int64_t tokens, OnAuthorized on_authorized) {
  system_->reads().authorize(std::move(customer_id), tokens, std::move(on_authorized));
}
void Engine::customers(CustomersQuery query, OnCustomers on_page) {
  system_->reads().customers(std::move(query), std::move(on_page));
}
void Engine::charges(ChargesQuery query, OnCharges on_page) {
  system_->reads().charges(std::move(query), std::move(on_page));
}
void Engine::charges_to_settle(std::string after, std::size_t most, OnCharges on_charges) {
  system_->reads().charges_to_settle(std::move(after), most, std::move(on_charges));
}
void Engine::hashes(std::optional<Instant> at, OnHashes on_hashes) {
  system_->reads().hashes(at, std::move(on_hashes));
}

EngineFigures Engine::figures() const {
  const Surroundings& from = system_->surroundings();
  return {from.commits,   from.entries, from.directory.size(),
          from.set_aside, from.woken,   from.put_to_sleep};
}

// --- the end, and running it by hand --------------------------------------------------------

storage::StoreStatus Engine::stop() {
  auto done = std::make_shared<std::promise<storage::StoreStatus>>();
  system_->tell_lane(
      WriteAll{[done](storage::StoreStatus failed) { done->set_value(std::move(failed)); }, true});
  system_->run();
  auto stopped = done->get_future();
  const bool is_ready = stopped.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  RECKONER_CHECK(is_ready || !system_->surroundings().options.deterministic,
                 "the engine has nothing more to do, and has not ended");
  return stopped.get();
}

void Engine::run(std::size_t most) {
  system_->run(most);
}

Status Engine::change_book(std::optional<Instant> from, const Book& book) {
  Status done = Error{"not_deterministic", "a running engine keeps its book"};
  if (!system_->surroundings().options.deterministic) return done;
  system_->tell_lane(ChangeBook{from, &book, &done});
  system_->run();
  return done;
}

void Engine::tick() {
  system_->tell_lane(Tick{});
  system_->run();
}

}  // namespace reckoner::actors
