#include "plugins/sqlite/driver.hpp"

RECKONER_STORAGE_PLUGIN("sqlite", "0.1.0", reckoner::storage::sqlite::open_sqlite)
