// Records by id, in memory: found by hash, gone through in byte order of id.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "engine/basics/id_index.hpp"
#include "engine/basics/stable_vector.hpp"

namespace reckoner {

// `Record` has a member `id` that compares with a string_view and never changes.
template <class Record>
class RecordTable {
 public:
  // Null: there is none. Records stay where they are.
  Record* find(std::string_view id) {
    const auto is = [&](std::uint32_t place) { return records_[place].id == id; };
    const std::uint32_t place = index_.find(IdIndex::hash(id), is);
    return place == IdIndex::kNone ? nullptr : &records_[place];
  }

  Record& find_or_add(std::string_view id) {
    if (Record* known = find(id)) return *known;
    const auto place = static_cast<std::uint32_t>(records_.size());
    Record& added = records_.push_back(Record());
    added.id = id;
    index_.add(IdIndex::hash(id), place,
               [this](std::uint32_t p) { return IdIndex::hash(records_[p].id); });
    return added;
  }

  std::size_t size() const { return records_.size(); }
  std::vector<const Record*> sorted() const {
    std::vector<const Record*> out;
    out.reserve(records_.size());
    for (const Record& record : records_) out.push_back(&record);
    std::sort(out.begin(), out.end(),
              [](const Record* a, const Record* b) { return a->id < b->id; });
    return out;
  }

 private:
  StableVector<Record> records_;
  IdIndex index_;
};

}  // namespace reckoner
