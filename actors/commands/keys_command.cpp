#include "actors/commands/keys_command.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "actors/commands/store_flags.hpp"
#include "actors/commands/text_table.hpp"
#include "actors/console/failure.hpp"
#include "actors/console/standard_output.hpp"
#include "actors/keys/api_key.hpp"
#include "actors/keys/scopes.hpp"
#include "engine/basics/ids.hpp"
#include "storage/format/record_scan.hpp"
#include "storage/format/records.hpp"

namespace reckoner::commands {
namespace {

using console::end_with;
using console::kDone;
using console::kFailed;
using console::kWrongUsage;
using storage::ApiKeyRecord;
using storage::StoreStatus;
using storage::Table;

struct KeysFlags {
  StoreFlags store;
  std::vector<std::string> scopes;
  std::string name, id;
};

Instant now() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::microseconds>(since_1970).count()};
}

// A store is made by the engine, which knows how many shards and which prices it shall have.
int end_without_store(storage::StoreError error, const StoreFlags& flags) {
  if (error.code == "not_found" || error.code == "no_store")
    error.detail += "; `reckoner serve` makes the store: start it first, then make keys beside it";
  return end_with_failure(error, flags);
}

StoreStatus open(const StoreFlags& flags, bool read_only, std::unique_ptr<storage::Store>& store,
                 std::unique_ptr<storage::Reader>& reader) {
  storage::StoreOptions options = store_options(flags);
  options.read_only = read_only;
  if (StoreStatus failed = open_store(options, store)) return failed;
  return store->open_reader(reader);
}

StoreStatus write(storage::Store& store, const std::string& id, const ApiKeyRecord& record) {
  storage::Batch batch;
  batch.put(Table::api_keys, id, encode_record(id, record));
  return store.commit_beside(batch);
}

// --- create -------------------------------------------------------------------------------------

Result<keys::Scopes> scopes_of(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ",") + text;
  return keys::parse_scopes(all);
}

StoreStatus make_unused_key(storage::Reader& reader, keys::ApiKey& key) {
  std::optional<std::string> taken;
  do {
    key = keys::make_api_key();
    if (StoreStatus failed = reader.get(Table::api_keys, key.id, taken)) return failed;
  } while (taken);
  return {};
}

int create(const KeysFlags& flags) {
  const Result<keys::Scopes> scopes = scopes_of(flags.scopes);
  if (!scopes) return end_with(kWrongUsage, "--scope is " + scopes.error().detail);
  if (!flags.name.empty() && !is_valid_id(flags.name))
    return end_with(kWrongUsage,
                    "--name is too long, or holds what cannot be printed; it takes up to 255 bytes "
                    "of UTF-8 without control characters");
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<storage::Reader> reader;
  if (StoreStatus failed = open(flags.store, false, store, reader))
    return end_without_store(*failed, flags.store);
  keys::ApiKey key;
  if (StoreStatus failed = make_unused_key(*reader, key)) return end_with_failure(*failed);
  reader.reset();
  const ApiKeyRecord record{
      flags.name, keys::scope_bits(*scopes), keys::secret_hash(key.secret), now(), {}};
  if (StoreStatus failed = write(*store, key.id, record)) return end_with_failure(*failed);
  const Status printed = console::write_standard_output(key.text() + '\n');
  if (printed) return kDone;
  return end_with(kFailed, printed.error().detail + "; the key " + key.id +
                               " is made and nobody has it: `reckoner keys revoke " + key.id + '`');
}

// --- list ---------------------------------------------------------------------------------------

int list(const KeysFlags& flags) {
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<storage::Reader> reader;
  if (StoreStatus failed = open(flags.store, true, store, reader))
    return end_without_store(*failed, flags.store);
  std::vector<std::pair<std::string, ApiKeyRecord>> found;
  if (StoreStatus failed = scan_records(
          *reader, Table::api_keys, storage::decode_api_key,
          [&](std::string_view id, const ApiKeyRecord& record) { found.emplace_back(id, record); }))
    return end_with_failure(*failed);
  std::ranges::stable_sort(found, {}, [](const auto& key) { return key.second.created; });
  TextTable table({"id", "scopes", "created", "revoked", "name"});
  for (const auto& [id, record] : found)
    table.row({id, keys::scopes_text(keys::scopes_of_bits(record.scopes)),
               format_instant(record.created),
               record.revoked ? format_instant(*record.revoked) : "-", record.name});
  const Status written =
      console::write_standard_output(found.empty() ? "there are no keys\n" : table.text());
  return written ? kDone : end_with(kFailed, written.error().detail);
}

// --- revoke -------------------------------------------------------------------------------------

int revoke(const KeysFlags& flags) {
  // Whoever finds a key somewhere may paste all of it. What is neither is not shown: it may be
  // most of a key.
  const auto parts = keys::split_api_key(flags.id);
  const std::string id = parts ? std::string(parts->id) : flags.id;
  if (!keys::is_key_id(id))
    return end_with(kWrongUsage,
                    "ID is not the id of a key; it takes the 8 letters behind rk_, as "
                    "`reckoner keys list` shows them");
  std::unique_ptr<storage::Store> store;
  std::unique_ptr<storage::Reader> reader;
  if (StoreStatus failed = open(flags.store, false, store, reader))
    return end_without_store(*failed, flags.store);
  std::optional<std::string> value;
  if (StoreStatus failed = reader->get(Table::api_keys, id, value))
    return end_with_failure(*failed);
  reader.reset();
  if (!value)
    return end_with(kFailed,
                    "there is no key " + id + "; `reckoner keys list` shows those there are");
  // One whose record is damaged counts for nothing, and shall not come back.
  ApiKeyRecord record = storage::decode_api_key(id, *value).value_or(ApiKeyRecord{});
  if (record.revoked)
    return end_with(kDone, fmt::format("the key {} was revoked already, at {}", id,
                                       format_instant(*record.revoked)));
  record.revoked = now();
  if (StoreStatus failed = write(*store, id, record)) return end_with_failure(*failed);
  return end_with(kDone, "the key " + id + " is revoked");
}

}  // namespace

void add_keys_commands(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<KeysFlags>();
  CLI::App* group =
      app.add_subcommand("keys", "API keys. Works on a stopped store and beside a running engine");
  group->require_subcommand(1);
  CLI::App* create_command =
      group->add_subcommand("create", "Makes a key and prints it: it is shown only this once");
  create_command
      ->add_option("--scope", flags->scopes,
                   "what the key may do: usage, read, admin; several times, or with commas")
      ->type_name("S")
      ->required()
      ->allow_extra_args(false);
  create_command->add_option("--name", flags->name, "whose key it is, for people")->type_name("N");
  add_store_flags(*create_command, flags->store);
  create_command->callback([flags, &exit_code] { exit_code = create(*flags); });
  CLI::App* list_command = group->add_subcommand("list", "All keys, without their secrets");
  add_store_flags(*list_command, flags->store);
  list_command->callback([flags, &exit_code] { exit_code = list(*flags); });
  CLI::App* revoke_command =
      group->add_subcommand("revoke", "Makes a key worthless; an engine knows within a second");
  revoke_command->add_option("ID", flags->id, "the key's id")->required();
  add_store_flags(*revoke_command, flags->store);
  revoke_command->callback([flags, &exit_code] { exit_code = revoke(*flags); });
}

}  // namespace reckoner::commands
