// A store as simple as can be, to hold others against: maps, copied whole by each reader.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "storage/store/store.hpp"

namespace reckoner::properties {

struct ModelBlock {
  std::uint32_t count;
  std::string bytes;
};

struct ModelData {
  std::map<storage::Table, std::map<std::string, std::string>> tables;
  struct Shard {
    storage::ShardState state;
    std::map<std::uint64_t, ModelBlock> blocks;  // by first sequence
  };
  std::vector<Shard> shards;
};

// What handles have in common.
struct Model {
  explicit Model(std::size_t shards) { data.shards.resize(shards); }
  ModelData data;
  const void* holder = nullptr;
};

std::unique_ptr<storage::Store> open_model(std::shared_ptr<Model> model);

}  // namespace reckoner::properties
