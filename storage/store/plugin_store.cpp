#include "storage/store/plugin_store.hpp"

#include <cstring>
#include <exception>
#include <utility>

#include "storage/sdk/plugin.hpp"
#include "storage/store/secrets.hpp"

namespace reckoner::storage {
namespace {

using sdk::to_bytes;
using sdk::to_view;
using Plugin = PluginStore::Plugin;

// --- callbacks: an exception ends the scan on the plugin's side and goes on on ours -----------

template <class Function>
struct Callback {
  const Function& function;
  std::exception_ptr thrown;

  template <class Call>
  std::int32_t run(Call call) noexcept {
    try {
      return call() ? 0 : 1;
    } catch (...) {
      thrown = std::current_exception();
      return 1;
    }
  }
  void rethrow() const {
    if (thrown) std::rethrow_exception(thrown);
  }
};

template <class Function>
Callback<Function>& callback(void* context) {
  return *static_cast<Callback<Function>*>(context);
}

std::int32_t row_came(void* context, reckoner_bytes key, reckoner_bytes value) {
  auto& to = callback<OnRow>(context);
  return to.run([&] { return to.function(to_view(key), to_view(value)); });
}

std::int32_t block_came(void* context, std::uint64_t first, std::uint32_t count,
                        reckoner_bytes block) {
  auto& to = callback<OnBlock>(context);
  return to.run([&] { return to.function(first, count, to_view(block)); });
}

std::int32_t progress_came(void* context, std::uint64_t done, std::uint64_t total,
                           const char* what) {
  auto& to = callback<OnProgress>(context);
  return to.run([&] {
    if (to.function) to.function(done, total, what == nullptr ? "" : what);
    return true;
  });
}

std::int32_t damage_came(void* context, const char* where, const char* what) {
  auto& to = callback<OnDamage>(context);
  return to.run([&] {
    to.function(where == nullptr ? "" : where, what == nullptr ? "" : what);
    return true;
  });
}

// --- calls --------------------------------------------------------------------------------------

template <class Call>
StoreStatus called(const Plugin& plugin, Call call) {
  reckoner_error error{};
  const reckoner_status status = call(&error);
  if (status == RECKONER_OK) return {};
  return plugin_error(status, error, plugin.secrets);
}

template <class Function, class Call>
StoreStatus called_back(const Plugin& plugin, const Function& function, Call call) {
  Callback<Function> to{function, nullptr};
  StoreStatus status =
      called(plugin, [&](reckoner_error* error) { return call(static_cast<void*>(&to), error); });
  to.rethrow();
  return status;
}

class PluginReader : public Reader {
 public:
  PluginReader(std::shared_ptr<const Plugin> plugin, reckoner_reader* reader)
      : plugin_(std::move(plugin)), reader_(reader) {}
  ~PluginReader() override { plugin_->table.close_reader(reader_); }
  PluginReader(const PluginReader&) = delete;
  PluginReader& operator=(const PluginReader&) = delete;

  StoreStatus refresh() override {
    return called(*plugin_,
                  [this](reckoner_error* error) { return plugin_->table.refresh(reader_, error); });
  }

  StoreStatus get(Table table, std::string_view key, std::optional<std::string>& value) override {
    value.reset();
    const OnRow keep = [&value](std::string_view, std::string_view found) {
      value.emplace(found);
      return true;
    };
    return called_back(*plugin_, keep, [&](void* context, reckoner_error* error) {
      return plugin_->table.get(reader_, static_cast<std::uint32_t>(table), to_bytes(key), row_came,
                                context, error);
    });
  }

  StoreStatus scan(Table table, std::string_view from, const OnRow& on_row) override {
    return called_back(*plugin_, on_row, [&](void* context, reckoner_error* error) {
      return plugin_->table.scan(reader_, static_cast<std::uint32_t>(table), to_bytes(from),
                                 row_came, context, error);
    });
  }

  StoreStatus scan_journal(std::uint32_t shard, std::uint64_t from_sequence,
                           const OnBlock& on_block) override {
    return called_back(*plugin_, on_block, [&](void* context, reckoner_error* error) {
      return plugin_->table.scan_journal(reader_, shard, from_sequence, block_came, context, error);
    });
  }

