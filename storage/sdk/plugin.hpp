// For those who write a storage plugin in C++: derive from Driver and Reader, throw Failure where
// something is wrong, and end one source file with
//
//   RECKONER_STORAGE_PLUGIN("sqlite", "0.1.0", open_sqlite)
//
// where `std::unique_ptr<Driver> open_sqlite(const OpenOptions&)` opens a store. What the calls
// promise is said in contract/reckoner_storage.h. Header only; uses nothing but the contract.
#pragma once

#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <string>
#include <string_view>

#include "storage/contract/reckoner_storage.h"

namespace reckoner::storage::sdk {

inline reckoner_bytes to_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view to_view(reckoner_bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data), bytes.size};
}

// What a call throws when it fails. Anything else that is thrown counts as fatal.
struct Failure {
  reckoner_status status;
  std::string code;
  std::string detail;
};

template <std::size_t Size>
void copy_text(char (&to)[Size], std::string_view text) {
  const std::size_t size = text.size() < Size ? text.size() : Size - 1;
  if (size > 0) std::memcpy(to, text.data(), size);
  to[size] = '\0';
}

struct OpenOptions {
  std::string url;
  bool create, read_only, migrating;
  std::uint32_t shards, timeout_ms;
};

// Callbacks; each returns false where the host wants no more.
struct OnRow {
  reckoner_on_row call;
  void* context;
  bool operator()(std::string_view key, std::string_view value) const {
    return call(context, to_bytes(key), to_bytes(value)) == 0;
  }
};
struct OnBlock {
  reckoner_on_block call;
  void* context;
  bool operator()(std::uint64_t first, std::uint32_t count, std::string_view block) const {
    return call(context, first, count, to_bytes(block)) == 0;
  }
};
struct OnProgress {
  reckoner_on_progress call;
  void* context;
  bool operator()(std::uint64_t done, std::uint64_t total, const std::string& what) const {
    return call == nullptr || call(context, done, total, what.c_str()) == 0;
  }
};
struct OnDamage {
  reckoner_on_damage call;
  void* context;
  bool operator()(const std::string& where, const std::string& what) const {
    return call(context, where.c_str(), what.c_str()) == 0;
  }
};

class Reader {
 public:
  virtual ~Reader() = default;
  virtual void refresh() = 0;
  virtual void get(std::uint32_t table, std::string_view key, OnRow on_row) = 0;
  virtual void scan(std::uint32_t table, std::string_view from, OnRow on_row) = 0;
  virtual void scan_journal(std::uint32_t shard, std::uint64_t from_sequence, OnBlock on_block) = 0;
};

class Driver {
 public:
  virtual ~Driver() = default;
  virtual void lock(std::string_view owner, bool take_over) = 0;
  virtual void take_epochs(reckoner_shard_state* states) = 0;
  virtual void commit(std::uint32_t lane, const reckoner_batch& batch) = 0;
  virtual void commit_aside(const reckoner_batch& batch) = 0;
  virtual void commit_beside(const reckoner_batch& batch) = 0;
  virtual reckoner_shard_state shard_state(std::uint32_t shard) = 0;
  virtual std::unique_ptr<Reader> open_reader() = 0;
  virtual void info(reckoner_store_info& info) = 0;
  virtual void migrate(OnProgress on_progress) = 0;
  virtual void check(OnDamage on_damage) = 0;
};

using OpenDriver = std::unique_ptr<Driver> (*)(const OpenOptions&);

// --- from here on: how the above becomes the contract's functions ---------------------------

template <class Call>
reckoner_status guarded(reckoner_error* error, Call call) noexcept {
  const auto failed = [error](reckoner_status status, std::string_view code,
                              std::string_view detail) {
    copy_text(error->code, code);
    copy_text(error->detail, detail);
    return status;
  };
  try {
    call();
    return RECKONER_OK;
  } catch (const Failure& failure) {
    return failed(failure.status, failure.code, failure.detail);
  } catch (const std::bad_alloc&) {
    return failed(RECKONER_FATAL, "out_of_memory", "the plugin is out of memory");
  } catch (const std::exception& thrown) {
    return failed(RECKONER_FATAL, "plugin_failed", thrown.what());
  } catch (...) {
    return failed(RECKONER_FATAL, "plugin_failed", "the plugin threw something unknown");
  }
}

inline Driver* driver(reckoner_store* store) {
  return reinterpret_cast<Driver*>(store);
}
inline Reader* reader(reckoner_reader* handle) {
  return reinterpret_cast<Reader*>(handle);
}

template <OpenDriver open>
reckoner_status open_store(const reckoner_open_options* options, reckoner_store** store,
                           reckoner_error* error) noexcept {
  return guarded(error, [&] {
    const auto flag = [&](std::uint32_t bit) { return (options->flags & bit) != 0; };
    *store = reinterpret_cast<reckoner_store*>(
        open({std::string(to_view(options->url)), flag(RECKONER_OPEN_CREATE),
              flag(RECKONER_OPEN_READ_ONLY), flag(RECKONER_OPEN_MIGRATING), options->shards,
              options->timeout_ms})
            .release());
  });
}

