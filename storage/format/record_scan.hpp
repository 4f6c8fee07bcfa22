// Going through a whole table of records.
#pragma once

#include <string_view>

#include "storage/format/sealed.hpp"
#include "storage/store/store.hpp"

namespace reckoner::storage {

// Hands each record of a table to keep(key, record), in order of key; `decode` makes one of a key
// and a value, or nothing where it is damaged. `reader` is a Reader or a FreshReader.
template <class AnyReader, class Decode, class Keep>
StoreStatus scan_records(AnyReader& reader, Table table, Decode decode, Keep keep) {
  StoreStatus wrong;
  StoreStatus failed = reader.scan(table, {}, [&](std::string_view key, std::string_view value) {
    const auto record = decode(key, value);
    if (record) {
      keep(key, *record);
    } else {
      wrong = damaged(table, key);
    }
    return !wrong;
  });
  return failed ? failed : wrong;
}

}  // namespace reckoner::storage