 private:
  std::shared_ptr<const Plugin> plugin_;
  reckoner_reader* reader_;
};

// The batch as the contract has it; `operations` keeps what it points to.
reckoner_batch lent(const Batch& batch, std::uint32_t timeout_ms,
                    std::vector<reckoner_operation>& operations) {
  operations.reserve(batch.size());
  for (const Batch::Operation& each : batch.operations())
    operations.push_back({each.kind, each.target, each.first_sequence, each.count, 0,
                          to_bytes(each.key), to_bytes(each.value)});
  return {sizeof(reckoner_batch), timeout_ms,        batch.claims().data(),
          batch.claims().size(),  operations.data(), operations.size()};
}

template <std::size_t Size>
std::string text_of(const char (&text)[Size]) {
  return {text, strnlen(text, Size)};
}

const char* name_of(Fault fault) {
  switch (fault) {
    case Fault::fenced:
      return "fenced";
    case Fault::wrong_sequence:
      return "wrong_sequence";
    case Fault::full:
      return "full";
    case Fault::retry:
      return "retry";
    case Fault::in_doubt:
      return "in_doubt";
    case Fault::held:
      return "held";
    case Fault::fatal:
      break;
  }
  return "fatal";
}

}  // namespace

StoreError plugin_error(reckoner_status status, const reckoner_error& error,
                        const std::vector<std::string>& secrets) {
  StoreError out{Fault::fatal, text_of(error.code),
                 without_secrets(text_of(error.detail), secrets)};
  if (status > RECKONER_OK && status <= RECKONER_HELD)
    out.fault = static_cast<Fault>(status);
  else
    out.detail += " (status " + std::to_string(status) + ", which the contract does not have)";
  if (out.code.empty()) out.code = name_of(out.fault);
  return out;
}

PluginStore::PluginStore(Plugin plugin, reckoner_store* store)
    : plugin_(std::make_shared<const Plugin>(std::move(plugin))), store_(store) {}

PluginStore::~PluginStore() {
  plugin_->table.close(store_);
}

StoreStatus PluginStore::lock(std::string_view owner, bool take_over) {
  return called(*plugin_, [&](reckoner_error* error) {
    return plugin_->table.lock(store_, to_bytes(owner), take_over ? 1 : 0, error);
  });
}

StoreStatus PluginStore::take_epochs(std::vector<ShardState>& states) {
  StoreInfo about;
  if (StoreStatus failed = info(about)) return failed;
  std::vector<reckoner_shard_state> taken(about.shards);
  if (StoreStatus failed = called(*plugin_, [&](reckoner_error* error) {
        return plugin_->table.take_epochs(store_, taken.data(), error);
      }))
    return failed;
  states.clear();
  for (const reckoner_shard_state& each : taken) states.push_back({each.epoch, each.last_sequence});
  return {};
}

StoreStatus PluginStore::commit(std::uint32_t lane, const Batch& batch) {
  std::vector<reckoner_operation> operations;
  const reckoner_batch to_commit = lent(batch, plugin_->timeout_ms, operations);
  return called(*plugin_, [&](reckoner_error* error) {
    return plugin_->table.commit(store_, lane, &to_commit, error);
  });
}

StoreStatus PluginStore::commit_aside(const Batch& batch) {
  std::vector<reckoner_operation> operations;
  const reckoner_batch to_commit = lent(batch, plugin_->timeout_ms, operations);
  return called(*plugin_, [&](reckoner_error* error) {
    return plugin_->table.commit_aside(store_, &to_commit, error);
  });
}

StoreStatus PluginStore::commit_beside(const Batch& batch) {
  std::vector<reckoner_operation> operations;
  const reckoner_batch to_commit = lent(batch, plugin_->timeout_ms, operations);
  return called(*plugin_, [&](reckoner_error* error) {
    return plugin_->table.commit_beside(store_, &to_commit, error);
  });
}

StoreStatus PluginStore::shard_state(std::uint32_t shard, ShardState& state) {
  reckoner_shard_state found{};
  StoreStatus status = called(*plugin_, [&](reckoner_error* error) {
    return plugin_->table.shard_state(store_, shard, &found, error);
  });
  if (!status) state = {found.epoch, found.last_sequence};
  return status;
}

StoreStatus PluginStore::open_reader(std::unique_ptr<Reader>& reader) {
  reckoner_reader* opened = nullptr;
  StoreStatus status = called(*plugin_, [&](reckoner_error* error) {
    return plugin_->table.open_reader(store_, &opened, error);
  });
  if (!status) reader = std::make_unique<PluginReader>(plugin_, opened);
  return status;
}

StoreStatus PluginStore::info(StoreInfo& info) {
  reckoner_store_info found{};
  found.struct_size = sizeof found;
  StoreStatus status = called(
      *plugin_, [&](reckoner_error* error) { return plugin_->table.info(store_, &found, error); });
  if (status) return status;
  info = {found.schema_version, found.schema_newest, found.shards,          found.lanes,
          found.bytes_used,     std::nullopt,        text_of(found.engine), {}};
  if (found.bytes_free != UINT64_MAX) info.bytes_free = found.bytes_free;
  info.place = without_secrets(text_of(found.place), plugin_->secrets);
  return {};
}

StoreStatus PluginStore::migrate(const OnProgress& on_progress) {
  return called_back(*plugin_, on_progress, [&](void* context, reckoner_error* error) {
    return plugin_->table.migrate(store_, progress_came, context, error);
  });
}

StoreStatus PluginStore::check(const OnDamage& on_damage) {
  return called_back(*plugin_, on_damage, [&](void* context, reckoner_error* error) {
    return plugin_->table.check(store_, damage_came, context, error);
  });
}

}  // namespace reckoner::storage