template <OpenDriver open>
void fill_handles(reckoner_storage_plugin& plugin) {
  plugin.open = open_store<open>;
  plugin.close = [](reckoner_store* store) { delete driver(store); };
  plugin.open_reader = [](reckoner_store* store, reckoner_reader** out, reckoner_error* error) {
    return guarded(error, [&] {
      *out = reinterpret_cast<reckoner_reader*>(driver(store)->open_reader().release());
    });
  };
  plugin.close_reader = [](reckoner_reader* handle) { delete reader(handle); };
}

inline void fill_writing(reckoner_storage_plugin& plugin) {
  plugin.lock = [](reckoner_store* store, reckoner_bytes owner, std::int32_t take_over,
                   reckoner_error* error) {
    return guarded(error, [&] { driver(store)->lock(to_view(owner), take_over != 0); });
  };
  plugin.take_epochs = [](reckoner_store* store, reckoner_shard_state* states,
                          reckoner_error* error) {
    return guarded(error, [&] { driver(store)->take_epochs(states); });
  };
  plugin.commit = [](reckoner_store* store, std::uint32_t lane, const reckoner_batch* batch,
                     reckoner_error* error) {
    return guarded(error, [&] { driver(store)->commit(lane, *batch); });
  };
  plugin.commit_aside = [](reckoner_store* store, const reckoner_batch* batch,
                           reckoner_error* error) {
    return guarded(error, [&] { driver(store)->commit_aside(*batch); });
  };
  plugin.commit_beside = [](reckoner_store* store, const reckoner_batch* batch,
                            reckoner_error* error) {
    return guarded(error, [&] { driver(store)->commit_beside(*batch); });
  };
  plugin.shard_state = [](reckoner_store* store, std::uint32_t shard, reckoner_shard_state* state,
                          reckoner_error* error) {
    return guarded(error, [&] { *state = driver(store)->shard_state(shard); });
  };
}

inline void fill_reading(reckoner_storage_plugin& plugin) {
  plugin.refresh = [](reckoner_reader* handle, reckoner_error* error) {
    return guarded(error, [&] { reader(handle)->refresh(); });
  };
  plugin.get = [](reckoner_reader* handle, std::uint32_t table, reckoner_bytes key,
                  reckoner_on_row on_row, void* context, reckoner_error* error) {
    return guarded(error, [&] { reader(handle)->get(table, to_view(key), {on_row, context}); });
  };
  plugin.scan = [](reckoner_reader* handle, std::uint32_t table, reckoner_bytes from,
                   reckoner_on_row on_row, void* context, reckoner_error* error) {
    return guarded(error, [&] { reader(handle)->scan(table, to_view(from), {on_row, context}); });
  };
  plugin.scan_journal = [](reckoner_reader* handle, std::uint32_t shard, std::uint64_t from,
                           reckoner_on_block on_block, void* context, reckoner_error* error) {
    return guarded(error, [&] { reader(handle)->scan_journal(shard, from, {on_block, context}); });
  };
}

inline void fill_care(reckoner_storage_plugin& plugin) {
  plugin.info = [](reckoner_store* store, reckoner_store_info* info, reckoner_error* error) {
    return guarded(error, [&] { driver(store)->info(*info); });
  };
  plugin.migrate = [](reckoner_store* store, reckoner_on_progress on_progress, void* context,
                      reckoner_error* error) {
    return guarded(error, [&] { driver(store)->migrate({on_progress, context}); });
  };
  plugin.check = [](reckoner_store* store, reckoner_on_damage on_damage, void* context,
                    reckoner_error* error) {
    return guarded(error, [&] { driver(store)->check({on_damage, context}); });
  };
}

template <OpenDriver open>
reckoner_status fill_plugin(const char* name, const char* version, std::uint32_t host_version,
                            reckoner_storage_plugin* plugin, reckoner_error* error) {
  if (host_version != RECKONER_STORAGE_CONTRACT_VERSION) {
    copy_text(error->code, "contract_version");
    copy_text(error->detail, "the program speaks version " + std::to_string(host_version) +
                                 " of the storage contract, the plugin " + name + " version " +
                                 std::to_string(RECKONER_STORAGE_CONTRACT_VERSION));
    return RECKONER_FATAL;
  }
  plugin->contract_version = RECKONER_STORAGE_CONTRACT_VERSION;
  plugin->name = name;
  plugin->version = version;
  fill_handles<open>(*plugin);
  fill_writing(*plugin);
  fill_reading(*plugin);
  fill_care(*plugin);
  return RECKONER_OK;
}

}  // namespace reckoner::storage::sdk

#define RECKONER_STORAGE_PLUGIN(NAME, VERSION, OPEN)                                              \
  extern "C" reckoner_status reckoner_storage_plugin_v1(                                          \
      std::uint32_t host_version, reckoner_storage_plugin* plugin, reckoner_error* error) {       \
    return reckoner::storage::sdk::fill_plugin<OPEN>(NAME, VERSION, host_version, plugin, error); \
  }
